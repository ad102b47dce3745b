/** Who else than the replication roles a destination's policy lets in, and what it lets the roles do needlessly. */
import type { Snapshot } from "../accounts/snapshot";
import { parseArn, type Statement } from "../iam";
import { SESSION_NAME } from "../replication/requestContext";
import { matchesAction } from "./advice/matching";
import type { StatementPlace, UnusedGrant, Where } from "./report";

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

export const isWild = (pattern: string) => /[*?]/.test(pattern);

export function destinationGrants(
  snapshot: Snapshot,
  { where, resource, name }: GrantingDocument,
  statement: Statement,
  requests: readonly Needed[],
  roleArns: ReadonlySet<string>,
): UnusedGrant[] {
  const owner = snapshot.buckets[resource]?.account ?? snapshot.keys[resource]?.account ?? "";
  const base = { where, resource, statement: placeOf(name, statement) };
  const found: UnusedGrant[] = [];
  for (const principal of strangersOf(statement, owner, roleArns)) {
    found.push({
      ...base,
      grant: (statement.actions ?? ["NotAction"]).join(", "),
      principal,
      reason: "it is let in beside the replication roles",
    });
  }
  if (!isForRoles(statement, owner, roleArns)) return found;
  for (const action of statement.actions ?? []) {
    const used = requests.some(
      (request) => matchesAction(action, request.action) && isOn(resource, request.resource),
    );
    if (!used) found.push({ ...base, grant: action, reason: "no request of replication needs it" });
    else if (isWild(action))
      found.push({ ...base, grant: action, reason: "the wildcard grants more than replication needs" });
  }
  return [...found, ...(where === "destination key policy" ? missingKeyConditions(base, statement) : [])];
}

function isOn(resource: string, requested: string): boolean {
  return requested === resource || requested.startsWith(`${resource}/`);
}

/** Principals that are neither the owner's account nor narrowed down to replication roles. */
function strangersOf(statement: Statement, owner: string, roleArns: ReadonlySet<string>): string[] {
  const { principal } = statement;
  const narrowed = narrowedTo(statement);
  const isNarrowed = narrowed.length > 0 && narrowed.every((arn) => roleArns.has(arn));
  if (statement.notPrincipal !== undefined) return ["everybody but the NotPrincipal"];
  if (principal === undefined) return [];
  if (principal === "*") return isNarrowed ? [] : ["*"];
  return (principal.AWS ?? []).filter((arn) => {
    if (arn === "*") return !isNarrowed;
    const accountId = parseArn(arn)?.accountId ?? arn;
    if (accountId === owner) return false;
    const isAccount = /^\d{12}$/.test(arn) || arn.endsWith(":root");
    return isAccount ? !isNarrowed : !isRole(arn, roleArns);
  });
}

/** A replication role, or the session in which S3 uses it. */
function isRole(arn: string, roleArns: ReadonlySet<string>): boolean {
  return [...roleArns].some((roleArn) => {
    const session = `:assumed-role/${roleArn.slice(roleArn.lastIndexOf("/") + 1)}/${SESSION_NAME}`;
    return (
      arn === roleArn || (arn.endsWith(session) && parseArn(arn)?.accountId === parseArn(roleArn)?.accountId)
    );
  });
}

/** Whether a statement is about others than the owner's own people. */
function isForRoles({ principal }: Statement, owner: string, roleArns: ReadonlySet<string>): boolean {
  if (principal === undefined) return false;
  if (principal === "*") return true;
  return (principal.AWS ?? []).some(
    (arn) => arn === "*" || isRole(arn, roleArns) || (parseArn(arn)?.accountId ?? arn) !== owner,
  );
}

/** Roles that a condition on aws:PrincipalArn leaves. */
function narrowedTo(statement: Statement): readonly string[] {
  return statement.conditions
    .filter(
      ({ key, operator }) =>
        key.toLowerCase() === "aws:principalarn" &&
        /^(Arn(Equals|Like)|String(Equals|Like))$/i.test(operator),
    )
    .flatMap((condition) => condition.values);
}

/** A key that may be used without S3 is granted for more than replication. */
export function missingKeyConditions(
  base: Pick<UnusedGrant, "where" | "resource" | "statement">,
  statement: Statement,
): UnusedGrant[] {
  const actions = statement.actions ?? [];
  if (!actions.some((action) => action.toLowerCase().startsWith("kms:"))) return [];
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

export function placeOf(policy: string, { sid, index, effect }: Statement): StatementPlace {
  return { policy, ...(sid === undefined ? {} : { sid }), index, effect };
}
