/** What S3 asks of an object, of the buckets and of the keys, before any permission matters. */
import {
  type BucketState,
  isAbsent,
  type KeyState,
  type ObjectState,
  type Snapshot,
} from "../snapshot/snapshot";
import { parseArn } from "../iam";
import { type ReplicationRuleJson, selectsKms } from "../replication/rules";
import type { LostPart, Missing, ObjectOutcome } from "./report/report";
import { ARCHIVED_STORAGE_CLASSES } from "../naming/names";

/** A reason why an object is not replicated, fails, or cannot be told about. */
export interface Finding {
  readonly outcome: Exclude<ObjectOutcome, "COMPLETED">;
  readonly failureReason?: string;
  readonly reason: string;
  readonly missing: readonly Missing[];
  /** What the replica lacks, where the object is replicated all the same. */
  readonly lost?: readonly LostPart[];
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
  if (ARCHIVED_STORAGE_CLASSES.includes(object.storageClass ?? "STANDARD")) {
    return notReplicated(
      `it is in the storage class ${object.storageClass}, which S3 does not read for replication`,
    );
  }
  return undefined;
}

/** Why the rule that decides for an object leaves it alone. */
export function ineligibleUnder(
  rule: ReplicationRuleJson,
  object: ObjectState,
  crossesAccounts: boolean,
): Finding | undefined {
  if (object.deleteMarker === true) {
    const status = rule.DeleteMarkerReplication?.Status;
    if (rule.Filter === undefined && status === undefined) {
      if (!crossesAccounts) return undefined;
      return {
        outcome: "UNPROVEN",
        reason:
          "the rule is in the V1 schema (no Filter): one page says that it replicates delete markers, another that markers from another account are not replicated by default",
        missing: [
          {
            resource: object.bucket,
            where: "rule",
            why: "undecided",
            keys: ["DeleteMarkerReplication"],
            statements: [],
          },
        ],
      };
    }
    return status === "Enabled" ? undefined : notReplicated("the rule does not replicate delete markers");
  }
  if (isKms(object) && !selectsKms(rule)) {
    return notReplicated("it is under SSE-KMS, and the rule does not select SSE-KMS objects");
  }
  return undefined;
}

/** What is wrong with the settings of the buckets and keys for this object, worst first. */
export function settingFindings(
  snapshot: Snapshot,
  source: BucketState,
  rule: ReplicationRuleJson,
  object: ObjectState,
  replicaKeyArn: string | undefined,
): Finding[] {
  const { Bucket: destinationArn } = rule.Destination;
  const destination = snapshot.buckets[destinationArn];
  const findings: Finding[] = roleFindings(snapshot, object.bucket, source);
  if (isAbsent(snapshot, destinationArn)) {
    const reason = `there is no destination bucket ${destinationArn}`;
    return [...findings, failed(destinationArn, "rule", "Destination.Bucket", reason, "DstBucketNotFound")];
  }
  if (destination === undefined)
    return [...findings, unread(destinationArn, "the destination bucket is not in the snapshot")];
  findings.push(...destinationFindings(destinationArn, destination, source, object));
  for (const setting of ["versioning", "objectLock", "encryption"]) {
    if (isUnread(source, setting)) findings.push(unreadSetting(object.bucket, "source", setting));
  }
  findings.push(...ownerFindings(rule, destination));
  if (isKms(object)) {
    findings.push(...sourceKeyFindings(snapshot, object, source));
    findings.push(...replicaKeyFindings(snapshot, replicaKeyArn, source, destination));
  }
  const takesDefault = object.encryption.algorithm === "NONE" && object.deleteMarker !== true;
  if (takesDefault && destination.encryption?.algorithm.startsWith("aws:kms") === true) {
    findings.push(...defaultKeyFindings(snapshot, destinationArn, source, destination));
  }
  return findings;
}

/** What the settings of the destination bucket say to this object. */
function destinationFindings(
  destinationArn: string,
  destination: BucketState,
  source: BucketState,
  object: ObjectState,
): Finding[] {
  const check = (setting: string, isWrong: boolean, reason: string, failureReason?: string): Finding[] => {
    if (isUnread(destination, setting)) return [unreadSetting(destinationArn, "destination", setting)];
    return isWrong ? [failed(destinationArn, "bucket setting", setting, reason, failureReason)] : [];
  };
  const isLocked = source.objectLock || object.objectLock === true;
  return [
    ...check(
      "versioning",
      destination.versioning !== "Enabled",
      `versioning of the destination bucket is ${destination.versioning === null ? "off" : "suspended"}`,
      "DstBucketUnversioned",
    ),
    ...(isLocked
      ? check(
          "objectLock",
          !destination.objectLock,
          "the source bucket has Object Lock, and the destination bucket has not",
          "DstBucketObjectLockConfigMissing",
        )
      : []),
    ...check(
      "requesterPays",
      destination.requesterPays === true,
      "the destination bucket is Requester Pays, which replication does not support",
    ),
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
    ...check(
      "blockedEncryptionTypes",
      object.encryption.algorithm === "SSE-C" &&
        destination.blockedEncryptionTypes?.includes("SSE-C") === true,
      "the destination bucket blocks SSE-C, and a replica keeps the encryption of its object",
      "DstPutObjectNotPermitted",
    ),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html */
function ownerFindings({ Destination }: ReplicationRuleJson, { account }: BucketState): Finding[] {
  const { Bucket: bucketArn, Account: named, AccessControlTranslation: owner } = Destination;
  if (named === account || (named === undefined && owner === undefined)) return [];
  if (owner !== undefined) {
    const reason = `the rule gives the replicas to account ${named ?? "(none)"}, but the destination bucket belongs to ${account}`;
    return [failed(bucketArn, "rule", "Destination.Account", reason)];
  }
  const reason = `the rule names account ${named}, the destination bucket belongs to ${account}, and no page says what becomes of such a rule without AccessControlTranslation`;
  const keys = ["Destination.Account"];
  return [
    {
      outcome: "UNPROVEN",
      reason,
      missing: [{ resource: bucketArn, where: "rule", why: "undecided", keys, statements: [] }],
    },
  ];
}

function roleFindings(snapshot: Snapshot, bucketArn: string, { replication }: BucketState): Finding[] {
  const roleArn = replication?.Role ?? "";
  if (!isAbsent(snapshot, roleArn)) return [];
  const namesake = namesakeOf(snapshot, roleArn);
  const instead = namesake === undefined ? "" : `; the role of that name is ${namesake}`;
  const reason = `there is no role ${roleArn}${instead}`;
  return [failed(bucketArn, "rule", "Role", reason, "AssumeRoleNotPermitted")];
}

/** The role of the same name at another path: a name is there once in an account, and the path is part of the ARN. */
export function namesakeOf({ accounts }: Snapshot, roleArn: string): string | undefined {
  const roleName = roleArn.slice(roleArn.lastIndexOf("/"));
  const roles = Object.keys(accounts[parseArn(roleArn)?.accountId ?? ""]?.roles ?? {});
  return roles.find((arn) => arn !== roleArn && arn.endsWith(roleName));
}

function sourceKeyFindings(
  snapshot: Snapshot,
  { bucket, encryption: { keyArn } }: ObjectState,
  source: BucketState,
): Finding[] {
  if (keyArn === undefined) return [unread("", "the key of the source object is not said")];
  const region = parseArn(keyArn)?.region;
  if (region !== undefined && region !== source.region) {
    const reason = `the source object's key is in ${region}, the bucket in ${source.region}`;
    return [failed(bucket, "bucket setting", "encryption", reason, "SrcGetObjectNotPermitted")];
  }
  if (isAbsent(snapshot, keyArn)) {
    const reason = `the source object's key ${keyArn} does not exist`;
    return [failed(bucket, "bucket setting", "encryption", reason, "SrcGetObjectNotPermitted")];
  }
  return stateFindings(snapshot.keys[keyArn], keyArn, "source object's", "SrcKmsKeyInvalidState");
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
function replicaKeyFindings(
  snapshot: Snapshot,
  keyArn: string | undefined,
  source: BucketState,
  destination: BucketState,
): Finding[] {
  const fails = (reason: string) => [
    failed(keyArn ?? "", "rule", "ReplicaKmsKeyID", reason, "DstKmsKeyNotFound"),
  ];
  if (keyArn === undefined) return fails("the rule names no replica key");
  if (isAbsent(snapshot, keyArn)) return fails(`the replica key ${keyArn} does not exist`);
  const arn = parseArn(keyArn);
  if (arn !== undefined && arn.region !== destination.region) {
    return fails(`the replica key is in ${arn.region}, the bucket in ${destination.region}`);
  }
  const isManaged = keyArn.includes("alias/aws/") || snapshot.keys[keyArn]?.manager === "AWS";
  if (isManaged && destination.account !== source.account) {
    return fails("the replica key is an AWS managed key, which no other account can use");
  }
  if (arn?.service !== "kms" || !arn.resource.startsWith("key/")) {
    return [
      {
        outcome: "UNPROVEN",
        reason:
          arn?.service === "kms"
            ? `the replica key '${keyArn}' is an alias ARN, which the API takes and the user guide advises against; what it stands for is not said`
            : `the replica key '${keyArn}' is not a key ARN: an alias or a key id is looked up in the account of whoever asks`,
        missing: [
          { resource: keyArn, where: "rule", why: "undecided", keys: ["ReplicaKmsKeyID"], statements: [] },
        ],
      },
    ];
  }
  return stateFindings(snapshot.keys[keyArn], keyArn, "replica", "DstKmsKeyInvalidState");
}

/**
 * An unencrypted object takes the destination's default key.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
 */
function defaultKeyFindings(
  snapshot: Snapshot,
  bucketArn: string,
  source: BucketState,
  destination: BucketState,
): Finding[] {
  const fails = (reason: string) => [
    failed(bucketArn, "bucket setting", "encryption", reason, "DstKmsKeyNotFound"),
  ];
  const keyArn = destination.encryption?.keyArn;
  const crosses = destination.account !== source.account;
  const isManaged =
    keyArn === undefined || keyArn.includes("alias/aws/") || snapshot.keys[keyArn]?.manager === "AWS";
  if (isManaged && crosses) {
    return fails("the destination's default key is an AWS managed key, which no other account can use");
  }
  if (keyArn === undefined) return [unread("", "the default key of the destination is not said")];
  if (isAbsent(snapshot, keyArn)) return fails(`the destination's default key ${keyArn} does not exist`);
  const arn = parseArn(keyArn);
  if (arn !== undefined && arn.region !== destination.region) {
    return fails(`the destination's default key is in ${arn.region}, the bucket in ${destination.region}`);
  }
  if (arn?.service !== "kms" || !arn.resource.startsWith("key/")) {
    if (crosses) {
      return fails(
        `the destination's default key '${keyArn}' is no key ARN, which other accounts and services need`,
      );
    }
    return [
      unread(
        bucketArn,
        `which key the destination's default '${keyArn}' stands for is not said`,
        "encryption",
      ),
    ];
  }
  return stateFindings(snapshot.keys[keyArn], keyArn, "destination's default", "DstKmsKeyInvalidState");
}

function stateFindings(
  key: KeyState | undefined,
  keyArn: string,
  what: string,
  failureReason: string,
): Finding[] {
  if (key === undefined) return [unread(keyArn, `the ${what} key is not in the snapshot`)];
  if (isUnread(key, "state")) return [unread(keyArn, `the state of the ${what} key could not be read`)];
  if (key.state === "Enabled") return [];
  return [failed(keyArn, "key state", keyArn, `the ${what} key is ${key.state}`, failureReason)];
}

function failed(
  resource: string,
  where: Missing["where"],
  setting: string,
  reason: string,
  failureReason?: string,
): Finding {
  return {
    outcome: "FAILED",
    failureReason,
    reason,
    missing: [{ resource, where, why: "setting", keys: [setting], statements: [], reason }],
  };
}

function isUnread(state: { readonly unread?: readonly string[] }, setting: string): boolean {
  return state.unread?.includes(setting) === true;
}

function unreadSetting(bucketArn: string, side: "source" | "destination", setting: string): Finding {
  return unread(bucketArn, `'${setting}' of the ${side} bucket could not be read`, setting);
}

function unread(resource: string, reason: string, ...keys: string[]): Finding {
  return {
    outcome: "UNPROVEN",
    reason,
    missing: [{ resource, where: "snapshot", why: "unread", keys, statements: [], reason }],
  };
}
