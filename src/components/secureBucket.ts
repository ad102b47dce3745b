/** A bucket that a component makes: versioned, encrypted, private, with its key. */
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import {
  type BucketInventory,
  DEFAULTS,
  type DefaultRetention,
  algorithmOf,
} from "../replication/arguments/arguments";
import { isAccountRegional } from "../naming/names";
import type { PolicyJson } from "../replication/policies";

/** How a bucket encrypts what is written to it. */
export interface BucketEncryption {
  /**
   * Kind of encryption: 'aws:kms' (SSE-KMS with a customer-managed key) or 'AES256' (SSE-S3, which has no key of yours).
   * Default: 'aws:kms'.
   */
  algorithm?: string;
  /**
   * Key ARN of an existing KMS key in the bucket's Region and account. Its key policy stays yours; the output
   * 'requiredKeyPolicyStatements' says what it must hold.
   * Default: a new key with rotation, an alias and the key policy that replication needs.
   */
  keyArn?: pulumi.Input<string>;
  /**
   * Whether the bucket uses an S3 Bucket Key, which saves most of the requests to KMS.
   * Default: true.
   */
  bucketKeyEnabled?: boolean;
}

/** What both sides have: a versioned, encrypted, private bucket. */
export interface BucketArgs {
  /** AWS account of the bucket, 12 digits as a text; checked against the caller's identity. */
  accountId: string;
  /** Region of the bucket, for example 'eu-west-1'. */
  region: string;
  /** Name of the bucket. One that ends in '-an' is '<prefix>-<accountId>-<region>-an'. */
  bucketName: string;
  /**
   * Namespace that the name is unique in: 'global' or 'account-regional', where only the account itself can make buckets.
   * Default: 'account-regional' for a name that ends in '-an', otherwise 'global'.
   */
  bucketNamespace?: string;
  /**
   * How objects are encrypted by default. Of an existing bucket: how it encrypts, which must be said.
   * Default: SSE-KMS under a new customer-managed key, with an S3 Bucket Key.
   */
  encryption?: BucketEncryption;
  /**
   * Whether the bucket has Object Lock. It cannot be taken away again. Of an existing bucket: whether it has it.
   * Default: false; of an existing bucket a rehearsal leaves it open.
   */
  objectLockEnabled?: boolean;
  /**
   * Retention of every new object version in a bucket with Object Lock.
   * Default: none.
   */
  defaultRetention?: DefaultRetention;
  /**
   * Days after which noncurrent object versions expire.
   * Default: never.
   */
  noncurrentVersionExpirationDays?: number;
  /**
   * Lists of all versions of the bucket for 's3-replication reconcile', which S3 writes regularly (S3 Inventory). The
   * output 'requiredInventoryPolicyStatement' says what the policy of another bucket must hold to get them.
   * Default: no lists.
   */
  inventory?: BucketInventory;
  /**
   * Tags of the bucket, and of the key, role and queue that are made with it.
   * Default: none.
   */
  tags?: Record<string, string>;
  /**
   * Whether the bucket, its key and everything that guards them are protected from deletion.
   * Default: true.
   */
  protect?: boolean;
}

/** What a component gets back: enough to depend on, and to name things by. */
export interface ReplicationBucket {
  readonly bucketName: pulumi.Output<string>;
  /** The key that the bucket encrypts under; undefined with SSE-S3. */
  readonly keyArn: pulumi.Output<string> | undefined;
  /** Must be in place before the bucket takes part in replication. */
  readonly guards: readonly pulumi.Resource[];
  /** The name of the bucket, known in the first preview, that depends on every guard. */
  readonly guardedName: pulumi.Output<string>;
}

/** The policies of a bucket and, where it gets a new one, of its key. */
export interface BucketPolicies {
  readonly bucket: PolicyJson;
  readonly key: PolicyJson;
}

/** A bucket with all that makes it fit for replication. Children are called `<name>-<what they are>`. */
export function secureBucket(
  name: string,
  args: BucketArgs,
  policies: BucketPolicies,
  { parent, dependsOn }: pulumi.CustomResourceOptions,
): ReplicationBucket {
  const { region, tags } = args;
  const options = { parent, protect: args.protect ?? DEFAULTS.protect };
  const algorithm = algorithmOf(args);
  const newKey =
    algorithm === "aws:kms" && args.encryption?.keyArn === undefined
      ? keyOf(name, args, policies.key, { ...options, dependsOn })
      : undefined;
  const keyArn =
    algorithm === "aws:kms" ? (newKey?.arn ?? pulumi.output(args.encryption?.keyArn ?? "")) : undefined;

  const bucket = new Bucket(
    `${name}-bucket`,
    {
      region,
      bucket: args.bucketName,
      // Left out where it is the default, so that earlier buckets do not change.
      bucketNamespace: isAccountRegional(args.bucketName) ? "account-regional" : undefined,
      objectLockEnabled: args.objectLockEnabled,
      forceDestroy: false,
      tags,
    },
    // Pulumi deletes in the other order. A bucket that still holds objects stays, and so does the key that they are under.
    { ...options, dependsOn: newKey ?? dependsOn },
  );
  const bucketName = bucket.bucket;
  const versioning = new BucketVersioning(
    `${name}-versioning`,
    { region, bucket: bucketName, versioningConfiguration: { status: "Enabled" } },
    options,
  );
  const encryption = new BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      region,
      bucket: bucketName,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: algorithm, kmsMasterKeyId: keyArn },
          bucketKeyEnabled:
            keyArn === undefined
              ? undefined
              : (args.encryption?.bucketKeyEnabled ?? DEFAULTS.bucketKeyEnabled),
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    options,
  );
  const ownership = new BucketOwnershipControls(
    `${name}-ownership`,
    { region, bucket: bucketName, rule: { objectOwnership: "BucketOwnerEnforced" } },
    options,
  );
  const publicAccessBlock = new BucketPublicAccessBlock(
    `${name}-public-access-block`,
    {
      region,
      bucket: bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  // S3 refuses two of these changes at the same time with OperationAborted: the policy goes last.
  const policy = new BucketPolicy(
    `${name}-policy`,
    { region, bucket: bucketName, policy: JSON.stringify(policies.bucket) },
    { ...options, dependsOn: [publicAccessBlock, ownership, versioning, encryption] },
  );
  if (args.defaultRetention !== undefined) {
    new BucketObjectLockConfiguration(
      `${name}-object-lock`,
      { region, bucket: bucketName, rule: { defaultRetention: args.defaultRetention } },
      { ...options, dependsOn: versioning },
    );
  }
  if (args.noncurrentVersionExpirationDays !== undefined) {
    new BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        region,
        bucket: bucketName,
        rules: [
          {
            id: "expire-noncurrent-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: args.noncurrentVersionExpirationDays },
          },
        ],
      },
      { ...options, dependsOn: versioning },
    );
  }
  return {
    bucketName,
    keyArn,
    guards: [versioning, policy, encryption, ownership, publicAccessBlock],
    // The name comes from the setting and not from the bucket: who uses it depends on the setting. A preview knows it too.
    guardedName: policy.bucket,
  };
}

function keyOf(
  name: string,
  args: BucketArgs,
  policy: PolicyJson,
  options: pulumi.CustomResourceOptions,
): Key {
  const key = new Key(
    `${name}-key`,
    {
      region: args.region,
      description: `Objects of the S3 bucket ${args.bucketName}`,
      enableKeyRotation: true,
      deletionWindowInDays: DEFAULTS.keyDeletionWindowInDays,
      policy: JSON.stringify(policy),
      tags: args.tags,
    },
    options,
  );
  // Dots are the one character of bucket names that an alias cannot have; no bucket name holds an underscore.
  new Alias(
    `${name}-key-alias`,
    {
      region: args.region,
      name: `alias/s3-replication/${args.bucketName.replaceAll(".", "_")}`,
      targetKeyId: key.keyId,
    },
    options,
  );
  return key;
}
