/** Which account, and which Region, each provider of a plan or a state works in. */
import { parseArn } from "../../naming/arn";
import { grouped } from "../../util/grouping";
import type { AccountNames } from "../providerAccounts";
import { isExpression } from "./configuration";
import type { TerraformFile, TerraformResource } from "./terraformFile";

export interface ProviderPlace {
  /** Undefined: nobody knows. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /**
   * Whether the instances of a provider with a for_each, which only OpenTofu has, may work in different accounts. A plan
   * does not tell which of them a resource has.
   */
  readonly mayBeSeveral: boolean;
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
        mayBeSeveral: mayHaveSeveralAccounts(file, key),
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

/** Arguments of a provider that decide in which account it works. */
const OF_ACCOUNT =
  /^(access_key|secret_key|token|profile|shared_\w+_files|assume_role(_with_web_identity)?|allowed_account_ids)$/;

function mayHaveSeveralAccounts(file: TerraformFile, key: string): boolean {
  const expressions = file.configuration.providerExpressions(key);
  return (
    Object.entries(expressions).some(([name, value]) => OF_ACCOUNT.test(name) && refersToEach(value)) &&
    accountOfArguments(file, key) === undefined
  );
}

/** Providers of a configuration with a for_each, as far as their arguments show one. */
export function providersOfEach({ configuration }: TerraformFile): string[] {
  return configuration.providerKeys().filter((key) => refersToEach(configuration.providerExpressions(key)));
}

/** Whether an expression, or one within it, takes something from the instance of a for_each. */
function refersToEach(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (!isExpression(value)) return Object.values(value).some(refersToEach);
  return value.references?.some((name) => /^each\b/.test(name)) === true;
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

/** Region that the arguments of a provider say, as far as the file has it. */
export function saidRegion({ configuration }: TerraformFile, key: string): string | undefined {
  const said = configuration.rootValue(configuration.providerExpressions(key).region);
  return typeof said === "string" && said !== "" ? said : undefined;
}

function regionOfProvider(
  file: TerraformFile,
  key: string,
  resources: readonly TerraformResource[],
): string | undefined {
  const said = saidRegion(file, key);
  if (said !== undefined) return said;
  const { region } = file.configuration.providerExpressions(key);
  // Each instance of a provider with a for_each has a Region of its own, and a plan does not tell them apart.
  if (refersToEach(region)) return undefined;
  const ofData = resources.filter(({ address }) => address.type === "aws_region");
  const looked = ofData.flatMap(({ address, values }) => {
    const asked = Object.keys(file.configuration.expressions(address) ?? {});
    const region = values.region ?? values.name;
    // One that is asked about a Region says nothing of the provider's.
    return asked.length === 0 && typeof region === "string" ? [region] : [];
  });
  return (
    only(looked) ??
    only(resources.flatMap(({ address, values }) => (address.isData ? [] : (regionOf(values) ?? []))))
  );
}

/** Region of a resource by its own values. Provider 6 finds a bucket in another Region than it was asked in. */
function regionOf({
  bucket_region: ofBucket,
  region,
  arn,
}: Readonly<Record<string, unknown>>): string | undefined {
  const said = [ofBucket, region].find((value) => typeof value === "string" && value !== "");
  if (said !== undefined) return said as string;
  return (typeof arn === "string" ? parseArn(arn)?.region : undefined) || undefined;
}

/** Region that a resource is in, which may be another one than its provider's. */
export function regionAt(
  { values, before }: TerraformResource,
  place: ProviderPlace | undefined,
): string | undefined {
  return regionOf(values) ?? regionOf(before) ?? place?.region;
}

function only(values: readonly string[]): string | undefined {
  const different = new Set(values);
  return different.size === 1 ? values[0] : undefined;
}

function isAccountId(value: unknown): value is string {
  return typeof value === "string" && /^\d{12}$/.test(value);
}
