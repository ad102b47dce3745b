/** A bucket and its key, written by hand. */
import * as pulumi from "@pulumi/pulumi";
import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";

export interface BucketByHand {
  readonly bucket: Bucket;
  readonly key: Key;
  /** What replication has to wait for. */
  readonly guards: readonly pulumi.Resource[];
}

/** A key, a bucket and its settings, as somebody writes them who knows what replication needs. */
export function bucketByHand(
  name: string,
  region: string,
  bucketName: string,
  policies: { readonly key: unknown; readonly bucket: unknown },
  options: pulumi.CustomResourceOptions,
): BucketByHand {
  const key = new Key(
    `${name}-key`,
    {
      region,
      description: `Objects of the S3 bucket ${bucketName}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify(policies.key),
    },
    options,
  );
  new Alias(
    `${name}-key-alias`,
    { region, name: `alias/s3-replication/${bucketName}`, targetKeyId: key.keyId },
    options,
  );
  const bucket = new Bucket(
    `${name}-bucket`,
    { region, bucket: bucketName, forceDestroy: false },
    { ...options, dependsOn: key },
  );
  const versioning = new BucketVersioning(
    `${name}-versioning`,
    { region, bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    options,
  );
  const encryption = new BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      region,
      bucket: bucket.bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    options,
  );
  const ownership = new BucketOwnershipControls(
    `${name}-ownership`,
    { region, bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    options,
  );
  const publicAccessBlock = new BucketPublicAccessBlock(
    `${name}-public-access-block`,
    {
      region,
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  const policy = new BucketPolicy(
    `${name}-policy`,
    { region, bucket: bucket.bucket, policy: JSON.stringify(policies.bucket) },
    { ...options, dependsOn: [publicAccessBlock, ownership] },
  );
  return { bucket, key, guards: [versioning, encryption, ownership, publicAccessBlock, policy] };
}
