/** What can be said of a version at a destination: the state that it is in, why, and what mends it. */

/** States in the order in which reports show them. */
export const STATES = [
  "in place",
  "failed",
  "pending",
  "never tried",
  "gone",
  "wrong",
  "undecided",
  "left alone",
  "destination only",
] as const;
export type State = (typeof STATES)[number];

/** States of versions that the rules want at the destination, and that are not there as they should be. */
export const MISSING_STATES: readonly State[] = ["failed", "pending", "never tried", "gone", "wrong"];

/**
 * What brings a version to its destination. Batch Replication: a job of these versions. Copy: a job does not, and a copy
 * of the object onto itself is a new version that replicates. Restore: it is read only after it was restored. Customer
 * key: only whoever has the key can copy it. Wait: S3 is at it. None: there is nothing to mend, or nobody knows.
 */
export type Remedy = "batch replication" | "copy" | "restore" | "customer key" | "wait" | "none";

export interface CauseFacts {
  readonly state: State;
  /** A sentence without capital and full stop. */
  readonly reason: string;
  readonly remedy: Remedy;
}

/**
 * Every cause, by a name that stays. Batch Replication does not bring back a version that was deleted at the destination
 * by its version id, does not read archived objects, and has no customer's keys.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
 */
export const CAUSES = {
  "in-place": {
    state: "in place",
    reason: "it is at the destination as the rule wants it",
    remedy: "none",
  },
  "in-place-failed": {
    state: "in place",
    reason:
      "it is there, though S3 says FAILED: a later change of its tags, ACL or lock did, or another destination",
    remedy: "none",
  },
  "in-place-pending": {
    state: "in place",
    reason: "it is there, though S3 still says PENDING: for a later change, or for another destination",
    remedy: "none",
  },
  failed: {
    state: "failed",
    reason: "S3 says FAILED, and does not try again by itself",
    remedy: "batch replication",
  },
  "failed-archived": {
    state: "failed",
    reason: "S3 says FAILED, and it is archived, so that S3 cannot read it before it is restored",
    remedy: "restore",
  },
  "failed-customer-key": {
    state: "failed",
    reason: "S3 says FAILED, and it is under a key of the customer's (SSE-C), which no job has",
    remedy: "customer key",
  },
  pending: { state: "pending", reason: "S3 says PENDING", remedy: "wait" },
  "never-tried": {
    state: "never tried",
    reason: "S3 has no status of it: it was written before the rule, or when no rule took it",
    remedy: "batch replication",
  },
  "never-tried-archived": {
    state: "never tried",
    reason:
      "S3 has no status of it, and it is archived, so that neither S3 nor a job reads it before it is restored",
    remedy: "restore",
  },
  "never-tried-customer-key": {
    state: "never tried",
    reason: "S3 has no status of it, and it is under a key of the customer's (SSE-C), which no job has",
    remedy: "customer key",
  },
  "never-tried-delete-marker": {
    state: "never tried",
    reason: "the delete marker is not there, and no lifecycle rule makes delete markers here",
    remedy: "batch replication",
  },
  gone: {
    state: "gone",
    reason:
      "S3 says COMPLETED, and it is not there: it was deleted or expired there, or went to an earlier destination",
    remedy: "copy",
  },
  "gone-archived": {
    state: "gone",
    reason: "S3 says COMPLETED, and it is not there; at the source it is archived by now",
    remedy: "restore",
  },
  "gone-delete-marker": {
    state: "gone",
    reason:
      "S3 says COMPLETED, and the delete marker is not there: it was removed or expired there; deleting the object at the source once more makes another, which replicates",
    remedy: "none",
  },
  "gone-customer-key": {
    state: "gone",
    reason: "S3 says COMPLETED, and it is not there; it is under a key of the customer's (SSE-C)",
    remedy: "customer key",
  },
  "wrong-delete-marker": {
    state: "wrong",
    reason: "one side is an object and the other a delete marker",
    remedy: "copy",
  },
  "wrong-size": { state: "wrong", reason: "its size there is another", remedy: "copy" },
  "wrong-encryption": {
    state: "wrong",
    reason: "it is encrypted in another way there, and a replica keeps the kind of its source",
    remedy: "copy",
  },
  "wrong-storage-class": {
    state: "wrong",
    reason:
      "it is in another storage class there than the rule says, and no lifecycle rule moves objects there",
    remedy: "copy",
  },
  "wrong-owner": {
    state: "wrong",
    reason: "the rule gives replicas to the destination's account, and it belongs to another",
    remedy: "copy",
  },
  "wrong-tags": { state: "wrong", reason: "its tags there are others", remedy: "copy" },
  replica: {
    state: "left alone",
    reason: "it is a replica itself, and replicas are not replicated again",
    remedy: "none",
  },
  "kms-not-selected": {
    state: "left alone",
    reason: "it is under SSE-KMS, and the rule does not select SSE-KMS objects",
    remedy: "none",
  },
  "delete-marker-not-replicated": {
    state: "left alone",
    reason: "it is a delete marker, and the rule does not replicate delete markers",
    remedy: "none",
  },
  "rule-disabled": { state: "left alone", reason: "the rule that takes it is disabled", remedy: "none" },
  "no-rule": { state: "left alone", reason: "no rule takes its key and tags", remedy: "none" },
  "change-failed": {
    state: "undecided",
    reason:
      "it is there, though S3 says FAILED: of a later change of its tags, ACL or lock, or of an earlier destination",
    remedy: "batch replication",
  },
  "maybe-replica": {
    state: "undecided",
    reason:
      "it is there, and not as the rule wants its replicas; whether it is one was not read, or the source's is the replica",
    remedy: "none",
  },
  "written-later": {
    state: "undecided",
    reason: "it was written after the older of the two listings began",
    remedy: "none",
  },
  "destination-listed-earlier": {
    state: "undecided",
    reason: "S3 says COMPLETED, and the destination's listing is older than that of the source",
    remedy: "none",
  },
  "maybe-expired": {
    state: "undecided",
    reason:
      "S3 says COMPLETED, and the destination was listed later: by then lifecycle may have deleted it in both buckets",
    remedy: "none",
  },
  "tags-unread": {
    state: "undecided",
    reason: "the rule filters by tags, which were not read, and no status decides",
    remedy: "none",
  },
  "status-unread": {
    state: "undecided",
    reason: "it is not there, and its replication status was not read",
    remedy: "none",
  },
  "status-behind-customer-key": {
    state: "undecided",
    reason:
      "it is not there, and it is under a key of the customer's (SSE-C), without which S3 does not tell its status",
    remedy: "customer key",
  },
  "encryption-unread": {
    state: "undecided",
    reason: "it is not there, and how it is encrypted was not read; the rule does not select SSE-KMS objects",
    remedy: "none",
  },
  "delete-marker-status-unread": {
    state: "undecided",
    reason:
      "the delete marker is not there, and its status was not read, which listings do not show: it was never tried, or somebody removed it there, and a job may hide the object again",
    remedy: "batch replication",
  },
  "delete-marker-of-lifecycle": {
    state: "undecided",
    reason:
      "the delete marker is not there; those that lifecycle makes are not replicated, and nothing says who made it",
    remedy: "none",
  },
  "delete-marker-first-schema": {
    state: "undecided",
    reason:
      "it is a delete marker, and of rules without Filter AWS's pages say both that they replicate these across accounts and that they do not",
    remedy: "none",
  },
  "null-version": {
    state: "undecided",
    reason:
      "it was written without versioning: its version id 'null' does not tell which object at the destination is its replica",
    remedy: "none",
  },
  "destination-only": {
    state: "destination only",
    reason: "the source does not have it: it was deleted there, or others wrote it",
    remedy: "none",
  },
  "destination-only-hiding": {
    state: "destination only",
    reason: "a delete marker that only the destination has hides the versions below it",
    remedy: "none",
  },
  "destination-written-later": {
    state: "undecided",
    reason: "only the destination's listing has it, and it was written after the source's listing began",
    remedy: "none",
  },
} as const satisfies Record<string, CauseFacts>;

export type Cause = keyof typeof CAUSES;
