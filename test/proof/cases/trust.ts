/** Who may assume the role. */
import type { ProofCase } from "../expected";
import {
  allow,
  objectsOf,
  policy,
  ROLE,
  ROLE_WITHOUT_KMS,
  setUpWithoutKms,
  SOURCE,
  SOURCE_ACCOUNT,
  trusting,
} from "../setUp";

const plainFailed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const plainOpen = { plain: "UNPROVEN", tagged: "UNPROVEN", deleted: "UNPROVEN" } as const;

const assume = (...keys: string[]) =>
  ({ action: "sts:AssumeRole", resource: ROLE, where: "trust policy", keys }) as const;
/** How reports call the choice that nobody sees: whether S3 sends these keys. */

export const TRUST: readonly ProofCase[] = [
  {
    file: "trust-batch-operations-only",
    about: "The role of a batch job, used for replication: S3 itself may not assume it",
    snapshot: setUpWithoutKms({
      trust: trusting("batchoperations.s3.amazonaws.com"),
      rolePolicies: [ROLE_WITHOUT_KMS, policy(allow("s3:InitiateReplication", objectsOf(SOURCE)))],
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: { failureReason: "AssumeRoleNotPermitted", ...assume() },
    unused: [`s3:InitiateReplication on ${objectsOf(SOURCE)}`],
  },
  {
    file: "trust-both-services",
    about: "One role for replication and for the batch job that backfills",
    snapshot: setUpWithoutKms({ trust: trusting(["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]) }),
    verdict: "proven",
  },
  {
    file: "trust-source-account-strict",
    about: "A guard against confused deputies that no page says S3 can pass",
    snapshot: setUpWithoutKms({
      trust: trusting("s3.amazonaws.com", { StringEquals: { "aws:SourceAccount": SOURCE_ACCOUNT } }),
    }),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: assume("aws:SourceAccount"),
  },
  {
    file: "trust-source-arn-strict",
    about: "The same with the bucket's ARN",
    snapshot: setUpWithoutKms({
      trust: trusting("s3.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": SOURCE_ACCOUNT },
        ArnLike: { "aws:SourceArn": SOURCE },
      }),
    }),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: assume("aws:SourceAccount", "aws:SourceArn"),
  },
  {
    file: "trust-source-account-if-exists",
    about: "The guard in the form that holds whether or not S3 sends the key",
    snapshot: setUpWithoutKms({
      trust: trusting("s3.amazonaws.com", {
        StringEqualsIfExists: { "aws:SourceAccount": SOURCE_ACCOUNT },
        ArnLikeIfExists: { "aws:SourceArn": SOURCE },
      }),
    }),
    verdict: "proven",
  },
  {
    file: "trust-source-account-of-another",
    about: "The guard names another account: whether S3 sends the key or not, it is wrong where it is strict",
    snapshot: setUpWithoutKms({
      trust: trusting("s3.amazonaws.com", { StringEquals: { "aws:SourceAccount": "999999999999" } }),
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: { failureReason: "AssumeRoleNotPermitted", ...assume("aws:SourceAccount") },
  },
];
