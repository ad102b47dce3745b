/** What watches replication: which metrics, which events and where they go, and how many metrics an alarm holds. */
import { dnsSuffixOfRegion, parseArn, partitionOfRegion } from "../../naming/arn";
import type { PlainMonitoringArgs } from "../arguments/arguments";
import { bucketNameOf } from "../../naming/names";

/** An alarm takes ten metrics at most. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
export const MOST_METRICS_AN_ALARM = 10;

/** Period over which metrics are read, in alarms and in dashboards. S3 sends a value a minute. */
export const METRIC_PERIOD_IN_SECONDS = 300;

/** A metric that S3 sends for each rule, in the namespace AWS/S3. */
export interface RuleMetric {
  readonly name: string;
  /** How the values of a period come to one. */
  readonly statistic: "Sum" | "Maximum";
  /** How the values of several rules come to one. */
  readonly together: "SUM" | "MAX";
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
export const RULE_METRICS = {
  failedOperations: { name: "OperationsFailedReplication", statistic: "Sum", together: "SUM" },
  latency: { name: "ReplicationLatency", statistic: "Maximum", together: "MAX" },
  pendingBytes: { name: "BytesPendingReplication", statistic: "Maximum", together: "SUM" },
  pendingOperations: { name: "OperationsPendingReplication", statistic: "Maximum", together: "SUM" },
} as const satisfies Record<string, RuleMetric>;

/** A rule as far as it is watched. */
export interface SeenRule {
  readonly id: string;
  /** Name of its destination, by which rules of one destination stand together. */
  readonly destination: string;
  readonly replicationTimeControl: boolean;
}

/** Id of the notification that the failure queue gets. */
export const FAILURE_NOTIFICATION_ID = "replication-failures";

/**
 * Events about replication that does not come to its end. Those about the threshold come with Replication Time Control
 * only.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html
 */
export function failureEvents(rules: readonly SeenRule[]): string[] {
  return [
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationNotTracked",
    ...(rules.some((rule) => rule.replicationTimeControl)
      ? ["s3:Replication:OperationMissedThreshold", "s3:Replication:OperationReplicatedAfterThreshold"]
      : []),
  ];
}

/** The queue or topic that gets the events. */
export interface FailureTarget {
  readonly arn: string;
  readonly service: "sqs" | "sns";
  readonly accountId: string;
  readonly name: string;
  /** Whether the component makes it; another's policy is its owner's to write. */
  readonly isOurs: boolean;
}

/** A replicated bucket as far as its watching goes. */
export interface WatchedBucket {
  readonly bucketArn: string;
  readonly accountId: string;
  readonly region: string;
}

/** Where the events go, where they are asked for. */
export function failureTarget(
  { failureQueueArn: queueArn, failureTopicArn: topicArn }: PlainMonitoringArgs,
  { bucketArn, accountId, region }: WatchedBucket,
): FailureTarget {
  const given = queueArn ?? topicArn;
  const arn = given ?? failureQueueArn(bucketArn, accountId, region);
  const parts = parseArn(arn);
  return {
    arn,
    service: parts?.service === "sns" ? "sns" : "sqs",
    accountId: parts?.accountId ?? accountId,
    name: parts?.resource ?? "",
    isOurs: given === undefined,
  };
}

/** Names of queues have no dots, and no bucket name has an underscore. */
function failureQueueArn(bucketArn: string, accountId: string, region: string): string {
  const partition = parseArn(bucketArn)?.partition ?? partitionOfRegion(region);
  const name = `${bucketNameOf(bucketArn).replaceAll(".", "_")}-failures`;
  return `arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
export function queueUrl(queueArn: string): string {
  const { region = "", accountId = "", resource = "" } = parseArn(queueArn) ?? {};
  return `https://sqs.${region}.${dnsSuffixOfRegion(region)}/${accountId}/${resource}`;
}

/** Name of an alarm of a source bucket. */
export function alarmName(bucketArn: string, suffix: string): string {
  return `s3-replication-${bucketNameOf(bucketArn)}-${suffix}`;
}

export function alarmArn(partition: string, region: string, accountId: string, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`;
}
