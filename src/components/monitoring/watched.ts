/** What monitoring watches: a bucket that replicates, whoever made it. */
import type * as pulumi from "@pulumi/pulumi";
import type { SeenRule, WatchedBucket } from "../../replication/monitoring/monitoring";
import type { ExistingNotification } from "../existingBucket";

/** What is watched. */
export interface Watched extends WatchedBucket {
  /** The component that watches, for messages: `ReplicationSource 'data'`. */
  readonly subject: string;
  readonly bucketName: pulumi.Output<string>;
  /** The rules that are on and have metrics. */
  readonly rules: readonly SeenRule[];
  readonly hasFailureEvents: boolean;
  /** What the bucket notifies already. */
  readonly notification?: ExistingNotification;
  /** Name of the destination bucket, by the name that rules call the destination. */
  readonly destinationBuckets: pulumi.Output<Readonly<Record<string, string>>>;
  readonly tags?: Record<string, string>;
}
