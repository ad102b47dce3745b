/** What watches a pair on the emulator: an alarm on its rule, and a queue of failure events. */
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { PutBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { failurePolicy } from "../../../src/replication/policies";
import { EmulatedAccount } from "./plant";

export interface WatchedPair {
  readonly accountId: string;
  readonly region: string;
  readonly source: string;
  readonly destination: string;
  readonly rule: string;
}

/** @param endpoint Of the emulator itself. */
export class Watching {
  private readonly account: EmulatedAccount;
  private readonly cloudWatch: CloudWatchClient;

  constructor(
    endpoint: string,
    private readonly pair: WatchedPair,
  ) {
    this.account = new EmulatedAccount(endpoint, pair.accountId);
    this.cloudWatch = this.account.cloudWatch(pair.region);
  }

  /** @param rings Whether it is in ALARM. */
  async addAlarm(rings: boolean): Promise<void> {
    const { accountId, region, source } = this.pair;
    const AlarmName = `${source}-failed`;
    await this.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        AlarmActions: [`arn:aws:sns:${region}:${accountId}:on-call`],
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        EvaluationPeriods: 1,
        Threshold: 1,
        Namespace: "AWS/S3",
        MetricName: "OperationsFailedReplication",
        Dimensions: this.dimensions,
        Period: 300,
        Statistic: "Sum",
      }),
    );
    const StateValue = rings ? "ALARM" : "OK";
    await this.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "3 failed" }));
  }

  async fail(Value: number): Promise<void> {
    const Timestamp = new Date(Date.now() - 600_000);
    const MetricName = "OperationsFailedReplication";
    await this.cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: "AWS/S3",
        MetricData: [{ MetricName, Dimensions: this.dimensions, Timestamp, Value }],
      }),
    );
  }

  async addQueue(): Promise<void> {
    const { accountId, region, source } = this.pair;
    const QueueName = `${source}-failures`;
    const sqs = this.account.sqs(region);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const QueueArn = `arn:aws:sqs:${region}:${accountId}:${QueueName}`;
    const Policy = JSON.stringify(failurePolicy(QueueArn, `arn:aws:s3:::${source}`, accountId));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await this.account.s3(region).send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: source,
        NotificationConfiguration: {
          QueueConfigurations: [
            { Id: "failed", QueueArn, Events: ["s3:Replication:OperationFailedReplication"] },
          ],
        },
      }),
    );
  }

  private get dimensions() {
    const { source, destination, rule } = this.pair;
    return [
      { Name: "SourceBucket", Value: source },
      { Name: "DestinationBucket", Value: destination },
      { Name: "RuleId", Value: rule },
    ];
  }
}
