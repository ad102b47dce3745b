/**
 * Policies that AWS manages, and that people attach to a replication role by their ARN. AWS adds actions to them now and
 * then, and takes none away. One that is not here is not read.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */

const READ_S3 = ["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"];
const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/** What a policy allows on every resource, by the part of its ARN after `policy/`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ["*"],
  AmazonS3FullAccess: ["s3:*", "s3-object-lambda:*"],
  AmazonS3ReadOnlyAccess: READ_S3,
  "service-role/AWSLambdaBasicExecutionRole": LOGS,
};

/** The document of a policy that AWS manages; undefined where it is not known. */
export function awsManagedPolicy(policyArn: string): Record<string, unknown> | undefined {
  const [, name = ""] = /^arn:aws[\w-]*:iam::aws:policy\/(.+)$/.exec(policyArn) ?? [];
  const actions = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
  if (actions === undefined) return undefined;
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
}
