/** What S3 Batch Replication asks for: the job that has existing objects replicated, under a role of its own. */
import type { Request } from "../iam";
import { contextOf } from "./requestContext";

const PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-policies.html";

/** Service that assumes the role of a job. */
export const BATCH_SERVICE = "batchoperations.s3.amazonaws.com";

/** A Batch Replication job, as far as its permissions depend on it. */
export interface BatchReplication {
  /** ARN of the job's role, which is not the replication role. */
  readonly role: string;
  /** ARN of the bucket that holds the manifest. Left out: S3 generates the manifest, and nobody keeps it. */
  readonly manifestBucket?: string;
  /** ARN of the bucket that gets the completion report. Left out: there is no report. */
  readonly reportBucket?: string;
}

export interface BatchPermission {
  readonly action: string;
  readonly target: "role" | "sourceBucket" | "sourceObject" | "manifestObject" | "reportObject";
  /** When the job asks for it, for people. */
  readonly when: string;
  readonly needed: (job: BatchReplication) => boolean;
  readonly failureReason?: string;
  readonly source: string;
}

export const BATCH_PERMISSIONS: readonly BatchPermission[] = [
  {
    action: "sts:AssumeRole",
    target: "role",
    when: "always",
    needed: () => true,
    failureReason: "AssumeRoleNotPermitted",
    source: PAGE,
  },
  {
    action: "s3:InitiateReplication",
    target: "sourceObject",
    when: "always",
    needed: () => true,
    failureReason: "InitiateReplicationNotPermitted",
    source: PAGE,
  },
  ...["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"].map((action): BatchPermission => ({
    action,
    target: "sourceBucket",
    when: "a manifest that S3 generates",
    needed: () => true,
    source: PAGE,
  })),
  ...["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"].map((action): BatchPermission => ({
    action,
    target: "manifestObject",
    when: "a manifest that is kept",
    needed: (job) => job.manifestBucket !== undefined,
    source: PAGE,
  })),
  {
    action: "s3:PutObject",
    target: "reportObject",
    when: "a completion report",
    needed: (job) => job.reportBucket !== undefined,
    source: PAGE,
  },
];

/** A request of the job. Its session has no name that anybody has written down. */
export function batchRequest(
  { action, target }: BatchPermission,
  job: BatchReplication,
  resource: string,
  place: { readonly accountId: string; readonly region: string },
): Request {
  const subject = { service: target === "role" ? ("sts" as const) : ("s3" as const), region: place.region };
  // The name of the session is known of the replication role only.
  const context = Object.fromEntries(
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
    context,
  };
}
