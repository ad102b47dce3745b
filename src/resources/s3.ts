/** S3's resources, old and new: one entry a type. */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { bucketArnOf } from "../naming/names";
import { accountOf, type BucketState } from "../snapshot/snapshot";
import { markUnread, Unread, unreadPolicy } from "../snapshot/unread";
import {
  type Change,
  publicAccessBlockOf,
  setEncryption,
  setObjectLock,
  setOwnership,
  setPayer,
  setPolicy,
  setPublicAccessBlock,
  setReplication,
  setVersioning,
} from "./bucketSettings";
import { AwsRefusal } from "./refusal";
import { bucketOf, deployedArn, type Handler, nameOf, type ResourceInputs, type Site } from "./handler";
import { at, either, text, textOr } from "./values";

const bucket: Handler = (site, resource) => {
  const { snapshot, world } = site;
  const { inputs, accountId, region, deployed } = resource;
  const bucketName = nameOf(resource, "bucket");
  const arn = deployedArn(resource, "s3") ?? bucketArnOf(partitionOfRegion(region), bucketName);
  const existing = snapshot.buckets[arn];
  // One that was only spoken of is the one that is made now.
  if (existing !== undefined && existing.stated === undefined && world.refuses) {
    throw new AwsRefusal(
      existing.account === accountId
        ? `BucketAlreadyOwnedByYou: the bucket '${bucketName}' exists already`
        : `BucketAlreadyExists: the bucket name '${bucketName}' is taken; bucket names are unique across all accounts`,
    );
  }
  // What a stack only looks at says less than what another one makes.
  if (existing !== undefined && deployed?.external === true) return { id: bucketName, outputs: {} };
  const state = newBucket(accountId, region);
  snapshot.buckets[arn] = state;
  if (deployed?.old === true || deployed?.external === true) {
    // Before April 2023 a new bucket had ACLs and no block of public access.
    markUnread(state, "ownership");
    markUnread(state, "publicAccessBlock");
  }
  if (deployed?.external === true) markUnsaid(state, inputs);
  const change: Change = { site, bucket: state, resource };
  if (inputs.objectLockEnabled instanceof Unread) markUnread(state, "objectLock");
  const lock = either(inputs, "objectLockConfiguration", "objectLockConfigurations");
  if (inputs.objectLockEnabled === true || at(lock, "objectLockEnabled") === "Enabled") {
    // A bucket made with Object Lock is versioned from the start.
    state.versioning = "Enabled";
    state.objectLock = true;
  }
  setInline(change, inputs);
  return { id: bucketName, outputs: { arn, bucket: bucketName, region, bucketRegion: region } };
};

/** What S3 gives a new bucket since April 2023. */
function newBucket(account: string, region: string): BucketState {
  return {
    account,
    region,
    versioning: null,
    ownership: "BucketOwnerEnforced",
    policy: null,
    encryption: { algorithm: "AES256" },
    objectLock: false,
    publicAccessBlock: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    replication: null,
  };
}

/** Of a bucket that others configure, what the provider does not tell is unread. */
function markUnsaid(state: BucketState, inputs: ResourceInputs["inputs"]): void {
  if (either(inputs, "versioning", "versionings") === undefined) {
    state.versioning = "Enabled";
    markUnread(state, "versioning");
  }
  if (textOr(at(inputs, "policy"), "") === "") {
    state.policy = unreadPolicy("resource", "a bucket of another program");
    markUnread(state, "policy");
  }
}

/** Settings that are said in the bucket itself. */
function setInline(change: Change, inputs: ResourceInputs["inputs"]): void {
  const versioning = either(inputs, "versioning", "versionings");
  if (versioning !== undefined) {
    const enabled = at(versioning, "enabled");
    if (enabled instanceof Unread) setVersioning(change, enabled);
    else if (enabled === true) setVersioning(change, "Enabled");
  }
  const encryption = either(
    inputs,
    "serverSideEncryptionConfiguration",
    "serverSideEncryptionConfigurations",
  );
  if (encryption !== undefined) setEncryption(change, either(encryption, "rule", "rules"));
  const payer = at(inputs, "requestPayer");
  if (payer !== undefined) setPayer(change, payer);
  const policy = at(inputs, "policy");
  if (policy !== undefined) setPolicy(change, policy);
  const replication = either(inputs, "replicationConfiguration", "replicationConfigurations");
  if (replication !== undefined)
    setReplication(change, at(replication, "role"), at(replication, "rules"), "inline");
}

/** A resource that sets something on a bucket. */
function setting(name: string, apply: (change: Change, inputs: ResourceInputs["inputs"]) => void): Handler {
  return (site, resource) => {
    const bucketName = text(resource.inputs.bucket);
    const state = bucketOf(site, resource);
    if (state === undefined) {
      site.notes.astray.push({ accountId: resource.accountId, setting: name });
      return { id: bucketName, outputs: {} };
    }
    apply({ site, bucket: state, resource }, resource.inputs);
    return { id: bucketName, outputs: {} };
  };
}

const accountPublicAccessBlock: Handler = (site, { inputs, accountId, deployed }) => {
  const id = textOr(inputs.accountId, accountId);
  if (/^\d{12}$/.test(id)) accountOf(site.snapshot, id).publicAccessBlock = publicAccessBlockOf(inputs);
  return { id: deployed?.id ?? id, outputs: {} };
};

const versioning = setting("versioning", (change, inputs) =>
  setVersioning(change, at(inputs, "versioningConfiguration", "status")),
);
const encryption = setting("encryption", (change, inputs) => setEncryption(change, at(inputs, "rules")));
const objectLock = setting("objectLock", setObjectLock);
const payer = setting("requesterPays", (change, inputs) => setPayer(change, at(inputs, "payer")));
const ignored = setting("", () => undefined);

export const S3_RESOURCES: Readonly<Record<string, Handler>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:s3/bucketVersioningV2:BucketVersioningV2": versioning,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": encryption,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting("ownership", (change, inputs) =>
    setOwnership(change, at(inputs, "rule", "objectOwnership")),
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "publicAccessBlock",
    setPublicAccessBlock,
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting("policy", (change, inputs) => setPolicy(change, inputs.policy)),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLock,
  "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": objectLock,
  "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration": payer,
  "aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2": payer,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": setting("replication", (change, inputs) =>
    setReplication(change, inputs.role, inputs.rules, "separate"),
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ignored,
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": ignored,
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": accountPublicAccessBlock,
};

/** What is left when all resources are read: settings of a bucket that nobody could name. */
export function finishBuckets({ snapshot, notes }: Site): void {
  for (const { accountId, setting: name } of notes.astray) {
    for (const state of Object.values(snapshot.buckets)) {
      if (state.account !== accountId || name === "") continue;
      if (name === "versioning") {
        if (state.versioning !== null) continue;
        state.versioning = "Enabled";
      }
      if (name === "replication" && state.replication !== null) continue;
      if (name === "policy" && state.policy === null) {
        state.policy = unreadPolicy("resource", "a policy of a bucket that is not known yet");
      }
      markUnread(state, name);
    }
  }
  for (const state of Object.values(snapshot.buckets)) resolveKey(state, notes);
}

/** An alias that nothing here makes leads to a key that nobody knows; policies name keys, never aliases. */
function resolveKey(state: BucketState, { aliases }: Site["notes"]): void {
  const { encryption } = state;
  if (encryption?.keyArn === undefined || !parseArn(encryption.keyArn)?.resource.startsWith("alias/")) return;
  const resolved = aliases.get(encryption.keyArn);
  if (resolved !== undefined) {
    encryption.keyArn = resolved;
    return;
  }
  delete encryption.keyArn;
  markUnread(state, "encryption");
}
