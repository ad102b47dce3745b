/** What S3 answers where a replication configuration is put on a bucket of a snapshot. */
import type { BucketOfPut, Put } from "../replication/refusals/refusal";
import type { ReplicationConfiguration } from "../replication/rules";
import type { BucketState, Snapshot } from "../snapshot/snapshot";

/** A configuration on its way to a bucket. Of a bucket that the snapshot does not hold, nobody can tell. */
export function putOf(
  snapshot: Snapshot,
  bucketArn: string,
  source: BucketState,
  configuration: ReplicationConfiguration,
): Put {
  const seen = ({ account, versioning, unread }: BucketState): BucketOfPut => ({
    account,
    versioning: unread?.includes("versioning") === true ? "Enabled" : versioning,
  });
  return {
    bucketArn,
    configuration,
    source: seen(source),
    batchRole: source.batchReplication?.role,
    destinationOf: (arn) => {
      const destination = Object.hasOwn(snapshot.buckets, arn) ? snapshot.buckets[arn] : undefined;
      return destination && seen(destination);
    },
  };
}
