/** The queue or topic that S3 tells of every object that failed. */
import * as pulumi from "@pulumi/pulumi";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification";
import { Queue } from "@pulumi/aws/sqs/queue";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import {
  FAILURE_NOTIFICATION_ID,
  failureEvents,
  type FailureTarget,
  queueUrl,
} from "../../replication/monitoring/monitoring";
import { failurePolicy, failureStatement } from "../../replication/policies";
import type { Watched } from "./watched";

/** Where the events of failures are found. */
export interface Failures {
  /** Name of the queue, where its depth can be watched: one of this account. */
  readonly queueName?: pulumi.Output<string>;
  /** URL of the queue, where it is one. */
  readonly queueUrl?: pulumi.Output<string>;
  /** Statement, as JSON, that the policy of a given queue or topic must have. */
  readonly requiredPolicyStatement?: string;
}

export function failureEventsInto(
  target: FailureTarget,
  name: string,
  watched: Watched,
  options: pulumi.CustomResourceOptions,
): Failures {
  const { bucketName: bucket, bucketArn, accountId, region, rules, notification = {} } = watched;
  const made = target.isOurs ? failureQueue(name, target, watched, options) : undefined;
  const common = { id: FAILURE_NOTIFICATION_ID, events: failureEvents(rules) };
  const { queues = [], topics = [] } = notification;
  new BucketNotification(
    `${name}-notification`,
    {
      region,
      bucket,
      ...notification,
      ...(target.service === "sqs"
        ? { queues: [...queues, { ...common, queueArn: made?.queue.arn ?? target.arn }] }
        : { topics: [...topics, { ...common, topicArn: target.arn }] }),
    },
    {
      ...options,
      // S3 sends a test event when the notification is put, and refuses one that it may not send.
      ...(made === undefined ? {} : { dependsOn: made.policy }),
      // Others' notifications are in it too: they stay when the component goes.
      retainOnDelete: Object.values(notification).flat().some(Boolean),
    },
  );
  const queueName = made?.queue.name ?? pulumi.output(target.name);
  return {
    ...(target.service === "sqs" && target.accountId === accountId ? { queueName } : {}),
    // Built from plain arguments, so that it is known in a preview.
    ...(target.service === "sqs" ? { queueUrl: queueName.apply(() => queueUrl(target.arn)) } : {}),
    ...(target.isOurs
      ? {}
      : { requiredPolicyStatement: JSON.stringify(failureStatement(target.arn, bucketArn, accountId)) }),
  };
}

function failureQueue(
  name: string,
  target: FailureTarget,
  { bucketArn, accountId, region, tags }: Watched,
  options: pulumi.CustomResourceOptions,
): { queue: Queue; policy: QueuePolicy } {
  const queue = new Queue(
    `${name}-failures`,
    {
      region,
      name: target.name,
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
      policy: JSON.stringify(failurePolicy(target.arn, bucketArn, accountId)),
    },
    options,
  );
  return { queue, policy };
}
