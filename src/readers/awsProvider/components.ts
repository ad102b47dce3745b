/**
 * What the components of this package say of a bucket and a role that exist already: nobody makes them here, and nobody
 * read them. What is said counts, as an assumption that reports name; what is not said is unread.
 */
import * as v from "valibot";
import { partitionOfRegion } from "../../naming/arn";
import { roleArnOf } from "../../naming/names";
import { DEFAULTS } from "../../replication/arguments/arguments";
import type { Call, Operation, Parameters } from "../../resources/calls";
import { OWNERSHIP } from "../../snapshot/snapshotSchema";
import { Unread } from "../../snapshot/unread";
import { at, text, textOr } from "./attributes";
import { callOf, type Mapper, type ProviderResource } from "./providerResource";

const component: Mapper = (resource) => {
  const { name, attributes, accountId, region } = resource;
  const calls: Call[] = [];
  if (at(attributes, "existingBucket") !== undefined) calls.push(...bucketCalls(resource));
  if (at(attributes, "existingRole") !== undefined) {
    const path = textOr(attributes.rolePath, DEFAULTS.rolePath);
    const RoleName = textOr(attributes.roleName, DEFAULTS.roleName);
    const Arn = roleArnOf(partitionOfRegion(region), accountId, path, RoleName);
    calls.push(stated(resource, "iam:CreateRole", { RoleName, Arn, AssumeRolePolicyDocument: undefined }));
  }
  return { calls, id: name, outputs: {} };
};

export const COMPONENTS: Readonly<Record<string, Mapper>> = {
  "s3-replication:index:ReplicationDestination": component,
  "s3-replication:index:ReplicationSource": component,
};

function stated<O extends Operation>(
  resource: ProviderResource,
  operation: O,
  parameters: Parameters[O],
): Call {
  return { ...callOf(resource, operation, parameters), known: "stated" };
}

/** Settings of the bucket that the arguments say. S3 takes no replication of or into a bucket that is not versioned. */
function bucketCalls(resource: ProviderResource): Call[] {
  const { attributes } = resource;
  const Bucket = text(attributes.bucketName);
  const ownership = at(attributes, "existingBucket", "objectOwnership");
  const policy = at(attributes, "existingBucket", "policy");
  const encryption = encryptionOf(attributes);
  const objectLock = at(attributes, "objectLockEnabled");
  const calls = [
    stated(resource, "s3:CreateBucket", { Bucket }),
    stated(resource, "s3:PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    stated(resource, "s3:PutBucketRequestPayment", {
      Bucket,
      RequestPaymentConfiguration: { Payer: "BucketOwner" },
    }),
  ];
  if (v.is(OWNERSHIP, ownership)) {
    const OwnershipControls = { Rules: [{ ObjectOwnership: ownership }] };
    calls.push(stated(resource, "s3:PutBucketOwnershipControls", { Bucket, OwnershipControls }));
  }
  if (typeof policy === "string") {
    const Policy = policy === "none" ? "" : policy;
    calls.push(stated(resource, "s3:PutBucketPolicy", { Bucket, Policy }));
  }
  if (encryption !== undefined) {
    const ServerSideEncryptionConfiguration = { Rules: [encryption] };
    calls.push(stated(resource, "s3:PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration }));
  }
  if (typeof objectLock === "boolean") {
    const ObjectLockConfiguration = objectLock ? { ObjectLockEnabled: "Enabled" } : {};
    calls.push(stated(resource, "s3:PutObjectLockConfiguration", { Bucket, ObjectLockConfiguration }));
  }
  return calls;
}

const UNSAID = new Unread("the program does not say it");

/** Undefined where it is not said what the bucket encrypts under. */
function encryptionOf(attributes: ProviderResource["attributes"]) {
  const SSEAlgorithm = textOr(at(attributes, "encryption", "algorithm"), DEFAULTS.algorithm);
  if (SSEAlgorithm === "AES256") return { ApplyServerSideEncryptionByDefault: { SSEAlgorithm } };
  const KMSMasterKeyID = at(attributes, "encryption", "keyArn");
  if (typeof KMSMasterKeyID !== "string") return undefined;
  const BucketKeyEnabled = at(attributes, "encryption", "bucketKeyEnabled") ?? UNSAID;
  return {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID },
    BucketKeyEnabled,
  };
}
