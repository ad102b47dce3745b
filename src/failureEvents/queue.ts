/** Events of failed replication that wait in the queue which the bucket's notifications name: looked at, never taken. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { Unread } from "../accounts/unread";
import type { AwsAccount } from "../aws/account";
import type { Questions } from "../aws/questions";
import { inChunks } from "../chunks";
import { given } from "../given";
import { parseArn } from "../iam/arn";
import { readFailureReceivers } from "./receivers";

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
  /** How many of the messages are S3's tests of a notification that was set up. */
  readonly testEvents: number;
}

export interface FailureEvents {
  readonly queues: readonly FailureQueue[];
  /** Topics and functions that the events go to, which nobody can look into: their ARNs. */
  readonly elsewhere: readonly string[];
}

/** For so many seconds nobody else sees a message that was looked at. */
const HIDDEN_FOR = 5;

/** So many messages SQS hands out at once, at most. */
export const MOST_AT_ONCE = 10;
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
  const unseen = { arn, events: [], testEvents: 0 };
  const sqs = await account.sqs(region);
  const about = (action: string) => ({ account, action: `sqs:${action}`, resource: arn });
  const named = await questions.ask(about("GetQueueUrl"), (options) =>
    sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: accountId }), options),
  );
  if (named instanceof Unread) return { ...unseen, notLookedAt: "the queue could not be read" };
  if (named?.QueueUrl === undefined) return { ...unseen, notLookedAt: "there is no such queue" };
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
  if (said instanceof Unread) return { ...unseen, notLookedAt: "its settings could not be read" };
  const { ApproximateNumberOfMessages: count, RedrivePolicy: redrive } = said?.Attributes ?? {};
  const waiting = Number(count ?? 0);
  if (redrive !== undefined && redrive !== "") {
    const notLookedAt =
      "each look counts as a receive, and its redrive policy moves messages that were received often";
    return { ...unseen, waiting, notLookedAt };
  }
  const messages = await lookAt(questions, account, arn, QueueUrl, MOST_RECEIVES);
  if (messages instanceof Unread)
    return { ...unseen, waiting, notLookedAt: "its messages could not be read" };
  return { arn, waiting, ...sorted(messages) };
}

/**
 * Looks at messages, and gives them back.
 * @param receives How often to ask for MOST_AT_ONCE of them.
 */
export async function lookAt(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  QueueUrl: string,
  receives: number,
): Promise<readonly Message[] | Unread> {
  const sqs = await account.sqs(parseArn(arn)!.region);
  const messages = new Map<string, Message>();
  for (let receive = 0; receive < receives; receive += 1) {
    const question = { account, action: "sqs:ReceiveMessage", resource: arn };
    const answer = await questions.ask(question, (options) =>
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
    if (answer instanceof Unread) return answer;
    const fresh = (answer?.Messages ?? []).filter(({ MessageId = "" }) => !messages.has(MessageId));
    if (fresh.length === 0) break;
    for (const message of fresh) messages.set(message.MessageId ?? "", message);
  }
  await giveBack(sqs, QueueUrl, [...messages.values()]);
  return [...messages.values()];
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

/** What the messages are; whatever else may lie in a queue is none of ours. */
export function sorted(messages: readonly Message[]): Pick<FailureQueue, "events" | "testEvents"> {
  const contents = messages.map(({ Body }) => contentOf(Body));
  return {
    events: contents.flatMap(eventsOf),
    testEvents: contents.filter(({ Event }) => Event === TEST_EVENT).length,
  };
}

/** S3 sends one when notifications are set up. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const TEST_EVENT = "s3:TestEvent";

/** For people. @param isAll Whether nothing else was in the queue. */
export function testEventsSaid(count: number, isAll: boolean): string {
  const events = count === 1 ? "one test event" : `${count} test events`;
  return `${events} that S3 sends when notifications are set up; ${isAll ? "nothing failed" : "not a failure"}`;
}

interface Content {
  readonly Event?: unknown;
  readonly Records?: unknown;
}

interface EventRecord {
  readonly eventName?: string;
  readonly eventTime?: string;
  readonly s3?: { readonly object?: { readonly key?: string; readonly versionId?: string } };
  readonly replicationEventData?: { readonly replicationRuleId?: string; readonly failureReason?: string };
}

function eventsOf({ Records }: Content): FailureEvent[] {
  const records = Array.isArray(Records) ? (Records as EventRecord[]) : [];
  return records.flatMap(({ eventName, eventTime, s3, replicationEventData: data }) => {
    const event = /Replication:(\w+)$/.exec(String(eventName))?.[1];
    if (event === undefined) return [];
    return [
      {
        time: String(eventTime ?? ""),
        event,
        key: decodedKey(String(s3?.object?.key ?? "")),
        ...given("versionId", textOf(s3?.object?.versionId)),
        ...given("rule", textOf(data?.replicationRuleId)),
        ...given("failureReason", textOf(data?.failureReason)),
      },
    ];
  });
}

function contentOf(body: string | undefined): Content {
  try {
    return (JSON.parse(body ?? "{}") as Content | null) ?? {};
  } catch {
    return {};
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

const textOf = (value: unknown) => (value === undefined ? undefined : String(value));
