/** A backfill on a mocked SDK: everything is as it should be, and a test breaks one thing. */
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetBucketReplicationCommand,
  HeadBucketCommand,
  type ReplicationConfiguration,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateJobCommand,
  DescribeJobCommand,
  type JobDescriptor,
  type JobStatus,
  ListJobsCommand,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { AwsAccount } from "../../src/aws/account";
import { type BackfillOptions, readOptions } from "../../src/backfill/options";
import { backfill, type Desk } from "../../src/backfill/backfill";

export const ACCOUNT = "111111111111";
export const BUCKET = "acme-data";
export const JOB = "11111111-2222-4333-8444-555555555555";
export const BATCH_ROLE = `arn:aws:iam::${ACCOUNT}:role/s3-replication-batch`;

const rule = (ID: string, Prefix: string, Status: "Enabled" | "Disabled" = "Enabled") => ({
  ID,
  Priority: 1,
  Status,
  Filter: { Prefix },
  DeleteMarkerReplication: { Status: "Disabled" as const },
  Destination: { Bucket: "arn:aws:s3:::acme-archive" },
});

export const DOCUMENTS = rule("documents", "documents/");
export const OFF = rule("everything", "", "Disabled");

export function configuration(...Rules: ReturnType<typeof rule>[]): ReplicationConfiguration {
  return { Role: `arn:aws:iam::${ACCOUNT}:role/s3-replication`, Rules };
}

/** An error as the SDK throws it. */
export function awsError(name: string, status = 400): Error {
  return Object.assign(new Error(`told by a test`), { name, $metadata: { httpStatusCode: status } });
}

export const denied = () => awsError("AccessDenied", 403);

/** S3 lists the objects of a bucket by itself. */
export const generatorOf = (bucketName: string) => ({
  S3JobManifestGenerator: { SourceBucket: `arn:aws:s3:::${bucketName}`, EnableManifestOutput: false },
});

/** A job as S3 describes it. */
export function job(Status: JobStatus, more: Partial<JobDescriptor> = {}): JobDescriptor {
  return {
    JobId: JOB,
    Status,
    CreationTime: new Date("2026-11-21T08:00:00Z"),
    Operation: { S3ReplicateObject: {} },
    ManifestGenerator: generatorOf(BUCKET),
    ProgressSummary: { TotalNumberOfTasks: 10, NumberOfTasksSucceeded: 10, NumberOfTasksFailed: 0 },
    ...more,
  };
}

/** The SDK's clients, mocked. */
export function mockAws() {
  const aws = {
    sts: mockClient(STSClient),
    s3: mockClient(S3Client),
    iam: mockClient(IAMClient),
    control: mockClient(S3ControlClient),
  };
  aws.sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/deploy` });
  aws.s3.on(HeadBucketCommand).resolves({ BucketRegion: "us-east-1" });
  aws.s3.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration: configuration(DOCUMENTS) });
  aws.iam.on(GetRoleCommand).resolves({
    Role: { Arn: BATCH_ROLE, Path: "/", RoleName: "x", RoleId: "x", CreateDate: new Date(0) },
  });
  aws.control.on(ListJobsCommand).resolves({ Jobs: [] });
  aws.control.on(CreateJobCommand).resolves({ JobId: JOB });
  aws.control.on(DescribeJobCommand).resolves({ Job: job("Complete") });
  return {
    ...aws,
    restore: () => Object.values(aws).forEach((client) => client.restore()),
    /** Names of all commands that were sent, in their order by client. */
    sent: () =>
      Object.values(aws).flatMap((client) =>
        client.calls().map((call) => (call.args[0] as object).constructor.name),
      ),
  };
}

export type MockedAws = ReturnType<typeof mockAws>;

/** Runs a backfill without waiting between two looks; whoever is asked says no. */
export async function run(options: BackfillOptions = { yes: true }, desk: Partial<Desk> = {}) {
  const asked = readOptions(options);
  const account = await AwsAccount.open("source account", {});
  try {
    return await backfill(account, BUCKET, asked, {
      signal: new AbortController().signal,
      confirm: () => Promise.resolve(false),
      pause: () => Promise.resolve(),
      ...desk,
    });
  } finally {
    account.close();
  }
}
