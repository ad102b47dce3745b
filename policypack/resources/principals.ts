/** Principals of policy documents: whose they are. */
import { isNarrowedBy, Principal, Statement } from "./policyDocument";
import { Answer } from "./values";

/** Somebody who is not known to be in the resource's own account. */
export function isForeign(principal: Principal, own: ReadonlySet<string>): boolean {
  if (principal.kind !== "account" && principal.kind !== "identity") return false;
  return principal.account === undefined || !own.has(principal.account);
}

/** Condition keys that tell one principal from another of the same account. */
export function namesPrincipal(key: string): boolean {
  return key === "aws:principalarn" || key === "aws:userid" || key.startsWith("aws:principaltag/");
}

/** Whether a value picks some principals: an ARN whose name is a lone wildcard, or a lone wildcard, picks all. */
export function picksPrincipal(value: string): boolean {
  return !/^[*?]*$/.test(value.replace(/^.*[/:]/, ""));
}

/** Condition keys that name the account, the organization or the source that a request comes from. */
const ORIGINS = new Set([
  ...[
    "kms:calleraccount",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
  ],
  ...[
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpce",
    "aws:sourcevpc",
  ],
]);

export function namesOrigin(key: string): boolean {
  return ORIGINS.has(key);
}

/** Whether a statement lets in accounts of named organizations only. S3 calls no such policy public. */
export function isOfOrganization(statement: Statement): Answer {
  return isNarrowedBy(statement, (key) => key === "aws:principalorgid", hasNoWildcard);
}

export function hasNoWildcard(value: string): boolean {
  return value !== "" && !/[*?]|\$\{/.test(value);
}

/** `s3.<region>.amazonaws.com`: S3 of one Region, in any partition. */
export function isS3(value: string): boolean {
  return /^s3\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(value);
}
