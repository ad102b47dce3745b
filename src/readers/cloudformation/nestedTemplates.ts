/** Templates of nested stacks that lie beside their parent's: before they are packaged, and where CDK puts them. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readJsonFile } from "../../files/jsonFile";
import { readTextFile } from "../../files/textFile";
import { InvalidInputError } from "../../input/problems";
import { at } from "../../resources/values";
import { parseTemplate, type Template, type TemplateResource } from "./template";

/** Stacks inside each other. */
const DEEPEST = 10;

export const NESTED_STACK = "AWS::CloudFormation::Stack";

/** How the files of a template's nested stacks are found and read. */
interface Reading {
  /** That named the template, for errors. */
  readonly option: string;
  readonly megabytes: number;
  /** Files that are read by themselves, and not as a part of another. */
  readonly others: ReadonlySet<string>;
  /** Files of CDK's assets by the hash that a TemplateURL names. */
  readonly assets: ReadonlyMap<string, string>;
}

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
): Promise<Template> {
  const assets = await assetsOf(template.file, option, megabytes);
  return nest(template, { option, megabytes, others, assets }, 0);
}

async function nest(template: Template, reading: Reading, depth: number): Promise<Template> {
  if (depth > DEEPEST) {
    throw new InvalidInputError(template.subject, [
      `its nested stacks must be at most ${DEEPEST} deep, and are deeper`,
    ]);
  }
  const { option, megabytes, others, assets } = reading;
  const nested = new Map<string, Template>();
  for (const resource of template.resources.values()) {
    const file = fileOf(resource, template.file, assets);
    if (file === undefined || others.has(resolve(file))) continue;
    const text = await readTextFile(option, file, megabytes);
    const own = parseTemplate(text, `${option} ${file}`, file);
    nested.set(resource.logicalId, await nest(own, reading, depth + 1));
  }
  return nested.size === 0 ? template : { ...template, nested };
}

/** The file of a nested stack's template; undefined where it lies in S3 alone. */
function fileOf(
  { type, assetPath, properties }: TemplateResource,
  parent: string,
  assets: ReadonlyMap<string, string>,
): string | undefined {
  if (type !== NESTED_STACK) return undefined;
  const { TemplateURL: url = null } = properties;
  const [hash = ""] = /\b[0-9a-f]{64}\b/.exec(JSON.stringify(url)) ?? [];
  const written = assetPath ?? assets.get(hash) ?? url;
  if (typeof written !== "string" || /^[a-z0-9]+:\/\//i.test(written)) return undefined;
  const file = join(dirname(parent), written);
  return existsSync(file) ? file : undefined;
}

/** What CDK writes beside a stack's template, of the files that it uploads. */
async function assetsOf(
  template: string,
  option: string,
  megabytes: number,
): Promise<ReadonlyMap<string, string>> {
  const manifest = template.replace(/\.template\.json$/, ".assets.json");
  if (manifest === template || !existsSync(manifest)) return new Map();
  const read = await readJsonFile(option, manifest, { megabytes, values: 100_000 });
  return new Map(
    Object.entries(at(read, "files") ?? {}).flatMap(([hash, file]) => {
      const path = at(file, "source", "path");
      return typeof path === "string" ? [[hash, path] as const] : [];
    }),
  );
}
