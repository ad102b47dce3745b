/** The role of a job: the one that is given, or the one that a source component makes beside the replication role. */
import type { AwsAccount } from "../aws/account";
import { codeOf, describe, isAbsent } from "../aws/failures";
import { parseArn } from "../naming/arn";
import { InvalidInputError, show } from "../input/problems";
import type { BatchReplication } from "../replication/batch/permissions";
import { batchRolePolicy, batchTrustPolicy } from "../replication/batch/policies";
import { batchRoleArnOf, bucketArnOf } from "../naming/names";
import { filterOf, type ReplicationConfiguration } from "../replication/rules";
import { type Asked, isManifest } from "./options";
import type { Source } from "./request";

/** @throws InvalidInputError where there is no role, with the documents to make one. */
export async function roleOfJob(
  account: AwsAccount,
  source: Source,
  configuration: ReplicationConfiguration,
  asked: Asked,
): Promise<string> {
  const { roleArn } = asked;
  if (roleArn !== undefined) {
    const accountId = parseArn(roleArn)?.accountId;
    if (accountId === account.id) return roleArn;
    throw new InvalidInputError("--role-arn", [
      `must be a role of account ${account.id}, where the job runs, got ${show(roleArn)}`,
    ]);
  }
  const expected = batchRoleArnOf(configuration.Role);
  const found = await find(account, expected);
  if (found === true) return expected;
  throw new InvalidInputError("--role-arn", [
    `must be given: ${found === false ? `there is no role ${expected}` : `whether there is a role ${expected} cannot be told (${found})`}. A source component makes it with 'batchReplication: {}'; by hand it takes\n${documents(source, configuration, asked, expected)}`,
  ]);
}

async function find(account: AwsAccount, roleArn: string): Promise<boolean | string> {
  const { GetRoleCommand } = await import("@aws-sdk/client-iam");
  const iam = await account.iam();
  try {
    const RoleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    // Another path is another role.
    return Role?.Arn === roleArn;
  } catch (error) {
    // No role has a name that IAM does not take.
    if (isAbsent(error) || codeOf(error) === "ValidationError") return false;
    return describe(error);
  }
}

function documents(
  source: Source,
  configuration: ReplicationConfiguration,
  asked: Asked,
  role: string,
): string {
  const { objects, report } = asked;
  const job: BatchReplication = {
    role,
    ...(isManifest(objects)
      ? {
          manifestBucket: bucketArnOf(source.partition, objects.bucketName),
          ...(folderOf(objects.key) === undefined ? {} : { manifestPrefix: folderOf(objects.key) }),
          manifestGiven: true,
        }
      : {}),
    ...(report === undefined
      ? {}
      : {
          reportBucket: bucketArnOf(source.partition, report.bucketName),
          ...(report.prefix === "" ? {} : { reportPrefix: report.prefix }),
        }),
  };
  const prefixes = configuration.Rules.filter(({ Status }) => Status === "Enabled").map(
    (rule) => filterOf(rule).prefix,
  );
  const policy = batchRolePolicy(job, bucketArnOf(source.partition, source.bucketName), prefixes);
  const show = (document: object) => JSON.stringify(document, undefined, 2);
  return `the trust policy\n${show(batchTrustPolicy())}\nand the permissions\n${show(policy)}`;
}

function folderOf(key: string): string | undefined {
  return key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : undefined;
}
