/** Mistakes in what is asked for Batch Replication and S3 Inventory. */
import type { Mistake } from "./badBucketInput";

const KEY_PREFIX = "must be the beginning of object keys, 1 to 512 characters without a slash at either end";

const batch = (batchReplication: unknown, more: object = {}) => ({ batchReplication, ...more });
const documents = (change: object = {}) => ({
  rules: [{ id: "documents", prefix: "documents/", ...change }],
});
const inside = (kind: string, prefix: string) =>
  `'@batchReplication.${kind}Prefix' must be outside every rule, got '${prefix}' in the source bucket, which rule 'documents' takes: the ${kind} would be replicated itself; use a prefix that no rule takes, or another bucket`;

/** Of a source whose bucket is called 'orders'. */
export const BATCH_MISTAKES: readonly Mistake[] = [
  [
    "Batch Replication that is no object",
    batch(true),
    "'@batchReplication' must be an object of settings, got true",
  ],
  [
    "a setting of Batch Replication that is none",
    batch({ report: "x" }),
    "'@batchReplication.report' is not a setting; allowed here: roleName, rolePath, …",
  ],
  [
    "the replication role for jobs as well",
    batch({ roleName: "s3-replication" }),
    "'@batchReplication.roleName' must be another role than the replication role, which S3 assumes as another service, got 's3-replication' for both",
  ],
  [
    "a role name that leaves no room for '-batch'",
    batch({}, { roleName: "r".repeat(60), destinations: { a: { stack: "a/b/c" } } }),
    `'@batchReplication.roleName' must be given where 'roleName' is too long to have '-batch' behind it, got nothing and the role name '${"r".repeat(60)}'`,
  ],
  [
    "a report prefix without a bucket",
    batch({ reportPrefix: "reports" }),
    "'@batchReplication.reportBucketName' must be given where 'batchReplication.reportPrefix' is, got nothing",
  ],
  [
    "a report prefix with a slash at its end",
    batch({ reportBucketName: "reports", reportPrefix: "reports/" }),
    `'@batchReplication.reportPrefix' ${KEY_PREFIX}, got 'reports/'`,
  ],
  [
    "reports under a rule's prefix",
    batch({ reportBucketName: "orders", reportPrefix: "documents/reports" }, documents()),
    inside("report", "documents/reports"),
  ],
  [
    "reports that a longer prefix of a rule takes",
    batch({ reportBucketName: "orders", reportPrefix: "r" }, documents({ prefix: "r/job-1" })),
    inside("report", "r"),
  ],
  [
    "manifests under a rule's prefix",
    batch({ manifestBucketName: "orders", manifestPrefix: "documents" }, documents()),
    inside("manifest", "documents"),
  ],
  [
    "an inventory of another schedule",
    { inventory: { bucketName: "lists", schedule: "Hourly" } },
    "'@inventory.schedule' must be one of 'Daily', 'Weekly', got 'Hourly'",
  ],
  [
    "an inventory under a prefix with a slash at its end",
    { inventory: { bucketName: "lists", prefix: "lists/", schedule: "Daily" } },
    `'@inventory.prefix' ${KEY_PREFIX}, got 'lists/'`,
  ],
  [
    "an inventory under a rule's prefix",
    { inventory: { bucketName: "orders", prefix: "documents", schedule: "Daily" }, ...documents() },
    "'@inventory.prefix' must be outside every rule, got 'documents' in the source bucket, which rule 'documents' takes: the lists would be replicated themselves; use a prefix that no rule takes, or another bucket",
  ],
  [
    "an inventory in a source bucket whose rule takes every key",
    { inventory: { bucketName: "orders", schedule: "Daily" }, ...documents({ prefix: "" }) },
    "'@inventory.prefix' must be outside every rule, got nothing in the source bucket, which rule 'documents' takes: the lists would be replicated themselves; use a prefix that no rule takes, or another bucket",
  ],
];
