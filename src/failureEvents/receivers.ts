/** What gets the events of objects that failed to replicate, as a bucket's notification configuration says. */
import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
} from "@aws-sdk/client-s3";
import { Unread } from "../snapshot/unread";
import type { AwsAccount } from "../aws/account";
import type { Questions } from "../aws/questions";
import { bucketNameOf } from "../naming/names";

const FAILURE_EVENTS = ["s3:Replication:*", "s3:Replication:OperationFailedReplication"];

/** ARNs of queues, topics and functions, each once. */
export async function readFailureReceivers(
  questions: Questions,
  account: AwsAccount,
  { arn, region }: { readonly arn: string; readonly region: string },
): Promise<readonly string[] | Unread> {
  const s3 = await account.s3(region);
  const answer = await questions.ask(
    { account, action: "s3:GetBucketNotification", resource: arn },
    (options) =>
      s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucketNameOf(arn) }), options),
  );
  return answer instanceof Unread ? answer : receiversIn(answer ?? {});
}

/** ARNs of what gets events of failed replication. */
export function receiversIn(notification: NotificationConfiguration): string[] {
  const {
    QueueConfigurations = [],
    TopicConfigurations = [],
    LambdaFunctionConfigurations = [],
  } = notification;
  const all = [
    ...QueueConfigurations.map(({ QueueArn, Events }) => ({ arn: QueueArn, Events })),
    ...TopicConfigurations.map(({ TopicArn, Events }) => ({ arn: TopicArn, Events })),
    ...LambdaFunctionConfigurations.map(({ LambdaFunctionArn, Events }) => ({
      arn: LambdaFunctionArn,
      Events,
    })),
  ];
  const isAsked = (Events: readonly string[] | undefined) =>
    FAILURE_EVENTS.some((event) => Events?.includes(event));
  return [...new Set(all.flatMap(({ arn, Events }) => (arn !== undefined && isAsked(Events) ? [arn] : [])))];
}
