/** Whether a decision hangs on what the session of the replication role is called, which no page of AWS says. */
import type { Policies, Request } from "../iam";
import { SESSION_NAME } from "../replication/evidence";
import type { PermissionTarget } from "../replication/permissions";
import { documentsOf, keysReadBy, type OpenQuestion, RESOURCE_POLICIES } from "./policyBook";

/** Nobody names a session so. */
const ANOTHER_NAME = "a session of another name";

/** Condition keys that have the name of the session, in lower case. */
const KEYS = ["sts:rolesessionname", "aws:userid"];

/** The request in a session of another name, where some document tells sessions apart. */
export function sessionQuestions(
  asked: Request,
  policies: Policies,
  target: PermissionTarget,
): OpenQuestion[] {
  if (!tellsSessionsApart(policies)) return [];
  return [
    {
      policies,
      asked: inAnotherSession(asked),
      settledBy: SESSION_NAME,
      reason: "no page of AWS says what the session of the replication role is called",
      missing: {
        resource: asked.resource,
        where: RESOURCE_POLICIES[target],
        why: "undecided",
        keys: ["sts:RoleSessionName"],
      },
    },
  ];
}

function inAnotherSession(asked: Request): Request {
  const { principal } = asked;
  if (principal.kind === "role") return { ...asked, principal: { ...principal, sessionName: ANOTHER_NAME } };
  return { ...asked, context: { ...asked.context, "sts:RoleSessionName": { state: "unknown" } } };
}

const known = new WeakMap<Policies, boolean>();

function tellsSessionsApart(policies: Policies): boolean {
  let tells = known.get(policies);
  if (tells === undefined) {
    const read = keysReadBy(policies);
    tells = KEYS.some((key) => read.has(key)) || documentsOf(policies).some(namesSession);
    known.set(policies, tells);
  }
  return tells;
}

function namesSession({ statements }: ReturnType<typeof documentsOf>[number]): boolean {
  return statements
    .flatMap(({ principal, notPrincipal }) => [principal, notPrincipal])
    .some(
      (element) =>
        typeof element === "object" && element.AWS?.some((arn) => arn.includes(":assumed-role/")) === true,
    );
}
