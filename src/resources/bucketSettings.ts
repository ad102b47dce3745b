/**
 * Settings of a bucket, whichever resource says them: the separate Bucket* classes, the *V2 classes, and the fields of
 * Bucket itself. Each takes the value as it was said, which may be unread.
 */
import { refusalsOfConfiguration, type ReplicationConfiguration } from "../replication/rules";
import { readReplication, type RuleShape } from "./replicationConfiguration";
import { checked } from "../input/schemaProblems";
import type { BucketState } from "../snapshot/snapshot";
import { ENCRYPTION, OWNERSHIP } from "../snapshot/snapshotSchema";
import { markRead, markUnread, Unread } from "../snapshot/unread";
import { assertPrincipalsExist } from "./principals";
import { refusalsOfBuckets } from "./replicationRefusals";
import { AwsRefusal } from "./refusal";
import { describe, keyArnOf, type ResourceInputs, type Site } from "./handler";
import { asDocument, at, either, findUnread, listOf, text } from "./values";

/** A setting that is being changed, and everything that it may need. */
export interface Change {
  readonly site: Site;
  readonly bucket: BucketState;
  readonly resource: ResourceInputs;
}

/** Settles a setting: known, or left as it is and marked as unread. */
function settle(bucket: BucketState, setting: string, value: unknown, change: () => void): void {
  if (findUnread(value) !== undefined) {
    markUnread(bucket, setting);
    return;
  }
  change();
  markRead(bucket, setting);
}

export function setVersioning({ site, bucket }: Change, status: unknown): void {
  if (site.world.refuses && status !== "Enabled" && bucket.replication !== null) {
    throw new AwsRefusal(
      "InvalidBucketState: A replication configuration is present on this bucket, so you cannot change the versioning state",
    );
  }
  // Whatever it is, it breaks nothing while it is not known.
  if (status instanceof Unread) bucket.versioning = "Enabled";
  settle(bucket, "versioning", status, () => {
    bucket.versioning = status === "Enabled" || status === "Suspended" ? status : null;
  });
}

export function setEncryption({ site, bucket, resource }: Change, rule: unknown): void {
  const byDefault = either(rule, "applyServerSideEncryptionByDefault", "applyServerSideEncryptionByDefaults");
  const algorithm = at(byDefault, "sseAlgorithm");
  const key = at(byDefault, "kmsMasterKeyId");
  const bucketKeyEnabled = at(rule, "bucketKeyEnabled");
  const blocked = at(rule, "blockedEncryptionTypes");
  settle(bucket, "encryption", [algorithm, bucketKeyEnabled, key, blocked], () => {
    const isKms = typeof algorithm === "string" && algorithm.startsWith("aws:kms");
    // Without a key S3 uses the AWS managed key of the account.
    const keyArn = isKms
      ? keyArnOf(site, key === undefined || key === "" ? "alias/aws/s3" : key, bucket.account, bucket.region)
      : undefined;
    const encryption = {
      algorithm: algorithm ?? "AES256",
      ...(keyArn === undefined ? {} : { keyArn }),
      ...(bucketKeyEnabled === undefined ? {} : { bucketKeyEnabled }),
    };
    bucket.encryption = checked(ENCRYPTION, encryption, describe(resource));
    if (blocked !== undefined) bucket.blockedEncryptionTypes = listOf(blocked).map(text);
  });
}

export function setOwnership({ bucket, resource }: Change, ownership: unknown): void {
  settle(bucket, "ownership", ownership, () => {
    bucket.ownership = checked(OWNERSHIP, ownership, describe(resource));
  });
}

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export type Blocks = Record<(typeof BLOCKS)[number], boolean>;

export function publicAccessBlockOf(inputs: Readonly<Record<string, unknown>>): Blocks {
  return Object.fromEntries(BLOCKS.map((name) => [name, inputs[name] === true])) as Blocks;
}

export function setPublicAccessBlock({ bucket, resource: { inputs } }: Change): void {
  settle(
    bucket,
    "publicAccessBlock",
    BLOCKS.map((name) => inputs[name]),
    () => {
      bucket.publicAccessBlock = publicAccessBlockOf(inputs);
    },
  );
}

export function setPolicy({ site, bucket }: Change, policy: unknown): void {
  const document = asDocument(policy, "resource");
  assertPrincipalsExist(site, document, (arn) => `MalformedPolicy: Invalid principal in policy: ${arn}`);
  bucket.policy = document;
  if (findUnread(policy) === undefined) markRead(bucket, "policy");
  else markUnread(bucket, "policy");
}

export function setObjectLock({ site, bucket }: Change): void {
  if (site.world.refuses && bucket.versioning !== "Enabled") {
    throw new AwsRefusal(
      "InvalidBucketState: Versioning must be 'Enabled' on the bucket to apply Object Lock",
    );
  }
  bucket.objectLock = true;
  markRead(bucket, "objectLock");
}

export function setPayer({ bucket }: Change, payer: unknown): void {
  settle(bucket, "requesterPays", payer, () => {
    bucket.requesterPays = payer === "Requester";
  });
}

export function setReplication(
  { site, bucket, resource }: Change,
  role: unknown,
  rules: unknown,
  shape: RuleShape,
): void {
  const read = readReplication(role, rules, shape, describe(resource));
  if (read instanceof Unread) {
    markUnread(bucket, "replication");
    return;
  }
  if (site.world.refuses) assertAccepted(site, bucket, read);
  bucket.replication = read;
  markRead(bucket, "replication");
}

/** @throws AwsRefusal where S3 does not take the configuration. */
function assertAccepted(site: Site, bucket: BucketState, configuration: ReplicationConfiguration): void {
  const { snapshot, world } = site;
  const missing = configuration.Rules.find(
    ({ Destination: { Bucket } }) => !Object.hasOwn(snapshot.buckets, Bucket),
  );
  const [refusal] = [
    ...refusalsOfConfiguration(configuration),
    ...refusalsOfBuckets(bucket, configuration, snapshot),
    ...(world.complete && missing !== undefined
      ? ["InvalidRequest: Destination bucket must have versioning enabled."]
      : []),
  ];
  if (refusal !== undefined) throw new AwsRefusal(refusal);
}
