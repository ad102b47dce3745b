/** The queue and the alarms of a pair, written by hand. */
import type * as pulumi from "@pulumi/pulumi";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm";
import type { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification";
import { Queue } from "@pulumi/aws/sqs/queue";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import { ALARM_TOPIC, type Pair, SOURCE } from "../pairs";
import { queuePolicy } from "./policies";

const { region } = SOURCE;
const alarmActions = [ALARM_TOPIC];

/** The queue of failed objects, and four alarms. */
export function monitoringByHand(pair: Pair, bucket: Bucket, options: pulumi.CustomResourceOptions): void {
  const queue = new Queue(
    `${pair.source}-failures`,
    {
      region,
      name: `${pair.sourceBucket}-failures`,
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    },
    options,
  );
  const policy = new QueuePolicy(
    `${pair.source}-failures-policy`,
    { region, queueUrl: queue.url, policy: JSON.stringify(queuePolicy(pair)) },
    options,
  );
  new BucketNotification(
    `${pair.source}-notification`,
    {
      region,
      bucket: bucket.bucket,
      queues: [
        {
          id: "replication-failures",
          queueArn: queue.arn,
          events: ["s3:Replication:OperationFailedReplication", "s3:Replication:OperationNotTracked"],
        },
      ],
    },
    { ...options, dependsOn: policy },
  );
  new MetricAlarm(
    `${pair.source}-failures-alarm`,
    {
      region,
      name: `s3-replication-${pair.sourceBucket}-failures`,
      alarmDescription: `The failure queue of ${pair.sourceBucket} holds events that nobody has looked at`,
      alarmActions,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treatMissingData: "ignore",
    },
    options,
  );
  const metricAlarm = (
    suffix: string,
    metricName: string,
    stat: "Sum" | "Maximum",
    threshold: number,
    evaluationPeriods: number,
    alarmDescription: string,
  ) =>
    new MetricAlarm(
      `${pair.source}-${suffix}-alarm`,
      {
        region,
        name: `s3-replication-${pair.sourceBucket}-${suffix}`,
        alarmDescription,
        alarmActions,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold,
        evaluationPeriods,
        treatMissingData: "ignore",
        metricQueries: [
          {
            id: "worst",
            expression: metricName === "ReplicationLatency" ? "MAX(METRICS())" : "SUM(METRICS())",
            label: metricName,
            returnData: true,
          },
          {
            id: "rule0",
            metric: {
              namespace: "AWS/S3",
              metricName,
              stat,
              period: 300,
              dimensions: {
                SourceBucket: bucket.bucket,
                DestinationBucket: pair.destinationBucket,
                RuleId: "everything",
              },
            },
          },
        ],
      },
      options,
    );
  metricAlarm(
    "failed-operations",
    "OperationsFailedReplication",
    "Sum",
    1,
    1,
    `Objects of ${pair.sourceBucket} failed to replicate; the failure events say which and why`,
  );
  metricAlarm(
    "latency",
    "ReplicationLatency",
    "Maximum",
    3600,
    3,
    `Replicas of ${pair.sourceBucket} are late`,
  );
  metricAlarm(
    "pending-bytes",
    "BytesPendingReplication",
    "Maximum",
    1_000_000_000_000,
    3,
    `More bytes of ${pair.sourceBucket} wait for replication than expected`,
  );
}
