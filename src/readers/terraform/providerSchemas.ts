/** What the providers of an initialised root module say of the attributes of their resources. */
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TemporaryDirectory } from "../../files/temporaryDirectory";
import { InvalidInputError } from "../../input/problems";
import type { Address } from "./address";
import { LOCK_FILE, lockedProviders, type OfflineTool, runOffline, SUBJECT } from "./offlineTool";

export interface Attribute {
  /** `string`, or a list with the type of its elements. */
  readonly type?: unknown;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

export type Attributes = Readonly<Record<string, Attribute>>;
/** Attributes of the type of a resource or data source, without its blocks; none of an unknown type. */
export type SchemaOf = (address: Address) => Attributes;

type Schemas = Readonly<Record<string, { readonly block?: { readonly attributes?: Attributes } }>>;
interface Provider {
  readonly resource_schemas?: Schemas;
  readonly data_source_schemas?: Schemas;
}

/** Of the program itself: `terraform_data`, `terraform_remote_state`. */
const BUILT_IN = "terraform.io/builtin/terraform";

/**
 * Asked for in a directory of its own, where no backend needs to be initialised.
 * @throws InvalidInputError where the providers do not tell.
 */
export async function readProviderSchemas(tool: OfflineTool, directory: string): Promise<SchemaOf> {
  const data = join(resolve(directory), ".terraform", "providers");
  const temporary = new TemporaryDirectory();
  const own = temporary.path;
  try {
    mkdirSync(join(own, ".terraform"));
    if (existsSync(data)) symlinkSync(data, join(own, ".terraform", "providers"));
    const lock = join(directory, LOCK_FILE);
    if (existsSync(lock)) copyFileSync(lock, join(own, LOCK_FILE));
    const sources = [...lockedProviders(directory), BUILT_IN];
    const required = Object.fromEntries(sources.map((source, index) => [`p${index}`, { source }]));
    writeFileSync(join(own, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
    const output = (await runOffline(tool, ["providers", "schema", "-json"], own)) ?? "";
    return schemaOf(output);
  } finally {
    temporary.remove();
  }
}

/** @param output What `tofu providers schema -json` prints, after warnings of the CLI configuration. */
function schemaOf(output: string): SchemaOf {
  let written: { readonly provider_schemas?: Readonly<Record<string, Provider>> };
  try {
    written = JSON.parse(output.slice(output.indexOf('{"'))) as typeof written;
  } catch {
    throw new InvalidInputError(SUBJECT, [
      "the providers do not tell their attributes; run 'tofu init' in the directory once more",
    ]);
  }
  const providers = Object.values(written.provider_schemas ?? {});
  return ({ isData, type }) => {
    for (const { resource_schemas: managed, data_source_schemas: data } of providers) {
      const found = (isData ? data : managed)?.[type];
      if (found !== undefined) return found.block?.attributes ?? {};
    }
    return {};
  };
}
