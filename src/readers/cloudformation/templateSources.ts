/** Reads the templates that a command names, each with what the command says of its stack. */
import { basename, resolve } from "node:path";
import { readTextFile, subjectOf } from "../../files/textFile";
import { InvalidInputError } from "../../input/problems";
import type { TemplateStack } from "./fromTemplates";
import { withNested } from "./nestedTemplates";
import { readParameters } from "./parameters";
import { stackNameOf } from "./stackSettings";
import { parseTemplate } from "./template";

/** A template, and what is said of the stack that it makes. */
export interface TemplateSource {
  readonly file: string;
  /** Default: the file's name up to its first dot, as far as a stack may be called so. */
  stackName?: string;
  /** Account id. */
  account?: string;
  region?: string;
  /** Parameters, each `<name>=<value>`. */
  readonly parameter: string[];
  /** Files of parameters. */
  readonly parameters: string[];
}

/** What 'cdk synth' wrote, and what is said of its stacks. */
export interface AssemblySource {
  /** `cdk.out` */
  readonly directory: string;
  /** Region of stacks that are synthesised for any. */
  region?: string;
  /** Parameters, each `<name>=<value>` for every stack that has it, or `<stack>:<name>=<value>`. */
  readonly parameter: string[];
  /** Files of parameters. */
  readonly parameters: string[];
}

/** Megabytes; CloudFormation takes one. */
const LARGEST_TEMPLATE = 5;

/** @throws InvalidInputError where a file is no template, or nobody says where it is deployed. */
export async function readTemplateSources(sources: readonly TemplateSource[]): Promise<TemplateStack[]> {
  const stacks: TemplateStack[] = [];
  const files = new Set(sources.map(({ file }) => resolve(file)));
  for (const source of sources) {
    const { file, stackName, account, region } = source;
    const subject = subjectOf("--cloudformation", file);
    const text = await readTextFile("--cloudformation", file, LARGEST_TEMPLATE);
    const own = parseTemplate(text, subject, file);
    const template = await withNested(own, "--cloudformation", LARGEST_TEMPLATE, files);
    const missing = [
      ...(account === undefined
        ? ["its account is not known; say '--account <12-digit account id>' after it"]
        : []),
      ...(region === undefined ? ["its Region is not known; say '--region <Region>' after it"] : []),
    ];
    if (missing.length > 0) throw new InvalidInputError(subject, missing);
    stacks.push({
      template,
      stackName: stackName ?? stackNameOf(basename(file).split(".")[0] ?? ""),
      accountId: account ?? "",
      region: region ?? "",
      parameters: await readParameters(source),
    });
  }
  return stacks;
}
