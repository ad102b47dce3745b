/** The kinds of objects that a rule can meet, when a snapshot brings none of its own. */
import type { BucketState, EncryptionState, ObjectState } from "../accounts/snapshot";
import { filterOf, type ReplicationConfiguration, type ReplicationRule } from "../replication/rules";

/** One sample object for each kind that each enabled rule can meet. */
export function kindsOfObjects(
  bucketArn: string,
  bucket: BucketState,
  configuration: ReplicationConfiguration,
): ObjectState[] {
  return configuration.Rules.filter((rule) => rule.Status === "Enabled").flatMap((rule) =>
    kindsForRule(bucketArn, bucket, rule),
  );
}

function kindsForRule(bucketArn: string, bucket: BucketState, rule: ReplicationRule): ObjectState[] {
  const { prefix, tags } = filterOf(rule);
  const ruleTags = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  const plain: EncryptionState = { algorithm: "AES256" };
  const object = (name: string, more: Partial<ObjectState> = {}): ObjectState => ({
    bucket: bucketArn,
    key: `${prefix}${name}`,
    encryption: plain,
    ...(tags.length === 0 ? {} : { tags: ruleTags }),
    ...more,
  });
  const kms = (bucketKeyEnabled: boolean): EncryptionState => ({
    algorithm: "aws:kms",
    keyArn: bucket.encryption?.keyArn,
    bucketKeyEnabled,
  });
  return [
    object("plain"),
    object("tagged", { tags: { ...ruleTags, team: "storage" } }),
    ...(bucket.encryption?.keyArn === undefined
      ? []
      : [object("kms", { encryption: kms(false) }), object("kms-bucket-key", { encryption: kms(true) })]),
    ...(bucket.objectLock ? [object("locked", { objectLock: true })] : []),
    // A delete marker has no tags, so it never matches a filter on tags.
    ...(tags.length === 0 ? [object("deleted", { deleteMarker: true })] : []),
  ];
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
