/** Objects that another account owns: S3 replicates them only where their owner lets the bucket's owner read them. */
import { parseArn, type PolicyDocument, type Statement } from "../iam";
import type { BucketState } from "../snapshot/snapshot";
import { actionMatcher } from "./advice/matching";

/**
 * The statements of a bucket's policy that let other accounts write objects which they then own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function foreignWriters({ account, ownership }: BucketState, document: PolicyDocument): Statement[] {
  if (ownership === "BucketOwnerEnforced") return [];
  return document.statements.filter(
    (statement) =>
      statement.effect === "Allow" &&
      allowsWriting(statement) &&
      namesOthers(statement, account) &&
      !asksForReadable(statement) &&
      !isForAccount(statement, account),
  );
}

function allowsWriting({ actions, notActions }: Statement): boolean {
  const matches = (patterns: readonly string[]) =>
    patterns.some((pattern) => actionMatcher(pattern)("s3:PutObject"));
  return notActions === undefined ? matches(actions ?? []) : !matches(notActions);
}

/** Services write on behalf of accounts, and say themselves whom their objects belong to. */
function namesOthers({ principal, notPrincipal }: Statement, account: string): boolean {
  if (notPrincipal !== undefined || principal === "*") return true;
  return (principal?.AWS ?? []).some((name) => name === "*" || accountOf(name) !== account);
}

const accountOf = (name: string) => (/^\d{12}$/.test(name) ? name : parseArn(name)?.accountId);

/** Writers who hand their objects over, or let the bucket's owner read them: the canned ACL does either. */
function asksForReadable({ conditions }: Statement): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === "s3:x-amz-acl" &&
      /^String(Equals|Like)$/i.test(operator) &&
      values.every((value) => ["bucket-owner-full-control", "bucket-owner-read"].includes(value)),
  );
}

function isForAccount({ conditions }: Statement, account: string): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === "aws:principalaccount" &&
      /^String(Equals|Like)$/i.test(operator) &&
      values.every((value) => value === account),
  );
}
