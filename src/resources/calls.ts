/**
 * What readers hand over: the calls to AWS that a tool makes, or made. They are called and shaped as AWS's API calls and
 * shapes them, so that each tool's own words and normalisations end in its reader.
 */
import type { Place } from "../snapshot/places";

/**
 * A value as the reader found it, checked where it is used. Any part of it may be an `Unread`, which says why it is not
 * known. A field that is undefined is not sent.
 */
export type Given = unknown;

/** By operation, `<service>:<operation>`, the parameters that have a say in replication. */
export interface Parameters {
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
  readonly "s3:CreateBucket": {
    /** Its name. Where nobody knows it yet, one that the reader makes up: the same at each mention. */
    readonly Bucket: string;
    readonly ObjectLockEnabledForBucket?: Given;
    readonly ObjectOwnership?: Given;
    /** The canned ACL that a bucket is to have from the start. */
    readonly ACL?: Given;
  };
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
  readonly "s3:PutBucketVersioning": {
    /** Name or ARN. */
    readonly Bucket: Given;
    readonly VersioningConfiguration: { readonly Status?: Given };
  };
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html */
  readonly "s3:PutBucketEncryption": {
    readonly Bucket: Given;
    readonly ServerSideEncryptionConfiguration: { readonly Rules: readonly EncryptionRule[] };
  };
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html */
  readonly "s3:PutBucketOwnershipControls": {
    readonly Bucket: Given;
    readonly OwnershipControls: { readonly Rules: readonly { readonly ObjectOwnership?: Given }[] };
  };
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html */
  readonly "s3:PutPublicAccessBlock": {
    readonly Bucket: Given;
    readonly PublicAccessBlockConfiguration: PublicAccessBlockConfiguration;
  };
  /** `Policy` is JSON text, or an object; an empty text is no policy. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html */
  readonly "s3:PutBucketPolicy": { readonly Bucket: Given; readonly Policy: Given };
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html */
  readonly "s3:PutObjectLockConfiguration": {
    readonly Bucket: Given;
    readonly ObjectLockConfiguration: { readonly ObjectLockEnabled?: Given };
  };
  /** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html */
  readonly "s3:PutBucketRequestPayment": {
    readonly Bucket: Given;
    readonly RequestPaymentConfiguration: { readonly Payer?: Given };
  };
  /** What S3 receives, after whatever the tool adds and drops. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html */
  readonly "s3:PutBucketReplication": {
    readonly Bucket: Given;
    readonly ReplicationConfiguration: { readonly Role?: Given; readonly Rules: Given };
  };
  /** It has no say, and warnings speak of it. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html */
  readonly "s3:PutBucketLifecycleConfiguration": {
    readonly Bucket: Given;
    readonly LifecycleConfiguration: { readonly Rules: Given };
  };
  /** Of an account. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html */
  readonly "s3control:PutPublicAccessBlock": {
    readonly AccountId: Given;
    readonly PublicAccessBlockConfiguration: PublicAccessBlockConfiguration;
  };

  /** `KeyId` and `Arn` are what KMS answers, or what the reader makes up. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
  readonly "kms:CreateKey": {
    readonly KeyId: string;
    readonly Arn: string;
    /** Undefined or an empty text: KMS gives it the default one. */
    readonly Policy?: Given;
    readonly MultiRegion?: Given;
    /** `AWS` for a managed key of a service, which somebody saw. Left out: the customer's. */
    readonly KeyManager?: Given;
    /** Left out: `SYMMETRIC_DEFAULT`, the only one that S3 encrypts with. */
    readonly KeySpec?: Given;
  };
  /** The call's Region is that of the replica. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html */
  readonly "kms:ReplicateKey": { readonly KeyId: string; readonly Arn: string; readonly Policy?: Given };
  /** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html */
  readonly "kms:DisableKey": {
    readonly KeyId: Given;
    /** Whether the call is made at all, where that is not known. */
    readonly Disabled?: Given;
  };
  /** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
  readonly "kms:PutKeyPolicy": { readonly KeyId: Given; readonly Policy: Given };
  /** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html */
  readonly "kms:CreateGrant": {
    readonly KeyId: Given;
    readonly GranteePrincipal: Given;
    readonly Operations: Given;
    readonly Constraints?: Given;
  };
  /** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
  readonly "kms:CreateAlias": { readonly AliasName: string; readonly TargetKeyId: Given };

  /** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
  readonly "iam:CreateRole": {
    readonly RoleName: string;
    /** What IAM answers, or what follows from path and name. */
    readonly Arn: string;
    readonly AssumeRolePolicyDocument: Given;
    /** ARN of a managed policy. */
    readonly PermissionsBoundary?: Given;
  };
  /** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
  readonly "iam:PutRolePolicy": {
    /** Name or ARN. */
    readonly RoleName: Given;
    readonly PolicyName: string;
    readonly PolicyDocument: Given;
  };
  /** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
  readonly "iam:AttachRolePolicy": { readonly RoleName: Given; readonly PolicyArn: Given };
  /** Every inline policy of the role but these, where a tool keeps a role to a list. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
  readonly "iam:DeleteRolePolicy": { readonly RoleName: Given; readonly ExceptPolicyNames: Given };
  /** Every managed policy of the role but these. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
  readonly "iam:DetachRolePolicy": { readonly RoleName: Given; readonly ExceptPolicyArns: Given };
  /** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
  readonly "iam:CreatePolicy": { readonly Arn: string; readonly PolicyDocument: Given };

  /** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
  readonly "organizations:CreatePolicy": {
    /** What AWS answers, or what the reader makes up. */
    readonly Id: string;
    readonly Type?: Given;
    readonly Content: Given;
  };
  /** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html */
  readonly "organizations:AttachPolicy": { readonly PolicyId: Given; readonly TargetId: Given };
}

export interface EncryptionRule {
  readonly ApplyServerSideEncryptionByDefault?: {
    readonly SSEAlgorithm?: Given;
    readonly KMSMasterKeyID?: Given;
  };
  readonly BucketKeyEnabled?: Given;
  readonly BlockedEncryptionTypes?: Given;
}

export interface PublicAccessBlockConfiguration {
  readonly BlockPublicAcls?: Given;
  readonly BlockPublicPolicy?: Given;
  readonly IgnorePublicAcls?: Given;
  readonly RestrictPublicBuckets?: Given;
}

export type Operation = keyof Parameters;

/** How a call is known. */
export type Known =
  /** The tool makes it now: AWS may refuse it. */
  | "planned"
  /** The tool made it, and AWS took it. */
  | "deployed"
  /** Others made it; the tool only looks at what is there, and says what it saw (`Bucket.get`, a data source). */
  | "external"
  /** Others made it, and nobody looked: the user says what is there. Reports name it as an assumption. */
  | "stated";

/** A call to AWS, whichever it is. Those that refer to something come after the one that makes it. */
export interface AnyCall {
  readonly operation: Operation;
  /** Account that is called. */
  readonly account: string;
  /** Region that is called; empty where it has no say. */
  readonly region: string;
  readonly known: Known;
  /** Made before AWS changed what new buckets get (April 2023), or nobody knows when. */
  readonly old?: boolean;
  /** What errors call the resource: `aws:s3/bucket:Bucket 'data'`, an address. */
  readonly subject: string;
  /** Where it stands in the user's code. Left out: nobody knows. */
  readonly place?: Place;
  /** Whether the name or id of what it makes is made up, as only the deployment knows it. */
  readonly isNameGenerated?: boolean;
}

export interface CallOf<O extends Operation> extends AnyCall {
  readonly operation: O;
  readonly parameters: Parameters[O];
}

export type Call = { readonly [O in Operation]: CallOf<O> }[Operation];
