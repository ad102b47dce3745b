/** Templates of nested stacks that lie beside their parent's: before they are packaged, and where CDK puts them. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readTextFile } from "../../files/textFile";
import { InvalidInputError } from "../../input/problems";
import { parseTemplate, type Template, type TemplateResource } from "./template";

/** Stacks inside each other. */
const DEEPEST = 10;

export const NESTED_STACK = "AWS::CloudFormation::Stack";

/**
 * A template with those of its nested stacks, as far as they are files.
 * @param option That named the template, for errors.
 * @param others Files that are read by themselves, and not as a part of another.
 * @throws InvalidInputError where one of them is no template.
 */
export async function withNested(
  template: Template,
  option: string,
  megabytes: number,
  others: ReadonlySet<string> = new Set(),
  depth = 0,
): Promise<Template> {
  if (depth > DEEPEST) {
    throw new InvalidInputError(template.subject, [
      `its nested stacks must be at most ${DEEPEST} deep, and are deeper`,
    ]);
  }
  const nested = new Map<string, Template>();
  for (const resource of template.resources.values()) {
    const file = fileOf(resource, template.file);
    if (file === undefined || others.has(resolve(file))) continue;
    const text = await readTextFile(option, file, megabytes);
    const own = parseTemplate(text, `${option} ${file}`, file);
    nested.set(resource.logicalId, await withNested(own, option, megabytes, others, depth + 1));
  }
  return nested.size === 0 ? template : { ...template, nested };
}

/** The file of a nested stack's template; undefined where it lies in S3 alone. */
function fileOf({ type, assetPath, properties }: TemplateResource, parent: string): string | undefined {
  const { TemplateURL: url } = properties;
  const written = assetPath ?? url;
  if (type !== NESTED_STACK || typeof written !== "string" || /^[a-z0-9]+:\/\//i.test(written))
    return undefined;
  const file = join(dirname(parent), written);
  return existsSync(file) ? file : undefined;
}
