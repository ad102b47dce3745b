/**
 * What components say of a bucket and a role that exist already: nobody makes them here, and nobody read them. What is
 * said counts, as an assumption that reports name; what is not said is unread.
 */
import * as v from "valibot";
import { partitionOfRegion } from "../naming/arn";
import { DEFAULTS } from "../replication/arguments/arguments";
import { findingId } from "../naming/findings";
import { bucketArnOf, roleArnOf } from "../naming/names";
import { accountOf, type BucketState, type EncryptionState, type Snapshot } from "../snapshot/snapshot";
import { OWNERSHIP } from "../snapshot/snapshotSchema";
import { unreadPolicy } from "../snapshot/unread";
import { type Handler, type ResourceInputs, unreadRole } from "./handler";
import { asDocument, at, listOf, text, textOr } from "./values";

const WHY = "a bucket that exists already";

const component: Handler = (site, { name, inputs, accountId, region }) => {
  const partition = partitionOfRegion(region);
  const { snapshot } = site;
  if (at(inputs, "existingBucket") !== undefined) {
    const arn = bucketArnOf(partition, text(inputs.bucketName));
    const said = saidOf(inputs);
    take((snapshot.buckets[arn] ??= unsaid(accountId, region)), said);
  }
  if (at(inputs, "existingRole") !== undefined) {
    const path = textOr(inputs.rolePath, DEFAULTS.rolePath);
    const arn = roleArnOf(partition, accountId, path, textOr(inputs.roleName, DEFAULTS.roleName));
    accountOf(snapshot, accountId).roles[arn] ??= unreadRole("a role that exists already");
  }
  noteIntents(snapshot, bucketArnOf(partition, textOr(inputs.bucketName, "")), inputs);
  return { id: name, outputs: {} };
};

/** A rule that says itself that it leaves SSE-KMS objects alone is meant so. */
function noteIntents(snapshot: Snapshot, bucketArn: string, inputs: ResourceInputs["inputs"]): void {
  const meant = listOf(inputs.rules).flatMap((rule) => {
    const id = at(rule, "id");
    const isSaid = at(rule, "sseKmsEncryptedObjects") === false && typeof id === "string";
    return isSaid ? [findingId("sse-kms-not-selected", bucketArn, id)] : [];
  });
  if (meant.length > 0) snapshot.accepted = [...new Set([...(snapshot.accepted ?? []), ...meant])];
}

export const COMPONENTS: Readonly<Record<string, Handler>> = {
  "s3-replication:index:ReplicationDestination": component,
  "s3-replication:index:ReplicationSource": component,
};

type Said = Partial<BucketState>;

/** Settings of the bucket that the arguments say. S3 takes no replication of or into a bucket that is not versioned. */
function saidOf(inputs: ResourceInputs["inputs"]): Said {
  const ownership = at(inputs, "existingBucket", "objectOwnership");
  const policy = at(inputs, "existingBucket", "policy");
  const encryption = encryptionOf(inputs);
  const objectLock = at(inputs, "objectLockEnabled");
  return {
    versioning: "Enabled",
    requesterPays: false,
    ...(v.is(OWNERSHIP, ownership) ? { ownership } : {}),
    ...(typeof policy === "string"
      ? { policy: policy === "none" ? null : asDocument(policy, "resource") }
      : {}),
    ...(encryption === undefined ? {} : { encryption }),
    ...(typeof objectLock === "boolean" ? { objectLock } : {}),
  };
}

/** Undefined where a part is not said. */
function encryptionOf(inputs: ResourceInputs["inputs"]): EncryptionState | undefined {
  const algorithm = textOr(at(inputs, "encryption", "algorithm"), DEFAULTS.algorithm);
  if (algorithm === "AES256") return { algorithm };
  const keyArn = at(inputs, "encryption", "keyArn");
  const bucketKeyEnabled = at(inputs, "encryption", "bucketKeyEnabled");
  if (typeof keyArn !== "string" || typeof bucketKeyEnabled !== "boolean") return undefined;
  return { algorithm: "aws:kms", keyArn, bucketKeyEnabled };
}

const SETTINGS = ["versioning", "requesterPays", "ownership", "policy", "encryption", "objectLock"] as const;

/** A bucket of which nothing is said. Its public access is taken to be blocked: that takes the most from a policy. */
function unsaid(account: string, region: string): BucketState {
  return {
    account,
    region,
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    policy: unreadPolicy("resource", WHY),
    objectLock: false,
    publicAccessBlock: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    replication: null,
    unread: [...SETTINGS],
    stated: [],
  };
}

/** Takes what is said of settings that nobody read. */
function take(bucket: BucketState, said: Said): void {
  const { unread = [] } = bucket;
  const taken = SETTINGS.filter((setting) => said[setting] !== undefined && unread.includes(setting));
  for (const setting of taken) Object.assign(bucket, { [setting]: said[setting] });
  const left = unread.filter((setting) => !taken.some((other) => other === setting));
  if (left.length > 0) bucket.unread = left;
  else delete bucket.unread;
  if (taken.length > 0) bucket.stated = [...new Set([...(bucket.stated ?? []), ...taken])];
}
