/** What the monitoring of a source watches. */
import type * as pulumi from "@pulumi/pulumi";
import type { ResolvedRule } from "../../replication/rules";
import type { ExistingNotification } from "../existingBucket";

/** What is watched. */
export interface Watched {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: string;
  readonly accountId: string;
  readonly region: string;
  /** The rules that are on and have metrics. */
  readonly rules: readonly ResolvedRule[];
  readonly hasFailureEvents: boolean;
  /** What the bucket notifies already. */
  readonly notification?: ExistingNotification;
  /** Name of the destination bucket, by the name that rules call the destination. */
  readonly destinationBuckets: pulumi.Output<Readonly<Record<string, string>>>;
  readonly tags?: Record<string, string>;
}
