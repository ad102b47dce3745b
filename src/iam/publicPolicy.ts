/**
 * What S3 calls a public bucket policy.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
import { parseArn } from "../naming/arn";
import { parseCidr } from "./address";
import { parseOperator } from "./operators";
import type { Condition, PolicyDocument, Statement } from "./types";

/**
 * Keys that make a statement private when a condition gives them fixed values. The page of an SDK also lists
 * s3:x-amz-server-side-encryption-aws-kms-key-id; the user guide does not, so that a policy which rests on it counts
 * as public.
 */
const FIXING_KEYS: ReadonlySet<string> = new Set(
  [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:userid",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
  ].map((key) => key.toLowerCase()),
);

/** Broader ranges than these leave a policy public. */
const SMALLEST_PREFIX = { 4: 8, 16: 32 } as const;

/** Whether one Allow of the document is for everybody. */
export function isPublic(document: PolicyDocument): boolean {
  return document.statements.some(isPublicStatement);
}

export function isPublicStatement(statement: Statement): boolean {
  return statement.effect === "Allow" && isForEverybody(statement) && !statement.conditions.some(fixes);
}

function isForEverybody({ principal, notPrincipal }: Statement): boolean {
  if (principal === undefined) {
    return notPrincipal !== undefined;
  }
  return principal === "*" || Object.values(principal).some((names) => names.includes("*"));
}

function fixes({ operator, key, values }: Condition): boolean {
  const lowerKey = key.toLowerCase();
  // It stands for conditions that nobody could read: they may make the statement private.
  if (lowerKey.startsWith("unread:")) return true;
  const parsed = parseOperator(operator);
  if (!FIXING_KEYS.has(lowerKey) || parsed === undefined || values.length === 0) {
    return false;
  }
  // What holds without the key, or for other values than the stated ones, fixes nothing.
  const { base, ifExists, quantifier } = parsed;
  if (base.kind === "null" || base.negated || !base.fixes || ifExists || quantifier === "all") {
    return false;
  }
  return values.every((value) => isFixed(lowerKey, value));
}

function isFixed(lowerKey: string, value: string): boolean {
  if (lowerKey === "aws:sourceip") {
    const range = parseCidr(value);
    return range !== undefined && range.prefixLength >= SMALLEST_PREFIX[range.address.length === 4 ? 4 : 16];
  }
  if (lowerKey === "s3:dataaccesspointarn") {
    // The name of the access point may be a pattern as long as its account is not.
    return isLiteral(parseArn(value)?.accountId ?? "*");
  }
  if (lowerKey === "aws:userid" && /^AROA[A-Z0-9]*:\*$/.test(value)) {
    return false;
  }
  return isLiteral(value);
}

function isLiteral(value: string): boolean {
  return value !== "" && !/[*?]|\$\{/.test(value);
}
