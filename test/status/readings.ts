/** An account on a mocked AWS, whose source bucket replicates and is fine. */
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  HeadBucketCommand,
  type ReplicationRule,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { openAccounts } from "../../src/aws/pair";
import { readStatus, type Readings } from "../../src/status/readStatus";

export const NOW = new Date("2026-11-21T12:34:56Z");
export const BUCKET = "orders";
export const CALLER = "arn:aws:sts::111111111111:assumed-role/on-call/me";
export const QUEUE = "arn:aws:sqs:eu-west-1:111111111111:orders-failures";

export function rule(id: string, change: Partial<ReplicationRule> = {}): ReplicationRule {
  return {
    ID: id,
    Priority: 1,
    Status: "Enabled",
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Disabled" },
    Destination: { Bucket: "arn:aws:s3:::orders-replicas", Metrics: { Status: "Enabled" } },
    ...change,
  };
}

export function mockedAws(rules: ReplicationRule[] = [rule("everything")]) {
  const s3 = mockClient(S3Client);
  const sqs = mockClient(SQSClient);
  const cloudWatch = mockClient(CloudWatchClient);
  const sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).resolves({ Account: "111111111111", Arn: CALLER });
  s3.on(HeadBucketCommand).resolves({ BucketRegion: "eu-west-1" });
  s3.on(GetBucketReplicationCommand).resolves({
    ReplicationConfiguration: { Role: "arn:aws:iam::111111111111:role/s3-replication", Rules: rules },
  });
  s3.on(GetBucketNotificationConfigurationCommand).resolves({
    QueueConfigurations: [{ QueueArn: QUEUE, Events: ["s3:Replication:*"] }],
  });
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0" },
  });
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  const restore = () => [s3, sqs, cloudWatch, sts].forEach((mock) => mock.restore());
  return { s3, sqs, cloudWatch, restore };
}

export async function read(): Promise<Readings> {
  const accounts = await openAccounts({ source: {}, destinations: [] });
  try {
    return await readStatus(accounts, BUCKET, { now: NOW });
  } finally {
    accounts.close();
  }
}

/** An error as the SDK throws it. */
export function awsError(code: string, status: number): Error {
  return Object.assign(new Error(`${code} it is`), { name: code, $metadata: { httpStatusCode: status } });
}
