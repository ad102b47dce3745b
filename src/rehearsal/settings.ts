/** What S3 asks of an object, of the buckets and of the keys, before any permission matters. */
import type { BucketState, KeyState, ObjectState, Snapshot } from "../accounts/snapshot";
import { parseArn } from "../iam";
import type { ReplicationRule } from "../replication/rules";
import type { Missing, ObjectOutcome } from "./report";

/** A reason why an object is not replicated, fails, or cannot be told about. */
export interface Finding {
  readonly outcome: Exclude<ObjectOutcome, "COMPLETED">;
  readonly failureReason?: string;
  readonly reason: string;
  readonly missing: readonly Missing[];
}

const notReplicated = (reason: string): Finding => ({ outcome: "NOT_REPLICATED", reason, missing: [] });

export function isKms(object: ObjectState): boolean {
  return object.deleteMarker !== true && object.encryption.algorithm.startsWith("aws:kms");
}

/**
 * Why S3 leaves an object alone, whatever the rules are: it is not a failure.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
 */
export function ineligible(object: ObjectState): Finding | undefined {
  if (object.replica === true)
    return notReplicated("it is a replica itself, and replicas are not replicated again");
  if (object.storageClass === "GLACIER" || object.storageClass === "DEEP_ARCHIVE") {
    return notReplicated(
      `it is in the storage class ${object.storageClass}, which S3 does not read for replication`,
    );
  }
  return undefined;
}

/** Why the rule that decides for an object leaves it alone. */
export function ineligibleUnder(rule: ReplicationRule, object: ObjectState): Finding | undefined {
  if (object.deleteMarker === true) {
    const status = rule.DeleteMarkerReplication?.Status;
    if (rule.Filter === undefined && status === undefined) {
      return {
        outcome: "UNPROVEN",
        reason:
          "the rule is in the V1 schema (no Filter): one page says that it replicates delete markers, another that markers from another account are not replicated by default",
        missing: [
          { resource: object.bucket, where: "rule", why: "undecided", keys: ["DeleteMarkerReplication"] },
        ],
      };
    }
    return status === "Enabled" ? undefined : notReplicated("the rule does not replicate delete markers");
  }
  if (isKms(object) && rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status !== "Enabled") {
    return notReplicated("it is under SSE-KMS, and the rule does not select SSE-KMS objects");
  }
  return undefined;
}

/** What is wrong with the settings of the buckets and keys for this object, worst first. */
export function settingFindings(
  snapshot: Snapshot,
  source: BucketState,
  rule: ReplicationRule,
  object: ObjectState,
  replicaKeyArn: string | undefined,
): Finding[] {
  const { Bucket: destinationArn, Account: account } = rule.Destination;
  const destination = snapshot.buckets[destinationArn];
  if (destination === undefined)
    return [unread(destinationArn, "the destination bucket is not in the snapshot")];
  const findings: Finding[] = [];
  const fails = (reason: string, setting: string, where: Missing["where"], failureReason?: string) =>
    findings.push({
      outcome: "FAILED",
      failureReason,
      reason,
      missing: [
        {
          resource: where === "key state" ? setting : destinationArn,
          where,
          why: "setting",
          keys: [setting],
        },
      ],
    });
  if (destination.versioning !== "Enabled") {
    fails(
      `versioning of the destination bucket is ${destination.versioning === null ? "off" : "suspended"}`,
      "versioning",
      "bucket setting",
      "DstBucketUnversioned",
    );
  }
  if ((source.objectLock || object.objectLock === true) && !destination.objectLock) {
    fails(
      "the source bucket has Object Lock, and the destination bucket has not",
      "objectLock",
      "bucket setting",
      "DstBucketObjectLockConfigMissing",
    );
  }
  if (destination.requesterPays === true) {
    fails(
      "the destination bucket is Requester Pays, which replication does not support",
      "requesterPays",
      "bucket setting",
    );
  }
  if (rule.Destination.AccessControlTranslation !== undefined && account !== destination.account) {
    fails(
      `the rule gives the replicas to account ${account ?? "(none)"}, but the destination bucket belongs to ${destination.account}`,
      "Destination.Account",
      "rule",
    );
  }
  if (isKms(object)) {
    findings.push(...keyFindings(snapshot, object.encryption.keyArn, source.region, "source"));
    findings.push(...keyFindings(snapshot, replicaKeyArn, destination.region, "destination"));
  }
  return findings;
}

function keyFindings(
  snapshot: Snapshot,
  keyArn: string | undefined,
  region: string,
  side: "source" | "destination",
): Finding[] {
  const [prefix, what] =
    side === "source" ? (["Src", "source object's"] as const) : (["Dst", "replica"] as const);
  const fails = (
    reason: string,
    setting: string,
    where: Missing["where"],
    failureReason: string,
  ): Finding[] => [
    {
      outcome: "FAILED",
      failureReason: `${prefix}${failureReason}`,
      reason,
      missing: [{ resource: keyArn ?? "", where, why: "setting", keys: [setting] }],
    },
  ];
  const arn = keyArn === undefined ? undefined : parseArn(keyArn);
  if (keyArn === undefined) {
    return side === "source"
      ? [unread("", "the key of the source object is not said")]
      : fails("the rule names no replica key", "ReplicaKmsKeyID", "rule", "KmsKeyNotFound");
  }
  if (side === "destination" && (arn?.service !== "kms" || !arn.resource.startsWith("key/"))) {
    return [
      unread(
        keyArn,
        `the replica key '${keyArn}' is not a key ARN: an alias or a key id is looked up in the account of whoever asks`,
      ),
    ];
  }
  if (arn !== undefined && arn.region !== region) {
    return fails(
      `the ${what} key is in ${arn.region}, the bucket in ${region}`,
      "ReplicaKmsKeyID",
      "rule",
      "KmsKeyNotFound",
    );
  }
  const key: KeyState | undefined = snapshot.keys[keyArn];
  if (key === undefined) return [unread(keyArn, `the ${what} key is not in the snapshot`)];
  if (key.manager === "AWS" && side === "destination") {
    return fails(
      "the replica key is an AWS managed key, which no other account can use",
      "ReplicaKmsKeyID",
      "rule",
      "KmsKeyNotFound",
    );
  }
  if (key.state !== "Enabled") {
    return fails(`the ${what} key is ${key.state}`, keyArn, "key state", "KmsKeyInvalidState");
  }
  return [];
}

function unread(resource: string, reason: string): Finding {
  return {
    outcome: "UNPROVEN",
    reason,
    missing: [{ resource, where: "snapshot", why: "unread", keys: [] }],
  };
}
