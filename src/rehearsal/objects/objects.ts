/** The kinds of objects that rules can meet, when a snapshot brings none of its own. */
import type { BucketState, ObjectState, Snapshot } from "../../snapshot/snapshot";
import { filterOf, type ReplicationConfiguration } from "../../replication/rules";
import { grouped, unique } from "../../util/grouping";
import { ClassMemory, type Kinds, kindsOf } from "./sampleObjects";
import type { Walk } from "./objectWalk";

/**
 * Objects that stand for every object that a rule takes: whatever its key, its tags and its encryption, it makes only
 * requests that one of these makes too. Storage class and size change no request.
 */
export class ObjectKinds {
  private readonly memory: ClassMemory;

  /** @param earlier Those of the same accounts before something in them was mended. */
  constructor(earlier?: ObjectKinds) {
    this.memory = new ClassMemory(earlier?.memory);
  }

  of(bucketArn: string, bucket: BucketState, configuration: ReplicationConfiguration, walk: Walk): Kinds {
    return kindsOf(bucketArn, bucket, configuration, walk, this.memory);
  }
}

/** In a bucket that receives replicas too, one stands for each rule that writes them there: by bucket ARN. */
export function replicas(snapshot: Snapshot): Map<string, ObjectState[]> {
  const written = Object.values(snapshot.buckets)
    .flatMap(({ replication }) => replication?.Rules ?? [])
    .filter(({ Status: status }) => status === "Enabled");
  return new Map(
    [...grouped(written, ({ Destination: { Bucket } }) => Bucket)].map(([bucket, rules]) => [
      bucket,
      unique(rules.map((rule) => `${filterOf(rule).prefix}replica`)).map((key) => ({
        bucket,
        key,
        encryption: { algorithm: "AES256" },
        replica: true,
      })),
    ]),
  );
}

/** What an object is, in a few words. */
export function describeObject(object: ObjectState): string {
  if (object.deleteMarker === true) return "delete marker";
  if (object.replica === true) return "replica";
  const { algorithm, bucketKeyEnabled } = object.encryption;
  const encryption = {
    AES256: "SSE-S3",
    "aws:kms": "SSE-KMS",
    "aws:kms:dsse": "DSSE-KMS",
    "SSE-C": "SSE-C",
    NONE: "unencrypted",
  }[algorithm];
  return [
    `${encryption}${algorithm === "aws:kms" ? (bucketKeyEnabled === true ? ", with Bucket Key" : ", without Bucket Key") : ""}`,
    ...(Object.keys(object.tags ?? {}).length > 0 ? ["tagged"] : []),
    ...(object.annotated === true ? ["annotated"] : []),
    ...(object.objectLock === true ? ["locked"] : []),
  ].join(", ");
}
