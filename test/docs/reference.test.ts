/** The reference has every argument and output, from the schema that other languages see the package by. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertGenerated, plain, ROOT, table } from "./support/markdown";

interface Type {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Type;
  readonly additionalProperties?: Type;
}

interface Property extends Type {
  readonly description?: string;
  readonly optional?: boolean;
}

interface Described {
  readonly description?: string;
  readonly inputProperties?: Readonly<Record<string, Property>>;
  readonly properties?: Readonly<Record<string, Property>>;
}

interface PackageSchema {
  readonly resources: Readonly<Record<string, Described>>;
  readonly types: Readonly<Record<string, Described>>;
}

const schema = JSON.parse(
  readFileSync(join(ROOT, "schemas", "pulumi-package.json"), "utf8"),
) as PackageSchema;

const nameOf = (token: string) => token.split(":").at(-1) ?? token;

/** Types of the AWS provider, which its own documentation describes. */
const isOfAws = (token: string) => /^BucketNotification(Queue|Topic|LambdaFunction)$/.test(nameOf(token));

/** A type in words, with a link to its own table where it has one. */
function typeText({ type, $ref, items, additionalProperties }: Type): string {
  if ($ref !== undefined) {
    const name = nameOf($ref);
    const target = isOfAws(name)
      ? "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketnotification/"
      : `#${name.toLowerCase()}`;
    return `[${name}](${target})`;
  }
  if (items !== undefined) return `list of ${typeText(items)}`;
  if (additionalProperties !== undefined) return `map of ${typeText(additionalProperties)}`;
  return type ?? "any";
}

/** A description without what stands in the column of defaults. */
function rowOf([name, property]: [string, Property], withDefault: boolean): string[] {
  const [text = "", fallback] = (property.description ?? "").split(/\nDefault: /);
  const left = property.optional === true ? (fallback?.replace(/\.$/, "") ?? "-") : "**required**";
  return [`\`${name}\``, typeText(property), ...(withDefault ? [plain(left)] : []), plain(text)];
}

function argumentTable(properties: Readonly<Record<string, Property>>): string {
  const rows = Object.entries(properties).map((entry) => rowOf(entry, true));
  return table(["argument", "type", "default", "what it says"], rows);
}

function outputTable(properties: Readonly<Record<string, Property>>): string {
  const rows = Object.entries(properties).map((entry) => rowOf(entry, false));
  return table(["output", "type", "what it says"], rows);
}

describe("the reference", () => {
  const FILE = "docs/reference.md";

  it("has every argument and output of the components (write them anew with UPDATE_SCHEMAS=1)", () => {
    const parts = Object.entries(schema.resources).map(([token, { description, ...rest }]) =>
      [
        `### ${nameOf(token)}`,
        plain(description ?? ""),
        argumentTable(rest.inputProperties ?? {}),
        `Outputs of \`${nameOf(token)}\`:`,
        outputTable(rest.properties ?? {}),
      ].join("\n\n"),
    );
    assertGenerated(FILE, "components", parts.join("\n\n"));
  });

  it("has every type that arguments are made of", () => {
    const ours = Object.entries(schema.types).filter(([token]) => !isOfAws(token));
    const parts = ours.map(([token, { properties }]) =>
      [`### ${nameOf(token)}`, argumentTable(properties ?? {})].join("\n\n"),
    );
    assertGenerated(FILE, "types", parts.join("\n\n"));
  });
});
