/**
 * Root modules that give each other values: before any apply, an output of one is what the offline apply makes of it, and
 * stands for the placeholder with which the other one was planned.
 */
import { basename, resolve } from "node:path";
import { InvalidInputError, show } from "../../input/problems";
import type { AccountNames } from "../providerAccounts";
import { completePlan } from "./completedPlan";
import type { TerraformFile } from "./terraformFile";

/** Variables by name, each with the output that it is to be: `<root>.<output>`. */
export type LinkedVariables = ReadonlyMap<string, string>;

const OUTPUT = "output:";
/** A shorter placeholder might stand in other texts too. */
const SHORTEST_PLACEHOLDER = 8;

/**
 * @param given Values of `--variable`: `<name>=output:<root>.<output>`.
 * @throws InvalidInputError for any other value.
 */
export function parseLinkedVariables(given: readonly string[]): LinkedVariables {
  const links = new Map<string, string>();
  const problems: string[] = [];
  for (const value of given) {
    const [, name, output] = /^([\w-]+)=output:([^=]+\.[\w-]+)$/.exec(value) ?? [];
    if (name !== undefined && output !== undefined) links.set(name, output);
    else {
      problems.push(
        `must be '<variable>=${OUTPUT}<directory>.<output>', an output of a --terraform-directory before, got ${show(value)}`,
      );
    }
  }
  if (problems.length > 0) throw new InvalidInputError("--variable", problems);
  return links;
}

/**
 * Completes the plans of root modules, one after the other.
 * @param variables Values of `--variable`.
 * @throws InvalidInputError where one of them cannot be completed.
 */
export async function completeRoots(
  roots: readonly { readonly directory: string; readonly plan: TerraformFile }[],
  variables: readonly string[],
  accounts: AccountNames,
): Promise<TerraformFile[]> {
  const links = parseLinkedVariables(variables);
  const outputs = new Map<string, unknown>();
  const files: TerraformFile[] = [];
  for (const { directory, plan } of roots) {
    const file = await completePlan(withOutputs(plan, links, outputs), directory, accounts);
    const root = basename(resolve(directory));
    for (const [name, value] of Object.entries(file.outputs ?? {})) outputs.set(`${root}.${name}`, value);
    files.push(file);
  }
  return files;
}

/**
 * A plan with what other roots put out in place of its placeholders.
 * @param outputs Of the roots before it, by `<root>.<output>`.
 * @throws InvalidInputError where an output is not there, or the placeholder cannot be told from other texts.
 */
export function withOutputs(
  file: TerraformFile,
  links: LinkedVariables,
  outputs: ReadonlyMap<string, unknown>,
): TerraformFile {
  const own = [...links].filter(([name]) => Object.hasOwn(file.variables, name));
  const replacements = own.map(([name, output]): [string, string] => {
    const placeholder = file.variables[name];
    const value = outputs.get(output);
    const problem =
      typeof value !== "string"
        ? `${show(output)} is no output with a text of a --terraform-directory before ${file.file}; the first part is the directory's name`
        : typeof placeholder !== "string" || placeholder.length < SHORTEST_PLACEHOLDER
          ? `the variable '${name}' of ${file.file} must be planned with a text of ${SHORTEST_PLACEHOLDER} characters or more in its place, such as an ARN that nobody else has`
          : undefined;
    if (problem !== undefined) throw new InvalidInputError("--variable", [problem]);
    return [placeholder as string, value as string];
  });
  if (replacements.length === 0) return file;
  const replaced = <T>(value: T): T => replaceTexts(value, replacements) as T;
  return {
    ...file,
    variables: replaced(file.variables),
    resources: file.resources.map((resource) => ({ ...resource, values: replaced(resource.values) })),
  };
}

function replaceTexts(value: unknown, replacements: readonly (readonly [string, string])[]): unknown {
  if (typeof value === "string") {
    return replacements.reduce((text, [from, to]) => text.replaceAll(from, () => to), value);
  }
  if (Array.isArray(value)) return value.map((inner) => replaceTexts(inner, replacements));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replaceTexts(inner, replacements)]),
  );
}
