/** The policy documents of a pair, written out. */
import { DESTINATION, type Pair, SOURCE } from "../pairs";

const rootOf = (accountId: string) => `arn:aws:iam::${accountId}:root`;
const arnOf = (bucketName: string) => `arn:aws:s3:::${bucketName}`;
const roleArn = (pair: Pair) => `arn:aws:iam::${SOURCE.accountId}:role/${pair.roleName}`;
const document = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });

const administerKey = (accountId: string) => ({
  Sid: "AdministerKey",
  Effect: "Allow",
  Principal: { AWS: rootOf(accountId) },
  Action: "kms:*",
  Resource: "*",
});

const throughS3 = (region: string) => ({ "kms:ViaService": `s3.${region}.amazonaws.com` });
const ofBucket = (bucketName: string) => ({
  "kms:EncryptionContext:aws:s3:arn": [arnOf(bucketName), `${arnOf(bucketName)}/*`],
});

const denyInsecureTransport = (bucketName: string) => ({
  Sid: "DenyInsecureTransport",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arnOf(bucketName), `${arnOf(bucketName)}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

export const destinationKeyPolicy = (pair: Pair) =>
  document(administerKey(DESTINATION.accountId), {
    Sid: `ReplicateFrom${SOURCE.accountId}`,
    Effect: "Allow",
    Principal: { AWS: rootOf(SOURCE.accountId) },
    Action: ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
    Resource: "*",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": roleArn(pair) },
      StringEquals: { "kms:CallerAccount": SOURCE.accountId, ...throughS3(DESTINATION.region) },
      StringLike: ofBucket(pair.destinationBucket),
    },
  });

export const destinationBucketPolicy = (pair: Pair) =>
  document(denyInsecureTransport(pair.destinationBucket), {
    Sid: `ReplicateFrom${SOURCE.accountId}`,
    Effect: "Allow",
    Principal: { AWS: rootOf(SOURCE.accountId) },
    Action: ["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
    Resource: `${arnOf(pair.destinationBucket)}/*`,
    Condition: { ArnEquals: { "aws:PrincipalArn": roleArn(pair) } },
  });

export const sourceKeyPolicy = () => document(administerKey(SOURCE.accountId));

export const sourceBucketPolicy = (pair: Pair) => document(denyInsecureTransport(pair.sourceBucket));

export const trustPolicy = () =>
  document({
    Sid: "AllowS3ToReplicate",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sts:AssumeRole",
  });

const allow = (sid: string, action: string | string[], resource: string) => ({
  Sid: sid,
  Effect: "Allow",
  Action: action,
  Resource: resource,
});

export function roleS3Policy(pair: Pair) {
  const source = arnOf(pair.sourceBucket);
  const destination = arnOf(pair.destinationBucket);
  return document(
    allow("ReadSourceBucket", ["s3:GetReplicationConfiguration", "s3:ListBucket"], source),
    allow(
      "ReadSourceObjects",
      ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl"],
      `${source}/*`,
    ),
    allow("ReadSourceTags", "s3:GetObjectVersionTagging", `${source}/*`),
    allow("WriteReplicas", ["s3:ReplicateObject", "s3:ReplicateTags"], `${destination}/*`),
    allow("GiveOwnership", "s3:ObjectOwnerOverrideToBucketOwner", `${destination}/*`),
  );
}

export const roleKeyPolicy = (pair: Pair, sourceKeyArn: string, replicaKeyArn: string) =>
  document(
    {
      ...allow("ReadSourceKeys", ["kms:Decrypt", "kms:GenerateDataKey"], sourceKeyArn),
      Condition: { StringEquals: throughS3(SOURCE.region), StringLike: ofBucket(pair.sourceBucket) },
    },
    {
      ...allow("EncryptReplicas", ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], replicaKeyArn),
      Condition: {
        StringEquals: throughS3(DESTINATION.region),
        StringLike: ofBucket(pair.destinationBucket),
      },
    },
  );

export const queuePolicy = (pair: Pair) =>
  document({
    Sid: "S3SendsEvents",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: `arn:aws:sqs:${SOURCE.region}:${SOURCE.accountId}:${pair.sourceBucket}-failures`,
    Condition: {
      ArnEquals: { "aws:SourceArn": arnOf(pair.sourceBucket) },
      StringEquals: { "aws:SourceAccount": SOURCE.accountId },
    },
  });
