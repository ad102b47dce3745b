/** What S3 does as it was told, and hardly as anybody meant it. */
import type { BucketState, Snapshot } from "../../snapshot/snapshot";
import { bucketNameOf } from "../../naming/names";
import { ruleName } from "../../replication/rules";

/** A sentence each. */
export function warningsOf({ buckets }: Snapshot): string[] {
  return Object.entries(buckets).flatMap(([arn, bucket]) => unselectedByDefault(arn, bucket));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
function unselectedByDefault(arn: string, { encryption, replication }: BucketState): string[] {
  if (encryption?.algorithm.startsWith("aws:kms") !== true || replication === null) return [];
  const blind = replication.Rules.filter(
    ({ Status: status, SourceSelectionCriteria: criteria }) =>
      status === "Enabled" && criteria?.SseKmsEncryptedObjects?.Status !== "Enabled",
  );
  return blind.map(
    (rule) =>
      `objects of ${bucketNameOf(arn)} are under SSE-KMS by default, and rule '${ruleName(replication, rule)}' does not select these: it replicates none of them (SourceSelectionCriteria.SseKmsEncryptedObjects selects them, and needs a ReplicaKmsKeyID)`,
  );
}
