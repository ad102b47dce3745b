/** What the policies of a destination let the replication roles do needlessly. */
import type { Snapshot } from "../../snapshot/snapshot";
import { parseArn, type Statement } from "../../iam";
import { SESSION_NAME } from "../../replication/evidence";
import { actionMatcher } from "../advice/matching";
import type { StatementPlace, UnusedGrant, Where } from "../report/report";

/** A document that grants something to the replication role or to others. */
export interface GrantingDocument {
  readonly where: Where;
  readonly resource: string;
  readonly name: string;
  readonly document: unknown;
}

/** What is asked for, on what. */
export interface Needed {
  readonly action: string;
  readonly resource: string;
}

/** Wildcards that AWS's own pages write where they ask for the action without it. */
export const WORDED_BY_AWS: ReadonlySet<string> = new Set(["kms:GenerateDataKey*"]);

const EVERYTHING_BUT = {
  grant: "NotAction",
  reason: "NotAction in an Allow grants everything but what it names",
} as const;

export const isWild = (pattern: string) => /[*?]/.test(pattern);

export function destinationGrants(
  snapshot: Snapshot,
  { where, resource, name }: GrantingDocument,
  statement: Statement,
  requests: readonly Needed[],
  roles: RoleNames,
): UnusedGrant[] {
  const owner = snapshot.buckets[resource]?.account ?? snapshot.keys[resource]?.account ?? "";
  const base = { where, resource, statement: placeOf(name, statement) };
  const found: UnusedGrant[] = [];
  if (!isForRoles(statement, owner, roles)) return found;
  if (statement.actions === undefined) found.push({ ...base, ...EVERYTHING_BUT });
  for (const action of statement.actions ?? []) {
    const takes = actionMatcher(action);
    const used = requests.some((request) => takes(request.action) && isOn(resource, request.resource));
    if (!used) found.push({ ...base, grant: action, reason: "no request of replication needs it" });
    else if (isWild(action) && !WORDED_BY_AWS.has(action))
      found.push({ ...base, grant: action, reason: "the wildcard grants more than replication needs" });
  }
  return [...found, ...(where === "destination key policy" ? missingKeyConditions(base, statement) : [])];
}

function isOn(resource: string, requested: string): boolean {
  return requested === resource || requested.startsWith(`${resource}/`);
}

/** The replication roles, by every name that a policy can have for one. */
export class RoleNames {
  private readonly arns: ReadonlySet<string>;
  /** `<account id> assumed-role/<name>/<session>`, of the session in which S3 uses a role. */
  private readonly sessions: ReadonlySet<string>;

  constructor(arns: Iterable<string>) {
    this.arns = new Set(arns);
    this.sessions = new Set(
      [...this.arns].map((arn) => {
        const name = arn.slice(arn.lastIndexOf("/") + 1);
        return `${parseArn(arn)?.accountId} assumed-role/${name}/${SESSION_NAME.name}`;
      }),
    );
  }

  isRole(arn: string): boolean {
    return this.arns.has(arn);
  }

  /** Whether a pattern stands for a role of one name in any account, and one of the replication roles has that name. */
  isNameOfRole(pattern: string): boolean {
    const { partition, accountId, resource = "" } = parseArn(pattern) ?? {};
    if (accountId !== "*" || isWild(resource)) return false;
    return [...this.arns]
      .map(parseArn)
      .some((arn) => arn?.partition === partition && arn?.resource === resource);
  }

  has(arn: string): boolean {
    const { accountId, resource } = parseArn(arn) ?? {};
    return this.arns.has(arn) || this.sessions.has(`${accountId} ${resource}`);
  }
}

/** Whether a statement is about others than the owner's own people. */
function isForRoles({ principal }: Statement, owner: string, roles: RoleNames): boolean {
  if (principal === undefined) return false;
  if (principal === "*") return true;
  return (principal.AWS ?? []).some(
    (arn) => arn === "*" || roles.has(arn) || (parseArn(arn)?.accountId ?? arn) !== owner,
  );
}

/** A key that may be used without S3 is granted for more than replication. */
export function missingKeyConditions(
  base: Pick<UnusedGrant, "where" | "resource" | "statement">,
  statement: Statement,
): UnusedGrant[] {
  const actions = statement.actions ?? [];
  if (!actions.some((action) => action.toLowerCase().startsWith("kms:")) || isOfAliases(statement)) return [];
  const keys = statement.conditions.map((condition) => condition.key.toLowerCase());
  const required = ["kms:ViaService", "kms:EncryptionContext:aws:s3:arn"];
  return required
    .filter((key) => !keys.includes(key.toLowerCase()))
    .map((key) => ({
      ...base,
      grant: actions.join(", "),
      reason: `without a condition on ${key} the key may be used for more than S3 replication`,
    }));
}

/** An alias is no resource of the actions that use a key: a statement about aliases grants nothing of them. */
export function isOfAliases({ resources = [] }: Statement): boolean {
  return resources.length > 0 && resources.every((arn) => /^arn:[^:]*:kms:.*:alias\//.test(arn));
}

export function placeOf(policy: string, { sid, index, effect }: Statement): StatementPlace {
  return { policy, ...(sid === undefined ? {} : { sid }), index, effect };
}
