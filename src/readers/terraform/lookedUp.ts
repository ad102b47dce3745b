/** Data sources that say of something that it is there, and the resource that says the same of it. */

const SAME_AS: Readonly<Record<string, string>> = {
  aws_s3_bucket: "aws_s3_bucket",
  aws_iam_role: "aws_iam_role",
  aws_iam_policy: "aws_iam_policy",
  aws_kms_alias: "aws_kms_alias",
  aws_kms_key: "aws_kms_key",
};

export function lookedUp(type: string): string | undefined {
  return Object.hasOwn(SAME_AS, type) ? SAME_AS[type] : undefined;
}

/** Attribute by which each of them finds what it looks up; it is the id of the resource as well. */
const NAMED_BY: Readonly<Record<string, string>> = {
  aws_s3_bucket: "bucket",
  aws_iam_role: "name",
  aws_iam_policy: "arn",
  aws_kms_alias: "name",
  aws_kms_key: "key_id",
};

export function namingAttribute(type: string): string | undefined {
  return Object.hasOwn(NAMED_BY, type) ? NAMED_BY[type] : undefined;
}
