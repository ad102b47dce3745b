/** What a replica is made of: from an object, its rule and the two buckets to the setting that S3's requests follow from. */
import { mayUseBucketKeys } from "../snapshot/bucketKeys";
import type { BucketState, EncryptionState, ObjectState } from "../snapshot/snapshot";
import type { ReplicationCase } from "../replication/permissions";
import type { EvidenceLevel } from "../replication/evidence";
import type { ReplicationRuleJson } from "../replication/rules";
import type { ReplicaReport } from "./report/report";
import { isKms } from "./preconditions";
import type { ReplicationSetting } from "../replication/replicationSetting";

/**
 * An object that is encrypted keeps its kind of encryption, an unencrypted one takes the destination's default.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export function replicaEncryption(
  rule: ReplicationRuleJson,
  { encryption }: ObjectState,
  destination: BucketState | undefined,
): EncryptionState {
  if (encryption.algorithm === "NONE") return destination?.encryption ?? { algorithm: "AES256" };
  if (!encryption.algorithm.startsWith("aws:kms")) return { algorithm: encryption.algorithm };
  return {
    algorithm: encryption.algorithm,
    keyArn: rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID,
    bucketKeyEnabled: encryption.bucketKeyEnabled ?? false,
  };
}

const NO_TAGS = {};

export function settingOf(
  roleArn: string,
  source: BucketState,
  destination: BucketState,
  rule: ReplicationRuleJson,
  object: ObjectState,
  encryption: EncryptionState,
  level: EvidenceLevel,
): ReplicationSetting {
  const destinationBucketKey = mayUseBucketKeys(destination);
  const replicaKms = encryption.algorithm.startsWith("aws:kms");
  const replication: ReplicationCase = {
    deleteMarker: object.deleteMarker === true,
    tagged: Object.keys(object.tags ?? {}).length > 0,
    annotated: object.annotated === true,
    locked: object.objectLock === true,
    sourceKms: isKms(object),
    sourceBucketKey: object.encryption.bucketKeyEnabled === true,
    replicaKms,
    replicaBucketKey: replicaKms && (object.encryption.bucketKeyEnabled === true || destinationBucketKey),
    unencrypted: object.encryption.algorithm === "NONE",
    ownerOverride: rule.Destination.AccessControlTranslation !== undefined,
    destinationOwnerEnforced: destination.ownership === "BucketOwnerEnforced",
  };
  const aliases = source.replication?.KeyAliases?.[encryption.keyArn ?? ""];
  return {
    roleArn,
    objectKey: object.key,
    objectTags: object.tags ?? NO_TAGS,
    source: { bucketArn: object.bucket, accountId: source.account, region: source.region },
    destination: {
      bucketArn: rule.Destination.Bucket,
      accountId: destination.account,
      region: destination.region,
    },
    sourceKeyArn: object.encryption.keyArn,
    replicaKeyArn: encryption.keyArn,
    ...(aliases === undefined ? {} : { replicaKeyAliases: aliases }),
    replicaAlgorithm: encryption.algorithm,
    replication,
    destinationBucketKey,
    level,
  };
}

export function replicaOf(
  rule: ReplicationRuleJson,
  object: ObjectState,
  source: BucketState,
  destination: BucketState,
  encryption: EncryptionState,
  lost: ReadonlySet<string>,
): ReplicaReport {
  const givenAway =
    destination.ownership === "BucketOwnerEnforced" ||
    rule.Destination.AccessControlTranslation !== undefined;
  return {
    owner: givenAway ? destination.account : source.account,
    encryption,
    storageClass: rule.Destination.StorageClass ?? object.storageClass ?? "STANDARD",
    tags: lost.has("tags") ? {} : (object.tags ?? {}),
    deleteMarker: object.deleteMarker === true,
  };
}
