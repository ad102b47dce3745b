/**
 * What the AWS provider asks of AWS for each type of resource that the components make, as IAM actions: the rows that the
 * policy of whoever deploys is made of.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** What an action is allowed on; `everything` where AWS lets no resource be named. */
export type DeployTarget =
  | "bucket"
  | "keysOfRegion"
  | "alias"
  | "role"
  | "replicationRole"
  | "queue"
  | "alarm"
  | "alarmsOfRegion"
  | "dashboard"
  | "everything";

export interface DeployerRow {
  readonly on: DeployTarget;
  /** For a new resource, besides reading it. */
  readonly create?: readonly string[];
  /** For every refresh, and after every change. */
  readonly read?: readonly string[];
  /** For a change in place, besides reading it. */
  readonly update?: readonly string[];
  /** For its removal. */
  readonly remove?: readonly string[];
  /** Left out: always. */
  readonly when?: "tags" | "Object Lock";
}

/** S3 keeps each setting of a bucket by itself: one action puts and takes it away, one reads it. */
function setting(put: string, read: string, remove = put): readonly DeployerRow[] {
  return [{ on: "bucket", create: [put], read: [read], update: [put], remove: [remove] }];
}

/** By the type's token. */
export const DEPLOYER_ACTIONS: Readonly<Record<string, readonly DeployerRow[]>> = {
  "aws:s3/bucket:Bucket": [
    {
      on: "bucket",
      create: ["s3:CreateBucket"],
      read: [
        "s3:ListBucket",
        "s3:ListTagsForResource",
        // The provider falls back on it where it may not read tags otherwise, and before 7.13.
        "s3:GetBucketTagging",
        "s3:GetBucketPolicy",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketWebsite",
        "s3:GetBucketVersioning",
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketLogging",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketObjectLockConfiguration",
      ],
      remove: ["s3:DeleteBucket"],
    },
    {
      on: "bucket",
      when: "tags",
      create: ["s3:TagResource", "s3:PutBucketTagging"],
      update: ["s3:TagResource", "s3:UntagResource", "s3:PutBucketTagging"],
    },
    // CreateBucket turns versioning on where it turns Object Lock on, and asks for both.
    {
      on: "bucket",
      when: "Object Lock",
      create: ["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"],
    },
  ],
  "aws:s3/bucketVersioning:BucketVersioning": setting("s3:PutBucketVersioning", "s3:GetBucketVersioning"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "s3:PutEncryptionConfiguration",
    "s3:GetEncryptionConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting(
    "s3:PutBucketOwnershipControls",
    "s3:GetBucketOwnershipControls",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
    "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketPublicAccessBlock",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting(
    "s3:PutBucketPolicy",
    "s3:GetBucketPolicy",
    "s3:DeleteBucketPolicy",
  ),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting(
    "s3:PutBucketObjectLockConfiguration",
    "s3:GetBucketObjectLockConfiguration",
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "s3:PutLifecycleConfiguration",
    "s3:GetLifecycleConfiguration",
  ),
  "aws:s3/bucketNotification:BucketNotification": setting(
    "s3:PutBucketNotification",
    "s3:GetBucketNotification",
  ),
  "aws:s3/inventory:Inventory": setting("s3:PutInventoryConfiguration", "s3:GetInventoryConfiguration"),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": [
    ...setting("s3:PutReplicationConfiguration", "s3:GetReplicationConfiguration"),
    { on: "replicationRole", create: ["iam:PassRole"], update: ["iam:PassRole"] },
  ],
  "aws:kms/key:Key": [
    { on: "everything", create: ["kms:CreateKey"] },
    {
      on: "keysOfRegion",
      create: ["kms:EnableKeyRotation"],
      read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      update: [
        "kms:UpdateKeyDescription",
        "kms:PutKeyPolicy",
        "kms:EnableKeyRotation",
        "kms:DisableKeyRotation",
      ],
      remove: ["kms:ScheduleKeyDeletion"],
    },
    {
      on: "keysOfRegion",
      when: "tags",
      create: ["kms:TagResource"],
      update: ["kms:TagResource", "kms:UntagResource"],
    },
  ],
  "aws:kms/alias:Alias": [
    { on: "everything", read: ["kms:ListAliases"] },
    // AWS asks for these on the alias and on its key.
    { on: "alias", create: ["kms:CreateAlias"], update: ["kms:UpdateAlias"], remove: ["kms:DeleteAlias"] },
    {
      on: "keysOfRegion",
      create: ["kms:CreateAlias"],
      update: ["kms:UpdateAlias"],
      remove: ["kms:DeleteAlias"],
    },
  ],
  "aws:iam/role:Role": [
    {
      on: "role",
      create: ["iam:CreateRole"],
      read: ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"],
      update: ["iam:UpdateAssumeRolePolicy", "iam:UpdateRoleDescription", "iam:UpdateRole"],
      remove: ["iam:ListInstanceProfilesForRole", "iam:DeleteRole"],
    },
    { on: "role", when: "tags", create: ["iam:TagRole"], update: ["iam:TagRole", "iam:UntagRole"] },
  ],
  "aws:iam/rolePolicy:RolePolicy": [
    {
      on: "role",
      create: ["iam:PutRolePolicy"],
      read: ["iam:GetRolePolicy"],
      update: ["iam:PutRolePolicy"],
      remove: ["iam:DeleteRolePolicy"],
    },
  ],
  "aws:sqs/queue:Queue": [
    {
      on: "queue",
      create: ["sqs:CreateQueue"],
      read: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
      update: ["sqs:SetQueueAttributes"],
      remove: ["sqs:DeleteQueue"],
    },
    { on: "queue", when: "tags", create: ["sqs:TagQueue"], update: ["sqs:TagQueue", "sqs:UntagQueue"] },
  ],
  "aws:sqs/queuePolicy:QueuePolicy": [
    {
      on: "queue",
      create: ["sqs:SetQueueAttributes"],
      read: ["sqs:GetQueueAttributes"],
      update: ["sqs:SetQueueAttributes"],
      remove: ["sqs:SetQueueAttributes"],
    },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    { on: "alarmsOfRegion", read: ["cloudwatch:DescribeAlarms"] },
    {
      on: "alarm",
      create: ["cloudwatch:PutMetricAlarm"],
      read: ["cloudwatch:ListTagsForResource"],
      update: ["cloudwatch:PutMetricAlarm"],
      remove: ["cloudwatch:DeleteAlarms"],
    },
    {
      on: "alarm",
      when: "tags",
      create: ["cloudwatch:TagResource"],
      update: ["cloudwatch:TagResource", "cloudwatch:UntagResource"],
    },
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    {
      on: "dashboard",
      create: ["cloudwatch:PutDashboard"],
      read: ["cloudwatch:GetDashboard"],
      update: ["cloudwatch:PutDashboard"],
      remove: ["cloudwatch:DeleteDashboards"],
    },
  ],
};
