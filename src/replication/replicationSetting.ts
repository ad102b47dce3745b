/** What decides which requests S3 makes for an object, and how they look. */
import type { EvidenceLevel } from "./evidence";
import type { ReplicationCase } from "./permissions";

/** Everything that the requests of one object and destination are made of. */
export interface ReplicationSetting {
  readonly roleArn: string;
  readonly objectKey: string;
  readonly objectTags: Readonly<Record<string, string>>;
  readonly source: Place;
  readonly destination: Place;
  /** Key that the source object is under. */
  readonly sourceKeyArn?: string;
  /** Key that the replica is written under. */
  readonly replicaKeyArn?: string;
  /** Names of aliases by which rules call that key. Default: none. */
  readonly replicaKeyAliases?: readonly string[];
  /** How the replica is encrypted. */
  readonly replicaAlgorithm: "AES256" | "aws:kms" | "aws:kms:dsse" | "SSE-C" | "NONE";
  readonly replication: ReplicationCase;
  /** What decides where AWS's pages are silent about what S3 sends. */
  readonly level: EvidenceLevel;
  /** Whether the destination bucket uses an S3 Bucket Key by default. */
  readonly destinationBucketKey: boolean;
}

/** A bucket and where it is. */
export interface Place {
  readonly bucketArn: string;
  readonly accountId: string;
  readonly region: string;
}
