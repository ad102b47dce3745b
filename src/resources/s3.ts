/** What S3's calls do to an account. */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { bucketArnOf } from "../naming/names";
import { withKeysOfAliases } from "../replication/keyAliases";
import type { UnknownSetting } from "../snapshot/places";
import { accountOf, type BucketState } from "../snapshot/snapshot";
import { markUnread, unreadPolicy } from "../snapshot/unread";
import {
  blocksOf,
  type Change,
  setEncryption,
  setLifecycle,
  setObjectLock,
  setOwnership,
  setPayer,
  setPolicy,
  setPublicAccessBlock,
  setReplication,
  setVersioning,
} from "./bucketSettings";
import type { AnyCall, CallOf, Operation } from "./calls";
import { bucketOf } from "./lookUp";
import { isRefusedOfNewBuckets } from "./cannedAcls";
import { AwsRefusal } from "./refusal";
import { type Handler, mayRefuse, noteSetting, type Site } from "./site";
import { text, textOr } from "./values";

const createBucket: Handler<"s3:CreateBucket"> = (site, call) => {
  const { snapshot, notes } = site;
  const { parameters, account, region, known } = call;
  const { Bucket: bucketName, ObjectLockEnabledForBucket: lock, ObjectOwnership: ownership } = parameters;
  const { ACL: acl } = parameters;
  const arn = bucketArnOf(partitionOfRegion(region), bucketName);
  const existing = snapshot.buckets[arn];
  if (known === "stated") {
    snapshot.buckets[arn] ??= unsaidBucket(account, region);
    return;
  }
  // One that was only spoken of is the one that is made now.
  if (existing !== undefined && existing.stated === undefined && mayRefuse(site, call)) {
    throw new AwsRefusal(
      existing.account === account
        ? `BucketAlreadyOwnedByYou: the bucket '${bucketName}' exists already`
        : `BucketAlreadyExists: the bucket name '${bucketName}' is taken; bucket names are unique across all accounts`,
    );
  }
  if (isRefusedOfNewBuckets(acl) && mayRefuse(site, call)) {
    throw new AwsRefusal(
      `InvalidBucketAclWithObjectOwnership: the bucket '${bucketName}' is to have the ACL '${acl}', and new buckets have ACLs disabled`,
    );
  }
  // What a stack only looks at says less than what another one makes.
  if (existing !== undefined && known === "external") return;
  const state = newBucket(account, region);
  snapshot.buckets[arn] = state;
  noteSetting(site, arn, "", call);
  if (known === "external") {
    notes.external.add(arn);
    markUnsaid(state, lock);
  }
  if (call.old === true || known === "external") {
    // Before April 2023 a new bucket had ACLs and no block of public access.
    markUnread(state, "ownership");
    markUnread(state, "publicAccessBlock");
  }
  if (noteSetting(site, arn, "objectLock", call, lock) !== undefined) markUnread(state, "objectLock");
  if (lock === true) {
    // A bucket made with Object Lock is versioned from the start.
    state.versioning = "Enabled";
    state.objectLock = true;
  }
  if (ownership !== undefined) {
    const rules = { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
    const put = { ...call, operation: "s3:PutBucketOwnershipControls" } as const;
    setOwnership({
      site,
      arn,
      bucket: state,
      call: { ...put, parameters: { Bucket: bucketName, ...rules } },
    });
  }
};

const ALL_BLOCKED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
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
    publicAccessBlock: { ...ALL_BLOCKED },
    replication: null,
  };
}

/** Of a bucket that others configure, what nobody tells is unread: a lookup of it may tell its name alone. */
function markUnsaid(state: BucketState, lock: unknown): void {
  state.versioning = "Enabled";
  markUnread(state, "versioning");
  state.policy = unreadPolicy("resource", "a bucket of another program");
  markUnread(state, "policy");
  markUnread(state, "encryption");
  markUnread(state, "requesterPays");
  if (lock === undefined) markUnread(state, "objectLock");
}

/** A bucket of which nothing is said. Its public access is taken to be blocked: that takes the most from a policy. */
function unsaidBucket(account: string, region: string): BucketState {
  return {
    account,
    region,
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    policy: unreadPolicy("resource", "a bucket that exists already"),
    objectLock: false,
    publicAccessBlock: { ...ALL_BLOCKED },
    replication: null,
    unread: ["versioning", "requesterPays", "ownership", "policy", "encryption", "objectLock"],
    stated: [],
  };
}

type Configuring = Exclude<Extract<Operation, `s3:${string}`>, "s3:CreateBucket">;

/** A call that sets something on a bucket. */
function setting<O extends Configuring>(
  name: string,
  apply: (change: Change<CallOf<O>>) => void,
): (site: Site, call: CallOf<O>) => void {
  return (site, call) => {
    const found = bucketOf(site, call, call.parameters.Bucket);
    if (found === undefined) {
      site.notes.strayBucketSettings.push({ call, setting: name });
      return;
    }
    const { arn, state } = found;
    if (call.known === "external" && !site.notes.external.has(arn)) return;
    if (call.known === "stated" && state.unread?.includes(name) !== true) return;
    if (call.known === "planned" && state.account !== call.account) {
      setFromElsewhere(site, call, { arn, state, name });
      return;
    }
    apply({ site, arn, bucket: state, call });
    if (call.known === "stated") state.stated = [...new Set([...(state.stated ?? []), name])];
  };
}

/**
 * A setting that another account than the bucket's puts. A bucket policy S3 takes from nobody but the bucket's own account.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
function setFromElsewhere(
  { snapshot, notes }: Site,
  call: AnyCall,
  { arn, state, name }: { readonly arn: string; readonly state: BucketState; readonly name: string },
): void {
  if (name === "policy") {
    (snapshot.unread ??= []).push(
      `${call.subject} puts the policy of ${arn} from the account ${call.account}, and S3 takes it from the bucket's own account ${state.account} alone (MethodNotAllowed): it does not count; put it from ${state.account}`,
    );
    return;
  }
  const why = `${call.subject} sets it from the account ${call.account}, which the account ${state.account} of the bucket may not let in`;
  leaveOpen(notes, { arn, state, name }, { why, place: call.place });
}

const accountPublicAccessBlock: Handler<"s3control:PutPublicAccessBlock"> = (
  site,
  { parameters, account },
) => {
  const id = textOr(parameters.AccountId, account);
  if (/^\d{12}$/.test(id)) {
    accountOf(site.snapshot, id).publicAccessBlock = blocksOf(parameters.PublicAccessBlockConfiguration);
  }
};

export const S3_CALLS = {
  "s3:CreateBucket": createBucket,
  "s3:PutBucketVersioning": setting<"s3:PutBucketVersioning">("versioning", setVersioning),
  "s3:PutBucketEncryption": setting<"s3:PutBucketEncryption">("encryption", setEncryption),
  "s3:PutBucketOwnershipControls": setting<"s3:PutBucketOwnershipControls">("ownership", setOwnership),
  "s3:PutPublicAccessBlock": setting<"s3:PutPublicAccessBlock">("publicAccessBlock", setPublicAccessBlock),
  "s3:PutBucketPolicy": setting<"s3:PutBucketPolicy">("policy", setPolicy),
  "s3:PutObjectLockConfiguration": setting<"s3:PutObjectLockConfiguration">("objectLock", setObjectLock),
  "s3:PutBucketRequestPayment": setting<"s3:PutBucketRequestPayment">("requesterPays", setPayer),
  "s3:PutBucketReplication": setting<"s3:PutBucketReplication">("replication", setReplication),
  "s3:PutBucketLifecycleConfiguration": setting<"s3:PutBucketLifecycleConfiguration">("", setLifecycle),
  "s3control:PutPublicAccessBlock": accountPublicAccessBlock,
};

const STRAY = "it may be set by a resource whose bucket is not known yet";

/** What is left when all calls are read: settings of a bucket that nobody could name. */
export function finishBuckets({ snapshot, notes }: Site): void {
  for (const { call, setting: name } of notes.strayBucketSettings.splice(0)) {
    for (const [arn, state] of Object.entries(snapshot.buckets)) {
      if (state.account === call.account) {
        leaveOpen(notes, { arn, state, name }, { why: STRAY, place: call.place });
      }
    }
  }
  for (const [arn, state] of Object.entries(snapshot.buckets)) {
    resolveKey(arn, state, notes);
    resolveReplicaKeys(state, notes);
  }
}

/** A setting that may be made, or not. */
function leaveOpen(
  { places }: Site["notes"],
  { arn, state, name }: { readonly arn: string; readonly state: BucketState; readonly name: string },
  unknown: UnknownSetting,
): void {
  if (name === "") return;
  if (name === "versioning") {
    if (state.versioning !== null) return;
    state.versioning = "Enabled";
  }
  if (name === "replication" && state.replication !== null) return;
  if (name === "policy" && state.policy === null) {
    state.policy = unreadPolicy("resource", "a policy of a bucket that is not known yet");
  }
  markUnread(state, name);
  places.noteUnknown(arn, name, unknown);
}

/**
 * An alias ARN stands for one key, and what makes the alias says which.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-encryptionconfiguration.html
 */
function resolveReplicaKeys(state: BucketState, { aliases, resolvedAliases }: Site["notes"]): void {
  if (state.replication === null) return;
  for (const { Destination } of state.replication.Rules) {
    const written = Destination.EncryptionConfiguration?.ReplicaKmsKeyID ?? "";
    const keyArn = aliases.get(written);
    if (keyArn !== undefined) resolvedAliases.set(written, keyArn);
  }
  state.replication = withKeysOfAliases(state.replication, aliases);
}

/** An alias that nothing here makes leads to a key that nobody knows; policies name keys, never aliases. */
function resolveKey(arn: string, state: BucketState, { aliases, places }: Site["notes"]): void {
  const { encryption } = state;
  if (encryption?.keyArn === undefined || !parseArn(encryption.keyArn)?.resource.startsWith("alias/")) return;
  const resolved = aliases.get(encryption.keyArn);
  if (resolved !== undefined) {
    encryption.keyArn = resolved;
    return;
  }
  const why = `the key of ${text(encryption.keyArn)} is not known`;
  places.noteUnknown(arn, "encryption", { why, place: places.of(arn, "encryption") });
  delete encryption.keyArn;
  markUnread(state, "encryption");
}
