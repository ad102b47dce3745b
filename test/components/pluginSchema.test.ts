/** schemas/pulumi-package.json, by which other languages see the package. */
import { deepStrictEqual } from "node:assert";
import { join } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as components from "../../src";
import { name as packageName } from "../../package.json";
import { assertWritten } from "../support/writtenFiles";

const ROOT = join(__dirname, "..", "..");
const FILE = join(ROOT, "schemas", "pulumi-package.json");

interface Property {
  readonly description?: string;
  readonly optional?: boolean;
}

/** A component or a type. */
interface Described {
  readonly inputProperties?: Readonly<Record<string, Property>>;
  readonly properties?: Readonly<Record<string, Property>>;
}

interface PackageSchema {
  readonly resources: Readonly<Record<string, Described>>;
  readonly types: Readonly<Record<string, Described>>;
}

/** Types of the AWS provider, which Pulumi writes into our schema in the provider's own words. */
const OF_AWS = /^BucketNotification(Queue|Topic|LambdaFunction)$/;

/** Where the properties of ours stand that are not as they should be. */
function propertiesWith(
  { resources, types }: PackageSchema,
  isWrong: (description: string, property: Property) => boolean,
): string[] {
  const ours = Object.entries({ ...resources, ...types }).filter(
    ([token]) => !OF_AWS.test(token.split(":")[2] ?? ""),
  );
  return ours.flatMap(([token, { inputProperties, properties }]) =>
    [...Object.entries(inputProperties ?? {}), ...Object.entries(properties ?? {})]
      .filter(([, property]) => isWrong(property.description ?? "", property))
      .map(([name]) => `${token.split(":")[2]}.${name}`),
  );
}

describe("the schema that other languages see the package by", () => {
  let schema: PackageSchema;

  before(async () => {
    const provider = new ComponentProvider({
      name: packageName,
      dirname: ROOT,
      components: getPulumiComponents(components),
    });
    schema = JSON.parse(await provider.getSchema()) as PackageSchema;
  });

  it("is what is published (write it anew with UPDATE_SCHEMAS=1)", () => assertWritten(FILE, schema));

  it("describes every property", () => {
    deepStrictEqual(
      propertiesWith(schema, (description) => description.trim() === ""),
      [],
    );
  });

  it("describes nothing in words that only TypeScript has", () => {
    deepStrictEqual(
      propertiesWith(schema, (description) => /\bundefined\b|\bnull\b|\{@|@\w+ /.test(description)),
      [],
    );
  });

  it("says of everything that can be left out what it then is", () => {
    deepStrictEqual(
      propertiesWith(
        schema,
        (description, { optional }) =>
          optional === true && !/\b(Default: \S|left out|none )/.test(description),
      ),
      [],
    );
  });
});
