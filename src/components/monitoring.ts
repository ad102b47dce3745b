import * as pulumi from "@pulumi/pulumi";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification";
import { Queue } from "@pulumi/aws/sqs/queue";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import { DEFAULTS } from "../replication/arguments";
import {
  failureEvents,
  failureQueueArn,
  failureQueueName,
  failureQueueUrl,
  MOST_METRICS_AN_ALARM,
} from "../replication/monitoring";
import { bucketNameOf } from "../replication/names";
import { failureQueuePolicy } from "../replication/policies";
import type { ResolvedRule } from "../replication/rules";

/** How failed and late replication is noticed. */
export interface MonitoringArgs {
  /**
   * Whether S3 puts an event for every object that fails into an SQS queue, with its failureReason. The component then
   * owns the bucket's notification configuration.
   * Default: true.
   */
  failureQueue?: boolean;
  /**
   * Whether there are CloudWatch alarms, for rules with metrics: failed operations, latency, and the depth of the
   * failure queue.
   * Default: true.
   */
  alarms?: boolean;
  /**
   * SNS topics that the alarms notify, in the bucket's Region.
   * Default: none, and a warning that the alarms reach nobody.
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /**
   * Latency, in seconds, above which an alarm goes off when it lasts for three periods of five minutes.
   * Default: 3600.
   */
  latencyThresholdInSeconds?: number;
  /**
   * Bytes pending replication above which an alarm goes off.
   * Default: no such alarm.
   */
  pendingBytesThreshold?: number;
}

/** What is watched. */
export interface Watched {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly rules: readonly ResolvedRule[];
  /** Destination bucket ARN of a rule. */
  readonly destinationOf: (rule: ResolvedRule) => pulumi.Input<string>;
  readonly tags?: Record<string, string>;
}

/** @returns The failure queue's URL, where there is a queue. */
export function monitoring(
  name: string,
  args: MonitoringArgs,
  watched: Watched,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const rules = watched.rules.filter((rule) => rule.enabled && rule.metrics);
  if (rules.length === 0) return undefined;
  const queue = (args.failureQueue ?? true) ? failureQueue(name, watched, rules, options) : undefined;
  if (args.alarms ?? true) alarms(name, args, watched, rules, queue, options);
  // Built from plain arguments, so that it is known in a preview.
  return queue?.name.apply(() => failureQueueUrl(watched.bucketArn, watched.accountId, watched.region));
}

function failureQueue(
  name: string,
  { bucketName, bucketArn, accountId, region, tags }: Watched,
  rules: readonly ResolvedRule[],
  options: pulumi.CustomResourceOptions,
): Queue {
  const queueName = failureQueueName(bucketArn);
  const queue = new Queue(
    `${name}-failures`,
    {
      region,
      name: queueName,
      // The longest that SQS keeps a message: S3 does not retry a failed object by itself.
      messageRetentionSeconds: 1_209_600,
      // SSE-SQS: S3's events are refused by a queue under the AWS managed key.
      sqsManagedSseEnabled: true,
      tags,
    },
    options,
  );
  const policy = new QueuePolicy(
    `${name}-failures-policy`,
    {
      region,
      queueUrl: queue.url,
      policy: JSON.stringify(
        failureQueuePolicy(failureQueueArn(bucketArn, accountId, region), bucketArn, accountId),
      ),
    },
    options,
  );
  new BucketNotification(
    `${name}-notification`,
    {
      region,
      bucket: bucketName,
      queues: [{ id: "replication-failures", queueArn: queue.arn, events: failureEvents(rules) }],
    },
    // S3 sends a test event when the notification is put, and refuses one that it may not send.
    { ...options, dependsOn: policy },
  );
  return queue;
}

function alarms(
  name: string,
  args: MonitoringArgs,
  { bucketName, bucketArn, region, tags, destinationOf }: Watched,
  rules: readonly ResolvedRule[],
  queue: Queue | undefined,
  options: pulumi.CustomResourceOptions,
): void {
  const actions = args.alarmTopicArns ?? [];
  if (actions.length === 0) {
    void pulumi.log.warn(
      `the alarms of ReplicationSource '${name}' reach nobody: give 'monitoring.alarmTopicArns', or set 'monitoring.alarms: false'`,
      options.parent,
    );
  }
  const common = { region, alarmActions: actions, tags };
  const bucket = bucketNameOf(bucketArn);

  /** One alarm for as many rules as an alarm can hold metrics. */
  const onRules = (
    suffix: string,
    metricName: string,
    statistic: "Sum" | "Maximum",
    threshold: number,
    evaluationPeriods: number,
    description: string,
  ) => {
    for (let start = 0; start < rules.length; start += MOST_METRICS_AN_ALARM) {
      const part = start === 0 ? "" : `-${start / MOST_METRICS_AN_ALARM + 1}`;
      new MetricAlarm(
        `${name}-${suffix}-alarm${part}`,
        {
          ...common,
          name: `s3-replication-${bucket}-${suffix}${part}`,
          alarmDescription: description,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold,
          evaluationPeriods,
          treatMissingData: "ignore",
          metricQueries: [
            {
              id: "worst",
              expression: statistic === "Sum" ? "SUM(METRICS())" : "MAX(METRICS())",
              label: metricName,
              returnData: true,
            },
            ...rules.slice(start, start + MOST_METRICS_AN_ALARM).map((rule, index) => ({
              id: `rule${index}`,
              metric: {
                namespace: "AWS/S3",
                metricName,
                stat: statistic,
                period: 300,
                dimensions: {
                  SourceBucket: bucketName,
                  DestinationBucket: pulumi.output(destinationOf(rule)).apply(bucketNameOf),
                  RuleId: rule.id,
                },
              },
            })),
          ],
        },
        options,
      );
    }
  };

  onRules(
    "failed-operations",
    "OperationsFailedReplication",
    "Sum",
    1,
    1,
    `Objects of ${bucket} failed to replicate; the failure queue says which and why`,
  );
  onRules(
    "latency",
    "ReplicationLatency",
    "Maximum",
    args.latencyThresholdInSeconds ?? DEFAULTS.latencyThresholdInSeconds,
    3,
    `Replicas of ${bucket} are late`,
  );
  if (args.pendingBytesThreshold !== undefined) {
    onRules(
      "pending-bytes",
      "BytesPendingReplication",
      "Sum",
      args.pendingBytesThreshold,
      3,
      `More bytes of ${bucket} wait for replication than expected`,
    );
  }
  if (queue !== undefined) {
    new MetricAlarm(
      `${name}-failures-alarm`,
      {
        ...common,
        name: `s3-replication-${bucket}-failures`,
        alarmDescription: `The failure queue of ${bucket} holds events that nobody has looked at`,
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
  }
}
