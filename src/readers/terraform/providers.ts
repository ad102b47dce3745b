/** Which account, and which Region, each provider of a plan or a state works in. */
import { parseArn } from "../../naming/arn";
import { grouped } from "../../util/grouping";
import type { AccountNames } from "../providerAccounts";
import type { Expression } from "./configuration";
import type { TerraformFile, TerraformResource } from "./terraformFile";

export interface ProviderPlace {
  /** Undefined: nobody knows. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
}

/** What a file calls its only provider where it does not say which one. */
const DEFAULT_PROVIDER = "aws";

/** Where the providers of a file work, by their keys. */
export function placesOfProviders(file: TerraformFile, accounts: AccountNames): Map<string, ProviderPlace> {
  const byProvider = grouped(file.resources, providerOf);
  return new Map(
    [...byProvider].map(([key, resources]) => [
      key,
      {
        accountId:
          accounts[key] ??
          accounts[file.file] ??
          accountOfArguments(file, key) ??
          callerIdentity(resources) ??
          only(resources.flatMap(accountsInArns)) ??
          accounts[""],
        region: regionOfProvider(file, key, resources),
      },
    ]),
  );
}

export function providerOf({ provider }: TerraformResource): string {
  return provider ?? DEFAULT_PROVIDER;
}

/** Accounts that the resources of one provider name as theirs, where they are more than one. */
export function accountsOf(file: TerraformFile, provider: string): string[] {
  const own = file.resources.filter((resource) => providerOf(resource) === provider);
  return [...new Set(own.flatMap(accountsInArns))].sort();
}

function accountOfArguments({ configuration }: TerraformFile, key: string): string | undefined {
  const expressions = configuration.providerExpressions(key);
  const allowed = configuration.rootValue(expressions.allowed_account_ids);
  if (Array.isArray(allowed) && allowed.length === 1 && isAccountId(allowed[0])) return String(allowed[0]);
  const roles = configuration.rootValue(expressions.assume_role);
  // Where roles are assumed one after the other, the last one counts.
  const role = Array.isArray(roles) ? (roles as { role_arn?: unknown }[]).at(-1) : undefined;
  const accountId = typeof role?.role_arn === "string" ? parseArn(role.role_arn)?.accountId : undefined;
  return isAccountId(accountId) ? accountId : undefined;
}

function callerIdentity(resources: readonly TerraformResource[]): string | undefined {
  return only(
    resources.flatMap(({ address, values }) =>
      address.type === "aws_caller_identity" && isAccountId(values.account_id)
        ? [String(values.account_id)]
        : [],
    ),
  );
}

/** Types whose ARN names the account that they are in. */
const OWN_ARN =
  /^aws_(iam_(role|policy)|kms_(key|replica_key|external_key|alias)|sqs_queue|sns_topic|cloudwatch_\w+)$/;

function accountsInArns({ address, values, fate }: TerraformResource): string[] {
  if (address.isData || fate === "planned" || !OWN_ARN.test(address.type)) return [];
  const accountId = typeof values.arn === "string" ? parseArn(values.arn)?.accountId : undefined;
  return isAccountId(accountId) ? [accountId] : [];
}

function regionOfProvider(
  { configuration }: TerraformFile,
  key: string,
  resources: readonly TerraformResource[],
): string | undefined {
  const { region } = configuration.providerExpressions(key);
  const said = configuration.rootValue(region);
  if (typeof said === "string" && said !== "") return said;
  // Each instance of a provider with a for_each has a Region of its own, and a plan does not tell them apart.
  if ((region as Expression | undefined)?.references?.some((name) => /^each\b/.test(name)) === true) {
    return undefined;
  }
  const looked = resources.flatMap(({ address, values }) =>
    address.type === "aws_region" && typeof (values.region ?? values.name) === "string"
      ? [String(values.region ?? values.name)]
      : [],
  );
  return (
    only(looked) ?? only(resources.flatMap(({ address, values }) => (address.isData ? [] : regionIn(values))))
  );
}

/** Region of a resource by its own values. */
export function regionIn(values: Readonly<Record<string, unknown>>): string[] {
  if (typeof values.region === "string" && values.region !== "") return [values.region];
  const region = typeof values.arn === "string" ? parseArn(values.arn)?.region : undefined;
  return region === undefined || region === "" ? [] : [region];
}

function only(values: readonly string[]): string | undefined {
  const different = new Set(values);
  return different.size === 1 ? values[0] : undefined;
}

function isAccountId(value: unknown): value is string {
  return typeof value === "string" && /^\d{12}$/.test(value);
}
