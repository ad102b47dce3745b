/** Reads the failure events that wait in the queue of a bucket's notifications, and leaves them there. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { Unread } from "../snapshot/unread";
import type { AwsAccount } from "../aws/account";
import type { Questions } from "../aws/questions";
import { inChunks } from "../util/chunks";
import { parseArn } from "../naming/arn";
import { sorted, type SortedMessages } from "./messages";
import { readFailureReceivers } from "./receivers";

export interface FailureQueue extends SortedMessages {
  readonly arn: string;
  /** How many messages wait, as far as SQS knows. Left out: nobody could ask. */
  readonly waiting?: number;
  /** Why no message was looked at, where none was. */
  readonly notLookedAt?: string;
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
