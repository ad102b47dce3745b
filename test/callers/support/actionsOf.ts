/** IAM actions by the operations of AWS's APIs that ask for them, as the service authorization reference has them. */

/** Operations whose action has another name. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  "s3:HeadBucket": ["s3:ListBucket"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "s3:ListObjectVersions": ["s3:ListBucketVersions"],
  "s3:GetBucketCors": ["s3:GetBucketCORS"],
  "s3:GetBucketAccelerateConfiguration": ["s3:GetAccelerateConfiguration"],
  "s3:GetBucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration"],
  "s3:PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
  "s3:DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
  "s3:GetBucketReplication": ["s3:GetReplicationConfiguration"],
  "s3:PutBucketReplication": ["s3:PutReplicationConfiguration", "iam:PassRole"],
  "s3:DeleteBucketReplication": ["s3:PutReplicationConfiguration"],
  "s3:GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
  "s3:PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
  "s3:DeleteBucketTagging": ["s3:PutBucketTagging"],
  "s3:DeleteBucketEncryption": ["s3:PutEncryptionConfiguration"],
  "s3:GetObjectLockConfiguration": ["s3:GetBucketObjectLockConfiguration"],
  "s3:PutObjectLockConfiguration": ["s3:PutBucketObjectLockConfiguration"],
  "s3:DeleteBucketOwnershipControls": ["s3:PutBucketOwnershipControls"],
  "s3:GetPublicAccessBlock": ["s3:GetBucketPublicAccessBlock"],
  "s3:PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
  "s3:DeletePublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
  "s3:GetBucketNotificationConfiguration": ["s3:GetBucketNotification"],
  "s3:PutBucketNotificationConfiguration": ["s3:PutBucketNotification"],
  "s3:GetBucketInventoryConfiguration": ["s3:GetInventoryConfiguration"],
  "s3:PutBucketInventoryConfiguration": ["s3:PutInventoryConfiguration"],
  "s3:DeleteBucketInventoryConfiguration": ["s3:PutInventoryConfiguration"],
  "s3:ListBucketInventoryConfigurations": ["s3:GetInventoryConfiguration"],
  "s3:ListBuckets": ["s3:ListAllMyBuckets"],
  "s3:GetPublicAccessBlockOfAccount": ["s3:GetAccountPublicAccessBlock"],
  "s3:CreateJob": ["s3:CreateJob", "iam:PassRole"],
  "sqs:ChangeMessageVisibilityBatch": ["sqs:ChangeMessageVisibility"],
};

/** @param operation `<service>:<operation>`, such as `s3:GetBucketCors`. */
export function actionsOf(operation: string): readonly string[] {
  return OTHERWISE[operation] ?? [operation];
}
