/** What watches replication: which events, in which queue, and how many metrics an alarm holds. */
import { dnsSuffixOfRegion, parseArn, partitionOfRegion } from "../iam/arn";
import { bucketNameOf } from "./names";
import type { ResolvedRule } from "./rules";

/** An alarm takes ten metrics at most. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
export const MOST_METRICS_AN_ALARM = 10;

/** Id of the notification that the failure queue gets. */
export const FAILURE_NOTIFICATION_ID = "replication-failures";

/**
 * Events about replication that does not come to its end. Those about the threshold come with Replication Time Control
 * only.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html
 */
export function failureEvents(rules: readonly ResolvedRule[]): string[] {
  return [
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationNotTracked",
    ...(rules.some((rule) => rule.replicationTimeControl)
      ? ["s3:Replication:OperationMissedThreshold", "s3:Replication:OperationReplicatedAfterThreshold"]
      : []),
  ];
}

/** Names of queues have no dots, and no bucket name has an underscore. */
export function failureQueueName(bucketArn: string): string {
  return `${bucketNameOf(bucketArn).replaceAll(".", "_")}-failures`;
}

export function failureQueueArn(bucketArn: string, accountId: string, region: string): string {
  const partition = parseArn(bucketArn)?.partition ?? partitionOfRegion(region);
  return `arn:${partition}:sqs:${region}:${accountId}:${failureQueueName(bucketArn)}`;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
export function failureQueueUrl(bucketArn: string, accountId: string, region: string): string {
  return `https://sqs.${region}.${dnsSuffixOfRegion(region)}/${accountId}/${failureQueueName(bucketArn)}`;
}
