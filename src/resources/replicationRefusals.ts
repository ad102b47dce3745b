import type { ReplicationConfiguration } from "../replication/rules";
import type { BucketState, Snapshot } from "../snapshot/snapshot";

/**
 * What S3 checks of the buckets when a replication configuration is put: that they are two, and versioning on both sides,
 * and no more. Of a destination that the snapshot does not hold, nobody can tell.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
 */
export function refusalsOfBuckets(
  source: BucketState,
  configuration: ReplicationConfiguration,
  snapshot: Snapshot,
): string[] {
  const refusals: string[] = [];
  if (source.versioning !== "Enabled") {
    refusals.push(
      "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    );
  }
  for (const { Destination: destination } of configuration.Rules) {
    if (snapshot.buckets[destination.Bucket] === source) {
      refusals.push("InvalidRequest: the destination bucket must be another one than the source bucket");
    }
    if (!Object.hasOwn(snapshot.buckets, destination.Bucket)) continue;
    if (snapshot.buckets[destination.Bucket]?.versioning !== "Enabled") {
      refusals.push("InvalidRequest: Destination bucket must have versioning enabled.");
    }
  }
  return refusals;
}
