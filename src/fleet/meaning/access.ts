/** Which accounts a fleet is made of, and how each is entered, as the options say. */
import type { Access } from "../../aws/account";
import { InvalidInputError, show } from "../../input/problems";
import { parseArn } from "../../naming/arn";
import { ACCOUNT_ID, REGION, ROLE_NAME, ROLE_PATH } from "../../naming/names";
import { given } from "../../util/optional";

export interface FleetOptions {
  /** `<account id>`, `<account id>=<role ARN>` or `<account id>=<profile>`. */
  readonly account?: readonly string[];
  readonly organization?: boolean;
  readonly roleName?: string;
  readonly externalId?: string;
  readonly region?: readonly string[];
  readonly organizationProfile?: string;
  readonly organizationRoleArn?: string;
}

export interface FleetAccess {
  readonly accounts: readonly NamedAccount[];
  /** Whoever lists the organization's accounts, and reads its policies. Left out: nobody was named. */
  readonly organization?: Access;
  /** How each account of the organization is entered. Left out: the organization is not asked for accounts. */
  readonly members?: { readonly roleName: string; readonly externalId?: string };
  /** Regions of the source buckets. Empty: all. */
  readonly regions: readonly string[];
}

export interface NamedAccount {
  readonly accountId: string;
  /** Left out: the caller's own credentials. */
  readonly access?: Access;
}

/** @throws InvalidInputError */
export function parseFleetAccess(options: FleetOptions): FleetAccess {
  const { organization = false, roleName, externalId, region = [] } = options;
  const accounts = parseAccounts(options.account ?? [], externalId);
  const wrong = region.find((name) => !REGION.test(name));
  if (wrong !== undefined) throw new InvalidInputError("--region", [`${REGION.mustBe}, got ${show(wrong)}`]);
  if (organization && roleName === undefined) {
    throw new InvalidInputError("--organization", [
      "must come with --role-name, the role to assume in each account of the organization",
    ]);
  }
  if (!organization && roleName !== undefined) {
    throw new InvalidInputError("--role-name", [
      "must come with --organization, whose accounts have that role; --account names a role by its ARN",
    ]);
  }
  if (roleName !== undefined && !isRoleName(roleName)) {
    throw new InvalidInputError("--role-name", [
      `must be the name of a role, with its path where it has one, such as 'audit/replication-reader', got ${show(roleName)}`,
    ]);
  }
  const lister = {
    ...given("profile", options.organizationProfile),
    ...given("roleArn", options.organizationRoleArn),
  };
  return {
    accounts,
    regions: region,
    ...(organization || Object.keys(lister).length > 0 ? { organization: lister } : {}),
    ...(roleName === undefined ? {} : { members: { roleName, ...given("externalId", externalId) } }),
  };
}

function isRoleName(text: string): boolean {
  const split = text.lastIndexOf("/") + 1;
  // A path may hold colons; what has some here is an ARN.
  return (
    !text.includes(":") && ROLE_NAME.test(text.slice(split)) && ROLE_PATH.test(`/${text.slice(0, split)}`)
  );
}

function parseAccounts(values: readonly string[], externalId: string | undefined): NamedAccount[] {
  const problems: string[] = [];
  const accounts = values.flatMap((value): NamedAccount[] => {
    const [accountId = "", how] = splitOnce(value);
    if (!ACCOUNT_ID.test(accountId) || how === "") {
      problems.push(
        `must be '<account id>', '<account id>=<role ARN>' or '<account id>=<profile>', got ${show(value)}`,
      );
      return [];
    }
    if (how === undefined) return [{ accountId }];
    if (!how.startsWith("arn:")) return [{ accountId, access: { profile: how } }];
    const arn = parseArn(how);
    if (arn?.service !== "iam" || !arn.resource.startsWith("role/") || arn.accountId !== accountId) {
      problems.push(`must name a role of account ${accountId} behind the '=', got ${show(how)}`);
      return [];
    }
    return [{ accountId, access: { roleArn: how, ...given("externalId", externalId) } }];
  });
  const ids = accounts.map(({ accountId }) => accountId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.push(`must name an account once, and names ${twice} twice`);
  if (problems.length > 0) throw new InvalidInputError("--account", problems);
  return accounts;
}

function splitOnce(value: string): [string, string?] {
  const at = value.indexOf("=");
  return at < 0 ? [value] : [value.slice(0, at), value.slice(at + 1)];
}
