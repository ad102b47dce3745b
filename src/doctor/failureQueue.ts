/** Events of failed replication that wait in the queue which the bucket's notifications name: looked at, never taken. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { readFailureReceivers } from "../accounts/readers/fromAws/failureReceivers";
import { Questions } from "../accounts/readers/fromAws/questions";
import { Unread } from "../accounts/unread";
import type { AwsAccount } from "../aws/account";
import { inChunks } from "../chunks";
import { parseArn } from "../iam/arn";

export interface FailureEvent {
  /** ISO 8601. */
  readonly time: string;
  /** `OperationFailedReplication` and its kin. */
  readonly event: string;
  readonly key: string;
  readonly versionId?: string;
  readonly rule?: string;
  readonly failureReason?: string;
}

export interface FailureQueue {
  readonly arn: string;
  /** How many messages wait, as far as SQS knows. Left out: nobody could ask. */
  readonly waiting?: number;
  /** Why no message was looked at, where none was. */
  readonly notLookedAt?: string;
  readonly events: readonly FailureEvent[];
}

export interface FailureEvents {
  readonly queues: readonly FailureQueue[];
  /** Topics and functions that the events go to, which nobody can look into: their ARNs. */
  readonly elsewhere: readonly string[];
}

/** For so many seconds nobody else sees a message that was looked at. */
const HIDDEN_FOR = 5;

/** So many messages SQS hands out at once, at most. */
const MOST_AT_ONCE = 10;
const MOST_RECEIVES = 10;

export async function readFailureEvents(
  questions: Questions,
  account: AwsAccount,
  bucketArn: string,
  region: string,
): Promise<FailureEvents> {
  const receivers = await readFailureReceivers(questions, account, { arn: bucketArn, region });
  if (receivers instanceof Unread) return { queues: [], elsewhere: [] };
  const isQueue = (arn: string) => parseArn(arn)?.service === "sqs";
  return {
    queues: await Promise.all(receivers.filter(isQueue).map((arn) => lookInto(questions, account, arn))),
    elsewhere: receivers.filter((arn) => !isQueue(arn)),
  };
}

async function lookInto(questions: Questions, account: AwsAccount, arn: string): Promise<FailureQueue> {
  const { accountId, region, resource: QueueName } = parseArn(arn)!;
  const sqs = await account.sqs(region);
  const about = (action: string) => ({ account, action: `sqs:${action}`, resource: arn });
  const named = await questions.ask(about("GetQueueUrl"), (options) =>
    sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: accountId }), options),
  );
  if (named instanceof Unread) return { arn, notLookedAt: "the queue could not be read", events: [] };
  if (named?.QueueUrl === undefined) return { arn, notLookedAt: "there is no such queue", events: [] };
  const { QueueUrl } = named;
  const said = await questions.ask(about("GetQueueAttributes"), (options) =>
    sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "RedrivePolicy"],
      }),
      options,
    ),
  );
  if (said instanceof Unread) return { arn, notLookedAt: "its settings could not be read", events: [] };
  const { ApproximateNumberOfMessages: count, RedrivePolicy: redrive } = said?.Attributes ?? {};
  const waiting = Number(count ?? 0);
  if (redrive !== undefined && redrive !== "") {
    const notLookedAt =
      "each look counts as a receive, and its redrive policy moves messages that were received often";
    return { arn, waiting, notLookedAt, events: [] };
  }
  const messages = new Map<string, Message>();
  for (let receives = 0; receives < MOST_RECEIVES; receives += 1) {
    const answer = await questions.ask(about("ReceiveMessage"), (options) =>
      sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MOST_AT_ONCE,
          VisibilityTimeout: HIDDEN_FOR,
          WaitTimeSeconds: 1,
        }),
        options,
      ),
    );
    if (answer instanceof Unread)
      return { arn, waiting, notLookedAt: "its messages could not be read", events: [] };
    const fresh = (answer?.Messages ?? []).filter(({ MessageId = "" }) => !messages.has(MessageId));
    if (fresh.length === 0) break;
    for (const message of fresh) messages.set(message.MessageId ?? "", message);
  }
  await giveBack(sqs, QueueUrl, [...messages.values()]);
  return { arn, waiting, events: [...messages.values()].flatMap(eventsOf) };
}

/** Lets others see the messages at once; whoever may not do so leaves them hidden for a moment. */
async function giveBack(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (const part of inChunks(messages, MOST_AT_ONCE)) {
    const Entries = part.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })).catch(() => undefined);
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
interface EventRecord {
  readonly eventName?: string;
  readonly eventTime?: string;
  readonly s3?: { readonly object?: { readonly key?: string; readonly versionId?: string } };
  readonly replicationEventData?: { readonly replicationRuleId?: string; readonly failureReason?: string };
}

/** Whatever else may lie in a queue is none of ours. */
function eventsOf({ Body }: Message): FailureEvent[] {
  return recordsIn(Body).flatMap(({ eventName, eventTime, s3, replicationEventData: data }) => {
    const event = /Replication:(\w+)$/.exec(String(eventName))?.[1];
    if (event === undefined) return [];
    return [
      {
        time: String(eventTime ?? ""),
        event,
        key: decodedKey(String(s3?.object?.key ?? "")),
        ...text("versionId", s3?.object?.versionId),
        ...text("rule", data?.replicationRuleId),
        ...text("failureReason", data?.failureReason),
      },
    ];
  });
}

function recordsIn(body: string | undefined): EventRecord[] {
  try {
    const { Records } = JSON.parse(body ?? "{}") as { Records?: unknown };
    return Array.isArray(Records) ? (Records as EventRecord[]) : [];
  } catch {
    return [];
  }
}

/** Keys are written as in a form of a web page. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

function text<K extends string>(name: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: String(value) } as { readonly [key in K]?: string });
}
