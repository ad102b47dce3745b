/** What S3 Batch Replication asks for: the job that has existing objects replicated, under a role of its own. */
import type { Request } from "../../iam";
import { type Contradicted, type Documented, documented } from "../evidence";
import { contextOf } from "../requestContext";

const PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-policies.html";

const ROLES_PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html";

/** Service that assumes the role of a job. */
export const BATCH_SERVICE = "batchoperations.s3.amazonaws.com";

/** A Batch Replication job, as far as its permissions depend on it. */
export interface BatchReplication {
  /** ARN of the job's role, which is not the replication role. */
  readonly role: string;
  /** ARN of the bucket that holds the manifest. Left out: S3 generates the manifest, and nobody keeps it. */
  readonly manifestBucket?: string;
  /** What the manifest's key begins with, up to a slash. Left out: anything. */
  readonly manifestPrefix?: string;
  /** Whether somebody else writes the manifest, so that the job only reads it. Left out: the job writes it. */
  readonly manifestGiven?: boolean;
  /** ARN of the bucket that gets the completion report. Left out: there is no report. */
  readonly reportBucket?: string;
  /** What the report's keys begin with, up to a slash. Left out: anything. */
  readonly reportPrefix?: string;
}

export interface BatchPermission {
  readonly action: string;
  readonly target:
    "role" | "sourceBucket" | "sourceObject" | "manifestObject" | "manifestKey" | "reportObject";
  /** When the job asks for it, for people. */
  readonly when: string;
  readonly needed: (job: BatchReplication) => boolean;
  readonly failureReason?: string;
  /** How it is known that the job asks for it, and fails without it. */
  readonly known: Documented;
  /** What says that a job may do without it; undefined where nothing does. */
  readonly doubt?: (job: BatchReplication) => Contradicted | undefined;
}

const DATA_KEY_TO_READ: Contradicted = {
  grade: "contradicted",
  statement:
    "the page on the job's role asks for kms:GenerateDataKey too, and reading a manifest takes kms:Decrypt alone",
  sources: [ROLES_PAGE],
};

export const BATCH_PERMISSIONS: readonly BatchPermission[] = [
  {
    action: "sts:AssumeRole",
    target: "role",
    when: "always",
    needed: () => true,
    failureReason: "AssumeRoleNotPermitted",
    known: documented(PAGE),
  },
  {
    action: "s3:InitiateReplication",
    target: "sourceObject",
    when: "always",
    needed: () => true,
    failureReason: "InitiateReplicationNotPermitted",
    known: documented(PAGE),
  },
  ...["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"].map((action): BatchPermission => ({
    action,
    target: "sourceBucket",
    when: "a manifest that S3 generates",
    needed: (job) => job.manifestGiven !== true,
    known: documented(PAGE),
  })),
  ...["s3:GetObject", "s3:GetObjectVersion"].map((action): BatchPermission => ({
    action,
    target: "manifestObject",
    when: "a manifest that is kept, or given",
    needed: (job) => job.manifestBucket !== undefined,
    known: documented(PAGE),
  })),
  {
    action: "s3:PutObject",
    target: "manifestObject",
    when: "a manifest that is kept",
    needed: (job) => job.manifestBucket !== undefined && job.manifestGiven !== true,
    known: documented(PAGE),
  },
  {
    action: "kms:Decrypt",
    target: "manifestKey",
    when: "a manifest under SSE-KMS",
    needed: (job) => job.manifestBucket !== undefined,
    known: documented(ROLES_PAGE),
  },
  {
    action: "kms:GenerateDataKey",
    target: "manifestKey",
    when: "a manifest under SSE-KMS",
    needed: (job) => job.manifestBucket !== undefined,
    doubt: (job) => (job.manifestGiven === true ? DATA_KEY_TO_READ : undefined),
    known: documented(ROLES_PAGE),
  },
  // No key is asked for: S3 encrypts completion reports with SSE-S3, whatever the bucket's default encryption is.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
  {
    action: "s3:PutObject",
    target: "reportObject",
    when: "a completion report",
    needed: (job) => job.reportBucket !== undefined,
    known: documented(PAGE),
  },
];

/** Keys of what a job writes as its completion report, below the report's prefix; the parts that AWS makes up are examples. */
export const REPORT_KEYS = [
  "job-3f0c5c2e-8a41-4d6b-9b7e-2f1d0c9a8b7e/manifest.json",
  "job-3f0c5c2e-8a41-4d6b-9b7e-2f1d0c9a8b7e/manifest.json.md5",
  "job-3f0c5c2e-8a41-4d6b-9b7e-2f1d0c9a8b7e/results/6c2a4f0d9b1e8375a6c2a4f0d9b1e8375a6c2a4f.csv",
] as const;

/** A request of the job. Its session has no name that anybody has written down. */
export function batchRequest(
  { action, target }: BatchPermission,
  job: BatchReplication,
  resource: string,
  place: { readonly accountId: string; readonly region: string },
): Request {
  const service = target === "role" ? "sts" : target === "manifestKey" ? "kms" : "s3";
  const subject = { service, region: place.region } as const;
  // The name of the session is known of the replication role only.
  const shared = Object.fromEntries(
    Object.entries(contextOf(subject)).filter(([key]) => key !== "sts:RoleSessionName"),
  );
  return {
    principal:
      target === "role"
        ? { kind: "service", service: BATCH_SERVICE }
        : { kind: "role", roleArn: job.role, sessionName: "s3-batch-operations" },
    action,
    resource,
    resourceAccount: place.accountId,
    shared: [shared],
    context: {},
  };
}
