/** Who else than S3 and the replication roles is let in: by the roles' trust, the destinations' policies and grants of keys. */
import type { Snapshot } from "../../snapshot/snapshot";
import { parseArn, type Statement } from "../../iam";
import { BATCH_SERVICE } from "../../replication/batch/permissions";
import type { OtherGrant } from "../report/report";
import { type GrantingDocument, placeOf, RoleNames } from "./destinationGrants";

/** Services that assume the roles of replication and of its batch jobs. */
const SERVICES: ReadonlySet<string> = new Set(["s3.amazonaws.com", BATCH_SERVICE]);

/** @param owner Account of the resource, whose own people are at home there. */
export function strangersIn(
  { where, resource, name }: GrantingDocument,
  statement: Statement,
  owner: string,
  roles: RoleNames,
): OtherGrant[] {
  const base = { where, resource, statement: placeOf(name, statement) };
  const { actions, notActions = [] } = statement;
  const grant = actions?.join(", ") ?? `everything but ${notActions.join(", ")}`;
  return strangersOf(statement, owner, roles).map((principal) => ({
    ...base,
    grant,
    principal,
    reason:
      where === "trust policy" ? "it may assume the role, too" : "it is let in beside the replication roles",
  }));
}

/** Grants of keys that S3 uses to principals of other accounts than the key's, but for the replication roles. */
export function strangersWithGrants(
  { keys }: Snapshot,
  keyArns: ReadonlyMap<string, OtherGrant["where"]>,
  roles: RoleNames,
): OtherGrant[] {
  return [...keyArns].flatMap(([arn, where]) => {
    const key = Object.hasOwn(keys, arn) ? keys[arn] : undefined;
    return (key?.grants ?? []).flatMap(({ granteePrincipal, operations }, index) => {
      const account = parseArn(granteePrincipal)?.accountId ?? granteePrincipal;
      if (account === key?.account || roles.has(granteePrincipal)) return [];
      return [
        {
          where,
          resource: arn,
          statement: { policy: "grant", index, effect: "Allow" as const },
          grant: operations.map((operation) => `kms:${operation}`).join(", "),
          principal: granteePrincipal,
          reason: "a grant of the key lets it in",
        },
      ];
    });
  });
}

/** Principals that are neither the owner's account nor narrowed down to replication roles. */
function strangersOf(statement: Statement, owner: string, roles: RoleNames): string[] {
  const { principal, notPrincipal } = statement;
  if (notPrincipal !== undefined) return ["everybody but the NotPrincipal"];
  if (principal === undefined) return [];
  const narrowed = narrowedTo(statement);
  const isOfOrganization = asksForOrganization(statement);
  const isNarrowed =
    narrowed.length > 0 &&
    narrowed.every((arn) => roles.isRole(arn) || (isOfOrganization && roles.isNameOfRole(arn)));
  if (principal === "*") return isNarrowed ? [] : ["*"];
  const ofAWS = (principal.AWS ?? []).filter((arn) => {
    if (arn === "*") return !isNarrowed;
    const accountId = parseArn(arn)?.accountId ?? arn;
    if (accountId === owner) return false;
    const isAccount = /^\d{12}$/.test(arn) || arn.endsWith(":root");
    return isAccount ? !isNarrowed : !roles.has(arn);
  });
  const services = (principal.Service ?? []).filter((service) => !SERVICES.has(service));
  return [...ofAWS, ...services, ...(principal.Federated ?? []), ...(principal.CanonicalUser ?? [])];
}

/** Whether only accounts of organizations that it names are let in. */
function asksForOrganization({ conditions }: Statement): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === "aws:principalorgid" &&
      /^String(Equals|Like)$/i.test(operator) &&
      values.length > 0 &&
      values.every((value) => !/[*?$]/.test(value)),
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
