/** Buckets, keys and roles that people made by hand, before any stack. */
import {
  BUCKET,
  BUCKET_NOTIFICATION,
  BUCKET_POLICY,
  BUCKET_VERSIONING,
  KEY,
  QUEUE,
  QUEUE_POLICY,
  ROLE,
} from "../provider/resourceTypes";
import type { Workspace } from "./workspace";

export interface HandMade {
  readonly accountId: string;
  readonly region: string;
  readonly bucketName: string;
}

/** A bucket with a key, a policy, a notification and an object in it. */
export interface HandMadeBucket {
  readonly bucketArn: string;
  readonly keyArn: string;
  readonly policy: object;
  readonly notification: { readonly queues: readonly object[] };
}

export function bucketByHand(
  workspace: Workspace,
  { accountId, region, bucketName }: HandMade,
): HandMadeBucket {
  const caller = { accountId, region };
  const make = (type: string, inputs: Record<string, unknown>) =>
    workspace.accounts.create(type, `by-hand-${bucketName}`, inputs, caller);
  const bucketArn = `arn:aws:s3:::${bucketName}`;
  const key = make(KEY, {});
  make(BUCKET, { bucket: bucketName });
  make(BUCKET_VERSIONING, { bucket: bucketName, versioningConfiguration: { status: "Enabled" } });
  make("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    bucket: bucketName,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.outputs.arn },
        bucketKeyEnabled: true,
      },
    ],
  });
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AuditorsRead",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "s3:GetObject",
        Resource: `${bucketArn}/*`,
      },
    ],
  };
  make(BUCKET_POLICY, { bucket: bucketName, policy: JSON.stringify(policy) });
  const queue = make(QUEUE, { name: `${bucketName}-uploads` });
  make(QUEUE_POLICY, {
    queueUrl: queue.id,
    policy: JSON.stringify({ Principal: { Service: "s3.amazonaws.com" } }),
  });
  const queues = [{ id: "uploads", queueArn: queue.outputs.arn, events: ["s3:ObjectCreated:*"] }];
  make(BUCKET_NOTIFICATION, { bucket: bucketName, queues });
  workspace.accounts.putObject(bucketArn, "from-before");
  // What was made by hand is no change of a stack.
  workspace.accounts.changes.length = 0;
  return { bucketArn, keyArn: String(key.outputs.arn), policy, notification: { queues } };
}

export function roleByHand(workspace: Workspace, accountId: string, name: string): void {
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const inputs = { name, path: "/", assumeRolePolicy: JSON.stringify(trust) };
  workspace.accounts.create(ROLE, `by-hand-${name}`, inputs, { accountId, region: "us-east-1" });
  workspace.accounts.changes.length = 0;
}
