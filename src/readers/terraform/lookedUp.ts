/** Data sources that say of something that it is there, and the resource that says the same of it. */

const SAME_AS: Readonly<Record<string, string>> = {
  aws_s3_bucket: "aws_s3_bucket",
  aws_iam_role: "aws_iam_role",
  aws_iam_policy: "aws_iam_policy",
  aws_kms_alias: "aws_kms_alias",
};

export function lookedUp(type: string): string | undefined {
  return Object.hasOwn(SAME_AS, type) ? SAME_AS[type] : undefined;
}
