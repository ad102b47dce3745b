/**
 * Whether a Principal or NotPrincipal element names the caller.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
import { parseArn } from "../naming/arn";
import type { Caller, RoleCaller } from "./context";
import { every, not, some, undecided } from "./truth";
import type { Truth } from "./truth";
import type { PrincipalElement, Statement } from "./types";

/**
 * How an element names the caller: an Allow for the session needs nobody else's consent, one for the role is cut by
 * the role's permission boundary and session policies, and one for the account only lets the account's own policies
 * decide.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export interface PrincipalMatch {
  readonly session: Truth;
  readonly role: Truth;
  readonly account: Truth;
}

const NOBODY: PrincipalMatch = { session: false, role: false, account: false };
const EVERYBODY: PrincipalMatch = { session: true, role: true, account: true };

const UNDECIDED_NOT_PRINCIPAL = undecided("NotPrincipal");

export function isNamed(match: PrincipalMatch): Truth {
  return some([match.session, match.role, match.account]);
}

/** How a statement of a resource's policy names the caller; `boundary`: whether the role has a permission boundary. */
export function matchPrincipal(statement: Statement, caller: Caller, boundary: Truth): PrincipalMatch {
  if (statement.principal !== undefined) {
    return matchElement(statement.principal, caller);
  }
  if (statement.notPrincipal === undefined) {
    return NOBODY;
  }
  const excepted = matchElement(statement.notPrincipal, caller);
  const match =
    statement.effect === "Deny" && caller.kind === "role"
      ? deniedByNotPrincipal(excepted, boundary)
      : not(isNamed(excepted));
  return { ...NOBODY, session: match };
}

/**
 * A Deny spares a session only where its account, its role and the session itself are all excepted. AWS says that the
 * account "might" be checked, which leaves an element without the account undecided. Whoever has a permission boundary
 * is always denied.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function deniedByNotPrincipal(excepted: PrincipalMatch, boundary: Truth): Truth {
  const roleAndSession = every([excepted.role, excepted.session]);
  const spared =
    roleAndSession === true && excepted.account === false
      ? UNDECIDED_NOT_PRINCIPAL
      : every([roleAndSession, excepted.account]);
  return some([boundary, not(spared)]);
}

function matchElement(element: PrincipalElement, caller: Caller): PrincipalMatch {
  if (element === "*") {
    return EVERYBODY;
  }
  const named = element.AWS ?? [];
  if (named.includes("*")) {
    return EVERYBODY;
  }
  if (caller.kind === "service") {
    const services = element.Service ?? [];
    return services.includes("*") || services.includes(caller.service) ? EVERYBODY : NOBODY;
  }
  const matches = named.map((name) => matchName(name, caller));
  if (element.CanonicalUser !== undefined) {
    // A canonical user id stands for an account, and nothing here tells which.
    matches.push({ ...NOBODY, account: undecided("CanonicalUser") });
  }
  return {
    session: some(matches.map(({ session }) => session)),
    role: some(matches.map(({ role }) => role)),
    account: some(matches.map(({ account }) => account)),
  };
}

function matchName(name: string, caller: RoleCaller): PrincipalMatch {
  if (name === caller.roleArn) {
    return { ...NOBODY, role: true };
  }
  if (name === caller.sessionArn) {
    return { ...NOBODY, session: true };
  }
  if (isAccount(name, caller)) {
    return { ...NOBODY, account: true };
  }
  return { ...NOBODY, role: hasUniqueId(name, caller) };
}

/** An account by its number or by the ARN of its root, which stands for the whole account. */
export function isAccount(name: string, caller: RoleCaller): boolean {
  if (name === caller.accountId) {
    return true;
  }
  const arn = parseArn(name);
  return (
    arn?.service === "iam" &&
    arn.resource === "root" &&
    arn.accountId === caller.accountId &&
    arn.partition === caller.partition
  );
}

/**
 * A saved role ARN turns into the role's unique id when the role is deleted, and a role made again has another id.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
function hasUniqueId(name: string, caller: RoleCaller): Truth {
  if (!name.startsWith("AROA")) {
    return false;
  }
  return caller.uniqueId === undefined ? undecided("aws:userid") : name === caller.uniqueId;
}
