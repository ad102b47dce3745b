/** The test file with which Terraform completes a plan without AWS: everything overridden that would ask somebody. */
import type { TerraformResource } from "./terraformFile";

export interface Override {
  /** What it is about. */
  readonly resource: TerraformResource;
  /** Address in the test file. */
  readonly target: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What the test says in place of the provider that a user configured: no credentials, and no questions at the start. */
const PROVIDER = {
  access_key: "none",
  secret_key: "none",
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
  skip_metadata_api_check: true,
  skip_region_validation: true,
};

/** Arguments of a provider that lead to credentials; no override takes a block away. */
const OF_CREDENTIALS = ["profile", "token", "shared_config_files", "shared_credentials_files"];

function aliased(provider: string): { alias?: string } {
  const [, alias] = provider.split(".");
  return alias === undefined ? {} : { alias };
}

/**
 * A file that overrides the providers which a module configures by itself: a test says only those of the root. The module
 * says their Regions.
 */
export function moduleOverride(providers: readonly string[]): string {
  const nothing = Object.fromEntries(OF_CREDENTIALS.map((name) => [name, null]));
  const blocks = providers.map((provider) => ({ ...aliased(provider), ...nothing, ...PROVIDER }));
  return JSON.stringify({ provider: { aws: blocks } });
}

/**
 * The file, in the JSON form of Terraform's test language.
 * @param targets Addresses of what alone is applied, with what it refers to. Default: everything.
 */
export function testFile(
  providers: ReadonlyMap<string, string>,
  variables: Readonly<Record<string, unknown>>,
  overrides: { readonly resources: readonly Override[]; readonly data: readonly Override[] },
  targets: readonly string[] = [],
): string {
  const blocks = [...providers].map(([key, region]) => ({ ...aliased(key), region, ...PROVIDER }));
  return JSON.stringify({
    provider: { aws: blocks },
    variables: quoted(variables),
    override_resource: overrides.resources.map(({ target, values }) => ({ target, values: quoted(values) })),
    override_data: overrides.data.map(({ target, values }) => ({ target, values: quoted(values) })),
    run: {
      offline: {
        command: "apply",
        ...(targets.length === 0 ? {} : { plan_options: { target: targets } }),
      },
    },
  });
}

/** Values as they are: texts of the JSON form are templates. */
function quoted(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
  if (Array.isArray(value)) return value.map(quoted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, quoted(inner)]));
}

/** Data sources that ask nobody: the provider renders them by itself. */
const RENDERED = "aws_iam_policy_document";

/**
 * Data sources with what the plan read.
 * @param answerOf What one will say that is read only in the apply; what it leaves out, Terraform makes up.
 */
export function dataOverrides(
  resources: readonly TerraformResource[],
  answerOf: (data: TerraformResource) => Override["values"] = () => ({}),
): Override[] {
  return resources
    .filter(({ address, fate }) => address.isData && !(fate === "deferred" && address.type === RENDERED))
    .map((data) => ({
      resource: data,
      target: data.address.text,
      values: data.fate === "data" ? withoutNulls(data.values) : answerOf(data),
    }));
}

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
