/** Warnings: set-ups that S3 accepts and that are hardly meant so. */
import { parseArn } from "../../iam";
import type { Snapshot } from "../../snapshot/snapshot";
import { isUnreadPolicy } from "../../snapshot/unread";
import { unique } from "../../util/grouping";
import { actionMatcher } from "../advice/matching";
import { type PolicyBook, rolePolicyName } from "../policyBook";
import type { RuleFinding } from "../ruleFindings";
import { updatedEncryptionOf } from "./updatedEncryption";

/** A sentence each. @param accept Findings that the caller accepts, by id or kind. */
export function warningsOf(
  snapshot: Snapshot,
  book: PolicyBook,
  findings: readonly RuleFinding[],
  accept: readonly string[],
): string[] {
  return [
    ...annotationsLeftBehind(snapshot, book),
    ...updatedEncryptionOf(snapshot, book),
    ...acceptedForNothing(findings, accept),
  ];
}

const READ_ANNOTATIONS = "s3:GetObjectVersionAnnotationForReplication";

/**
 * Nobody is known to write annotations where no policy speaks of them, so that losing them breaks nothing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
 */
function annotationsLeftBehind({ accounts, buckets }: Snapshot, book: PolicyBook): string[] {
  const roleArns = Object.values(buckets).flatMap(({ replication }) =>
    replication?.Rules.some(({ Status: status }) => status === "Enabled") === true ? [replication.Role] : [],
  );
  return unique(roleArns).flatMap((roleArn) => {
    const role = accounts[parseArn(roleArn)?.accountId ?? ""]?.roles[roleArn];
    if (role === undefined || role.policies.some(isUnreadPolicy)) return [];
    const mayRead = role.policies
      .flatMap((document, index) => book.parse(document, rolePolicyName(role, index)).statements)
      .some(
        ({ effect, actions = [], notActions }) =>
          effect === "Allow" && (notActions !== undefined || actions.some(matchesReading)),
      );
    return mayRead
      ? []
      : [
          `the role ${roleArn} may not read annotations (${READ_ANNOTATIONS}): objects that have some are replicated without them`,
        ];
  });
}

const matchesReading = (pattern: string) => actionMatcher(pattern)(READ_ANNOTATIONS);

function acceptedForNothing(findings: readonly RuleFinding[], accept: readonly string[]): string[] {
  return accept.flatMap((accepted) => {
    const isFound = findings.some(({ id, kind }) => accepted === id || accepted === kind);
    return isFound ? [] : [`'--accept ${accepted}' accepts nothing, as there is no such finding`];
  });
}
