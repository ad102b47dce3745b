/** The kinds of objects that rules can meet, when a snapshot brings none of its own. */
import type { BucketState, ObjectState } from "../accounts/snapshot";
import type { ReplicationConfiguration } from "../replication/rules";
import { ClassMemory, type Kinds, kindsOf, type Walk } from "./classes/kinds";

export type { Kinds, Walk } from "./classes/kinds";

/**
 * Objects that stand for every object that a rule takes: whatever its key, its tags and its encryption, it makes only
 * requests that one of these makes too. Storage class and size change no request.
 */
export class ObjectKinds {
  private readonly memory = new ClassMemory();

  of(bucketArn: string, bucket: BucketState, configuration: ReplicationConfiguration, walk: Walk): Kinds {
    return kindsOf(bucketArn, bucket, configuration, walk, this.memory);
  }
}

/** What an object is, in a few words. */
export function describeObject(object: ObjectState): string {
  if (object.deleteMarker === true) return "delete marker";
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
    ...(object.objectLock === true ? ["locked"] : []),
  ].join(", ");
}
