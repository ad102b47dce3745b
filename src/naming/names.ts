/** What AWS accepts as an account id, a Region, a bucket or role name, a key ARN: one test and one sentence each. */
import { parseArn } from "./arn";

/** A kind of name: whether a text is one, and what an error says that it must be. */
export interface NameRule {
  readonly test: (text: string) => boolean;
  readonly mustBe: string;
}

export const ACCOUNT_ID: NameRule = {
  test: (text) => /^\d{12}$/.test(text),
  mustBe: "must be a 12-digit AWS account id in quotes",
};

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export const ORGANIZATION_ID: NameRule = {
  test: (text) => /^o-[a-z0-9]{10,32}$/.test(text),
  mustBe: "must be the id of an organization such as 'o-a1b2c3d4e5'",
};

/**
 * A place in the tree of an organization, as conditions write it: an end of `*` takes in what is below, `ou-*` only that.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
 */
export const ORGANIZATION_PATHS: NameRule = {
  test: (text) =>
    /^o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}\/(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}\/)*(\*|ou-\*)?$/.test(text),
  mustBe:
    "must be a path of AWS Organizations such as 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*', where '*' takes in the units below",
};

/** The place of one account in the tree of its organization. */
export const ORGANIZATION_PATH: NameRule = {
  test: (text) => ORGANIZATION_PATHS.test(text) && !text.endsWith("*"),
  mustBe:
    "must be the place of an account in its organization such as 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/'",
};

export const REGION: NameRule = {
  test: (text) => /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text),
  mustBe: "must be an AWS Region such as 'eu-west-1'",
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME: NameRule = {
  test: (text) =>
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) &&
    !text.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(text) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(text) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(text),
  mustBe:
    "must be an S3 bucket name: 3 to 63 lowercase letters, digits, dots and hyphens, beginning and ending with a letter or digit, not formatted as an IP address, without two dots in a row or a prefix or suffix that S3 reserves",
};

export const BUCKET_ARN: NameRule = {
  test: (text) => /^arn:[\w-]+:s3:::[^/*?]+$/.test(text),
  mustBe: "must be the ARN of a bucket, 'arn:aws:s3:::<name>'",
};

/** Where a bucket name must be unique. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html */
export const BUCKET_NAMESPACES = ["global", "account-regional"] as const;

/** Whether a name is kept for account-regional namespaces: it ends in `-an`. */
export function isAccountRegional(bucketName: string): boolean {
  return bucketName.endsWith("-an");
}

/** How a name ends in the namespace of an account and a Region. */
export function accountRegionalSuffix(accountId: string, region: string): string {
  return `-${accountId}-${region}-an`;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_NAME: NameRule = {
  test: (text) => /^[\w+=,.@-]{1,64}$/.test(text),
  mustBe: "must be an IAM role name: 1 to 64 letters, digits and characters of '+=,.@_-'",
};

export const ROLE_PATH: NameRule = {
  test: (text) =>
    text.length <= 512 && /^\/([\x21-\x2e\x30-\x3e\x40-\x7e]+\/)*$/.test(text) && !text.includes("*"),
  mustBe: "must be an IAM path: '/' or '/name/', beginning and ending with a slash, at most 512 characters",
};

/** A customer-managed key by its own ARN: an alias resolves in the account of whoever uses it. */
export const KEY_ARN: NameRule = {
  test: (text) => {
    const arn = parseArn(text);
    return (
      arn !== undefined &&
      arn.service === "kms" &&
      ACCOUNT_ID.test(arn.accountId) &&
      REGION.test(arn.region) &&
      /^key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(arn.resource)
    );
  },
  mustBe:
    "must be the key ARN of a customer-managed KMS key, 'arn:aws:kms:<region>:<account>:key/<key id>' (no alias: it would be looked up in the wrong account, and the AWS managed key 'aws/s3' cannot be used across accounts)",
};

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const isTarget = (text: string, service: "sqs" | "sns") => {
  const arn = parseArn(text);
  return (
    arn !== undefined &&
    arn.service === service &&
    REGION.test(arn.region) &&
    ACCOUNT_ID.test(arn.accountId) &&
    /^[\w-]+(\.fifo)?$/.test(arn.resource)
  );
};

export const ROLE_ARN: NameRule = {
  test: (text) => /^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(text),
  mustBe: "must be the ARN of a role, 'arn:aws:iam::<account>:role/<name>'",
};

export const TOPIC_ARN: NameRule = {
  test: (text) => isTarget(text, "sns"),
  mustBe: "must be the ARN of an SNS topic, 'arn:aws:sns:<region>:<account>:<name>'",
};

/** S3 sends events to standard queues and topics only. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export const FAILURE_QUEUE_ARN: NameRule = {
  test: (text) => isTarget(text, "sqs") && !text.endsWith(".fifo"),
  mustBe:
    "must be the ARN of a standard SQS queue, 'arn:aws:sqs:<region>:<account>:<name>' (S3 sends no events to FIFO queues)",
};

export const FAILURE_TOPIC_ARN: NameRule = {
  test: (text) => isTarget(text, "sns") && !text.endsWith(".fifo"),
  mustBe:
    "must be the ARN of a standard SNS topic, 'arn:aws:sns:<region>:<account>:<name>' (S3 sends no events to FIFO topics)",
};

/** Destination storage classes of a replica. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html */
export const STORAGE_CLASSES = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
] as const;

/**
 * Classes whose objects cannot be read before they are restored.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html
 */
export const ARCHIVED_STORAGE_CLASSES: readonly string[] = ["GLACIER", "DEEP_ARCHIVE"];

/** Characters of an object's tag at most. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const LONGEST_TAG_KEY = 128;
export const LONGEST_TAG_VALUE = 256;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
export const OBJECT_OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] as const;

export function bucketArnOf(partition: string, bucketName: string): string {
  return `arn:${partition}:s3:::${bucketName}`;
}

export function bucketNameOf(bucketArn: string): string {
  return bucketArn.slice(bucketArn.lastIndexOf(":") + 1);
}

export function roleArnOf(partition: string, accountId: string, path: string, roleName: string): string {
  return `arn:${partition}:iam::${accountId}:role${path}${roleName}`;
}

/** Name of the role of Batch Replication jobs, beside a replication role. */
export function batchRoleNameOf(roleName: string): string {
  return `${roleName}-batch`;
}

/** ARN of that role, beside a replication role at the same path. */
export function batchRoleArnOf(replicationRoleArn: string): string {
  const start = replicationRoleArn.lastIndexOf("/") + 1;
  return `${replicationRoleArn.slice(0, start)}${batchRoleNameOf(replicationRoleArn.slice(start))}`;
}

export function accountRootArnOf(partition: string, accountId: string): string {
  return `arn:${partition}:iam::${accountId}:root`;
}

/** Bucket ARN of a bucket or of an object in it; undefined for anything else. */
export function bucketArnWithin(resource: string): string | undefined {
  return /^(arn:[^:]+:s3:::[^/]+)/.exec(resource)?.[1];
}

/** A resource as it stands for all objects of its bucket: an object's key becomes `*`. */
export function withoutObjectKey(resource: string): string {
  return resource.replace(/^(arn:[^:]+:s3:::[^/]+\/).*$/s, "$1*");
}
