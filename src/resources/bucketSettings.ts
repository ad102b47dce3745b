/** Settings of a bucket: each takes the value as the call has it, which may be unread. */
import { refusalMessage, refusalsOf } from "../replication/refusals/table";
import type { ReplicationConfiguration } from "../replication/rules";
import { isSettingOfRule, settingOfRule } from "../replication/unreadRules";
import { quickLook } from "../input/quickLook";
import { checked, checkedAsIs } from "../input/schemaProblems";
import { BUCKET_KEY_SETTING } from "../snapshot/bucketKeys";
import type { BucketState, PublicAccessBlock } from "../snapshot/snapshot";
import { REPLICATION } from "../snapshot/replicationSchema";
import { ENCRYPTION, OWNERSHIP } from "../snapshot/snapshotSchema";
import { lifecycleOf } from "../snapshot/lifecycle";
import { isUnreadPolicy, markRead, markUnread, Unread } from "../snapshot/unread";
import type { AnyCall, CallOf, PublicAccessBlockConfiguration } from "./calls";
import { keyArnOf } from "./lookUp";
import { partlyRead } from "./partlyReadRules";
import { assertPrincipalsExist } from "./principals";
import { putOf } from "./replicationRefusals";
import { AwsRefusal } from "./refusal";
import { mayRefuse, noteSetting, type Site } from "./site";
import { asDocument } from "./policyDocuments";
import { at, listOf, text } from "./values";

const isEncryption = quickLook(ENCRYPTION);
const isReplication = quickLook(REPLICATION);

/** A setting that is being changed, and everything that it may need. */
export interface Change<C extends AnyCall = AnyCall> {
  readonly site: Site;
  readonly arn: string;
  readonly bucket: BucketState;
  readonly call: C;
}

/** Settles a setting: known, or left as it is and marked as unread. */
function settle(
  { site, arn, bucket, call }: Change,
  setting: string,
  value: unknown,
  change: () => void,
): void {
  if (noteSetting(site, arn, setting, call, value) !== undefined) {
    markUnread(bucket, setting);
    return;
  }
  change();
  markRead(bucket, setting);
}

export function setVersioning(change: Change<CallOf<"s3:PutBucketVersioning">>): void {
  const { site, bucket, call } = change;
  const status = at(call.parameters.VersioningConfiguration, "Status");
  // In accounts that hold more, the rehearsal says of the settings as they end what S3 says of them.
  if (mayRefuse(site, call) && site.world.complete && status !== "Enabled" && bucket.replication !== null) {
    throw new AwsRefusal(
      "InvalidBucketState: A replication configuration is present on this bucket, so you cannot change the versioning state",
    );
  }
  // Whatever it is, it breaks nothing while it is not known.
  if (status instanceof Unread) bucket.versioning = "Enabled";
  settle(change, "versioning", status, () => {
    bucket.versioning = status === "Enabled" || status === "Suspended" ? status : null;
  });
}

export function setEncryption(change: Change<CallOf<"s3:PutBucketEncryption">>): void {
  const { site, bucket, call } = change;
  const rules = at(call.parameters.ServerSideEncryptionConfiguration, "Rules");
  const [rule] = rules instanceof Unread ? [rules] : listOf(rules);
  const algorithm = at(rule, "ApplyServerSideEncryptionByDefault", "SSEAlgorithm");
  const key = at(rule, "ApplyServerSideEncryptionByDefault", "KMSMasterKeyID");
  const bucketKeyEnabled = at(rule, "BucketKeyEnabled");
  const blocked = at(rule, "BlockedEncryptionTypes");
  markRead(bucket, BUCKET_KEY_SETTING);
  settle(change, "encryption", [algorithm, key, blocked], () => {
    const isKms = typeof algorithm === "string" && algorithm.startsWith("aws:kms");
    if (isKms) settle(change, BUCKET_KEY_SETTING, bucketKeyEnabled, () => undefined);
    // Without a key S3 uses the AWS managed key of the account.
    const keyArn = isKms
      ? keyArnOf(site, key === undefined || key === "" ? "alias/aws/s3" : key, bucket.account, bucket.region)
      : undefined;
    const encryption = {
      algorithm: algorithm ?? "AES256",
      ...(keyArn === undefined ? {} : { keyArn }),
      ...(typeof bucketKeyEnabled === "boolean" ? { bucketKeyEnabled } : {}),
    };
    bucket.encryption = checkedAsIs(ENCRYPTION, isEncryption, encryption, call.subject);
    if (blocked !== undefined) bucket.blockedEncryptionTypes = listOf(blocked).map(text);
  });
}

export function setOwnership(change: Change<CallOf<"s3:PutBucketOwnershipControls">>): void {
  const { bucket, call } = change;
  const [rule] = call.parameters.OwnershipControls.Rules;
  const ownership = at(rule, "ObjectOwnership");
  settle(change, "ownership", ownership, () => {
    bucket.ownership = checked(OWNERSHIP, ownership, call.subject);
  });
}

export function blocksOf(block: PublicAccessBlockConfiguration): Required<PublicAccessBlock> {
  return {
    blockPublicAcls: block.BlockPublicAcls === true,
    blockPublicPolicy: block.BlockPublicPolicy === true,
    ignorePublicAcls: block.IgnorePublicAcls === true,
    restrictPublicBuckets: block.RestrictPublicBuckets === true,
  };
}

export function setPublicAccessBlock(change: Change<CallOf<"s3:PutPublicAccessBlock">>): void {
  const { bucket, call } = change;
  const configuration = call.parameters.PublicAccessBlockConfiguration;
  settle(change, "publicAccessBlock", configuration, () => {
    bucket.publicAccessBlock = blocksOf(configuration);
  });
}

export function setPolicy({ site, arn, bucket, call }: Change<CallOf<"s3:PutBucketPolicy">>): void {
  const { Policy: policy } = call.parameters;
  const document = asDocument(policy, "resource");
  assertPrincipalsExist(
    site,
    call,
    document,
    (named) => `MalformedPolicy: Invalid principal in policy: ${named}`,
  );
  bucket.policy = document;
  noteSetting(site, arn, "policy", call, policy);
  if (isUnreadPolicy(document)) markUnread(bucket, "policy");
  else markRead(bucket, "policy");
}

export function setObjectLock(change: Change<CallOf<"s3:PutObjectLockConfiguration">>): void {
  const { site, bucket, call } = change;
  if (mayRefuse(site, call) && bucket.versioning !== "Enabled") {
    throw new AwsRefusal(
      "InvalidBucketState: Versioning must be 'Enabled' on the bucket to apply Object Lock",
    );
  }
  const enabled = at(call.parameters.ObjectLockConfiguration, "ObjectLockEnabled");
  settle(change, "objectLock", enabled, () => {
    bucket.objectLock = enabled === "Enabled";
  });
}

export function setPayer(change: Change<CallOf<"s3:PutBucketRequestPayment">>): void {
  const payer = at(change.call.parameters.RequestPaymentConfiguration, "Payer");
  settle(change, "requesterPays", payer, () => {
    change.bucket.requesterPays = payer === "Requester";
  });
}

/** No request hangs on it: what is not known of it is left out. */
export function setLifecycle({
  site,
  arn,
  bucket,
  call,
}: Change<CallOf<"s3:PutBucketLifecycleConfiguration">>): void {
  const { Rules: rules } = call.parameters.LifecycleConfiguration;
  if (noteSetting(site, arn, "lifecycle", call, rules) === undefined) bucket.lifecycle = lifecycleOf(rules);
  else delete bucket.lifecycle;
}

/**
 * A rule is unread where any part of it is: policies name the buckets and the keys, so that with another one in its place
 * they would seem to deny what they allow. Where none is left, or the role is not known, the whole configuration is.
 */
export function setReplication(change: Change<CallOf<"s3:PutBucketReplication">>): void {
  const { site, arn, call, bucket } = change;
  const written = call.parameters.ReplicationConfiguration;
  const partly = partlyRead(written);
  const configuration = partly?.configuration ?? written;
  settle(change, "replication", configuration, () => {
    const read = checkedAsIs(REPLICATION, isReplication, configuration, call.subject);
    for (const setting of (bucket.unread ?? []).filter(isSettingOfRule)) markRead(bucket, setting);
    // What S3 says to the whole of a configuration is not known where some of it is not.
    if (partly === undefined && mayRefuse(site, call)) assertAccepted(change, read);
    bucket.replication = read;
    if (partly === undefined || partly.unread.length === 0) return;
    const UnreadRules = partly.unread.map(({ why, ...rule }) => {
      const setting = settingOfRule(rule.place);
      noteSetting(site, arn, setting, call, why);
      markUnread(bucket, setting);
      return rule;
    });
    bucket.replication = { ...read, UnreadRules };
  });
}

/**
 * Notes what S3 refuses: the rehearsal tells it, with its cause and its cure.
 * @throws AwsRefusal where the accounts are the program's alone: there it is a mistake in this package.
 */
function assertAccepted(
  { site, arn: bucketArn, bucket, call }: Change,
  configuration: ReplicationConfiguration,
): void {
  const { snapshot, world } = site;
  const put = putOf(snapshot, bucketArn, bucket, configuration);
  // In an account that holds nothing else, a bucket that is not here does not exist, and S3 says the same of it.
  const missing = { account: bucket.account, versioning: null };
  const whole = { ...put, destinationOf: (arn: string) => put.destinationOf(arn) ?? missing };
  const refusals = refusalsOf(world.complete ? whole : put).map((refusal) => ({
    refusal,
    message: refusalMessage(refusal, put),
  }));
  const [first] = refusals;
  if (first === undefined) return;
  if (world.complete) throw new AwsRefusal(first.message);
  site.notes.refusedPuts.push({ bucketArn, subject: call.subject, refusals });
}
