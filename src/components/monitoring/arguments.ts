/** What arguments say about monitoring. */
import type * as pulumi from "@pulumi/pulumi";

/** How failed and late replication is noticed. */
export interface ReplicationMonitoring {
  /**
   * Whether S3 sends an event for every object that fails, with its failureReason, into a new SQS queue or to where
   * 'failureQueueArn' or 'failureTopicArn' says. The component then owns the bucket's notification configuration.
   * Default: true; on a bucket that exists already where its 'notification' is given.
   */
  failureQueue?: boolean;
  /**
   * ARN of a standard SQS queue of your own that gets the events, in the bucket's Region and in any account. Its policy
   * must have the statement that the output 'requiredFailurePolicyStatement' says before this component is deployed. A
   * queue under KMS needs a key of its own that lets s3.amazonaws.com use kms:GenerateDataKey and kms:Decrypt.
   * Default: a new queue with SSE-SQS.
   */
  failureQueueArn?: string;
  /**
   * ARN of a standard SNS topic of your own that gets the events instead of a queue, in the bucket's Region and in any
   * account, with the policy statement of the output 'requiredFailurePolicyStatement'.
   * Default: a new queue with SSE-SQS.
   */
  failureTopicArn?: string;
  /**
   * Whether there are CloudWatch alarms, for rules with metrics: failed operations, latency, pending bytes, and the
   * depth of the failure queue.
   * Default: true.
   */
  alarms?: boolean;
  /**
   * SNS topics that the alarms notify, in the bucket's Region; at most five.
   * Default: none, which previews warn of: such alarms reach nobody. An empty list says that it is meant so.
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /**
   * Failed operations within five minutes that an alarm is for; 0 for no such alarm.
   * Default: 1.
   */
  failedOperationsThreshold?: number;
  /**
   * Latency, in seconds, that an alarm is for when it lasts three periods of five minutes; 0 for no such alarm.
   * Default: 3600.
   */
  latencyThresholdInSeconds?: number;
  /**
   * Bytes pending replication that an alarm is for when they last three periods of five minutes; 0 for no such alarm.
   * Default: 1000000000000 (1 TB).
   */
  pendingBytesThreshold?: number;
  /**
   * Messages in the failure queue that an alarm is for; 0 for no such alarm. There is none for a queue of another
   * account, whose metrics are there.
   * Default: 1.
   */
  failureQueueDepthThreshold?: number;
  /**
   * Whether there is a CloudWatch dashboard: for each destination what is pending, the latency and what failed, and the
   * depth of the failure queue. Many rules take several dashboards.
   * Default: false.
   */
  dashboard?: boolean;
}
