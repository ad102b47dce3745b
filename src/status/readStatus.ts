/** Asks AWS what a status is made of. It only reads, and goes on without what it may not read. */
import { type CompositeAlarm, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { readReplication } from "../readers/liveAccount/bucket";
import { Unread } from "../snapshot/unread";
import type { AwsAccount } from "../aws/account";
import { bucketRegion, type PairAccounts } from "../aws/pair";
import { allOf, Questions, type Unanswered } from "../aws/questions";
import { sorted } from "../failureEvents/messages";
import { lookAt, MOST_AT_ONCE } from "../failureEvents/queue";
import { readFailureReceivers } from "../failureEvents/receivers";
import { parseArn } from "../naming/arn";
import { queueUrl } from "../replication/monitoring/monitoring";
import { bucketArnOf, bucketNameOf } from "../naming/names";
import type { ReplicationConfiguration } from "../replication/rules";
import { type MeasuredRule, readMetrics, type Series } from "./metrics";
import type { EventReceiver } from "./report";

/** What AWS said. Left out: it could not be read, and is among the unanswered. */
export interface Readings {
  readonly bucketName: string;
  readonly account: string;
  readonly region: string;
  readonly at: Date;
  /** Null: there is none. */
  readonly configuration?: ReplicationConfiguration | null;
  /** Of the rules with metrics, by rule id. */
  readonly metrics?: ReadonlyMap<string, Series>;
  /** Every alarm of the account in the bucket's Region. */
  readonly alarms?: readonly (MetricAlarm | CompositeAlarm)[];
  readonly failureEvents?: readonly EventReceiver[];
  /** Name of the destination bucket that alone is asked about. Left out: all are. */
  readonly destination?: string;
  readonly unanswered: readonly Unanswered[];
}

export interface ReadingOptions {
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string) => void;
  /** Default: now. */
  readonly now?: Date;
  /**
   * Whether messages of a failure queue are looked at, where they may be nothing but S3's test events. Each look counts as
   * a receive.
   * Default: true.
   */
  readonly looksIntoQueues?: boolean;
}

/** How many steps `onStep` is told of. */
export const STEPS = 5;

/** @throws AwsCallFailed Where there is no such bucket. */
export async function readStatus(
  { source, destinations }: PairAccounts,
  bucketName: string,
  { signal, onStep = () => undefined, now = new Date(), looksIntoQueues = true }: ReadingOptions = {},
): Promise<Readings> {
  const questions = new Questions(signal);
  onStep("bucket");
  const region = await bucketRegion(source, bucketName);
  const bucket = { account: source, region, bucketName, arn: bucketArnOf(source.partition, bucketName) };
  onStep("rules");
  const read = await readReplication(questions, source, bucket);
  const configuration = read instanceof Unread ? undefined : read;
  onStep("metrics");
  const metrics = await readRuleMetrics(questions, bucket, configuration?.Rules ?? [], now);
  onStep("alarms");
  const alarms = await readAlarms(questions, bucket);
  onStep("failure events");
  const failureEvents = await readReceivers(questions, bucket, [source, ...destinations], looksIntoQueues);
  return {
    bucketName,
    account: source.id,
    region,
    at: now,
    configuration,
    metrics,
    alarms,
    failureEvents,
    unanswered: questions.unanswered,
  };
}

interface Bucket {
  readonly account: AwsAccount;
  readonly region: string;
  readonly bucketName: string;
  readonly arn: string;
}

async function readRuleMetrics(
  questions: Questions,
  { account, region, bucketName }: Bucket,
  rules: ReplicationConfiguration["Rules"],
  now: Date,
): Promise<ReadonlyMap<string, Series> | undefined> {
  const measured = rules.flatMap(({ ID, Destination }): MeasuredRule[] =>
    ID !== undefined && Destination.Metrics?.Status === "Enabled"
      ? [{ id: ID, destination: bucketNameOf(Destination.Bucket) }]
      : [],
  );
  if (measured.length === 0) return new Map();
  const cloudWatch = await account.cloudWatch(region);
  const series = await questions.ask(
    { account, action: "cloudwatch:GetMetricData", resource: "*" },
    ({ abortSignal }) => readMetrics(cloudWatch, bucketName, measured, now, abortSignal),
  );
  if (series === undefined || series instanceof Unread) return undefined;
  return new Map(measured.map(({ id }, index) => [id, series[index]!]));
}

async function readAlarms(
  questions: Questions,
  { account, region }: Bucket,
): Promise<readonly (MetricAlarm | CompositeAlarm)[] | undefined> {
  const pages = { client: await account.cloudWatch(region), pageSize: 100 };
  const alarms = await questions.ask(
    { account, action: "cloudwatch:DescribeAlarms", resource: "*" },
    (options) =>
      allOf(
        paginateDescribeAlarms(pages, { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }, options),
        ({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms],
      ),
  );
  return alarms instanceof Unread ? undefined : (alarms ?? []);
}

async function readReceivers(
  questions: Questions,
  bucket: Bucket,
  accounts: readonly AwsAccount[],
  looksIntoQueues: boolean,
): Promise<readonly EventReceiver[] | undefined> {
  const { account } = bucket;
  const receivers = await readFailureReceivers(questions, account, bucket);
  if (receivers instanceof Unread) return undefined;
  return Promise.all(
    receivers.map((receiver) => {
      const owner = accounts.find(({ id }) => id === parseArn(receiver)?.accountId) ?? account;
      return readReceiver(questions, owner, receiver, looksIntoQueues);
    }),
  );
}

async function readReceiver(
  questions: Questions,
  account: AwsAccount,
  arn: string,
  looksIntoQueues: boolean,
): Promise<EventReceiver> {
  const parts = parseArn(arn);
  if (parts?.service !== "sqs") return { arn };
  const sqs = await account.sqs(parts.region);
  const answer = await questions.ask(
    { account, action: "sqs:GetQueueAttributes", resource: arn },
    (options) =>
      sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl(arn),
          AttributeNames: [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "RedrivePolicy",
          ],
        }),
        options,
      ),
  );
  if (answer instanceof Unread) return { arn };
  if (answer === undefined) return { arn, isMissing: true };
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, RedrivePolicy } =
    answer.Attributes ?? {};
  const waiting = Number(ApproximateNumberOfMessages ?? 0);
  const inFlight = Number(ApproximateNumberOfMessagesNotVisible ?? 0);
  const depth = { arn, waiting, inFlight };
  // A few messages may be nothing but tests; with a redrive policy a look counts.
  if (!looksIntoQueues || waiting === 0 || waiting > MOST_AT_ONCE || (RedrivePolicy ?? "") !== "")
    return depth;
  const messages = await lookAt(questions, account, arn, queueUrl(arn), 1);
  const testEvents = messages instanceof Unread ? 0 : sorted(messages).testEvents;
  return testEvents === 0 ? depth : { ...depth, testEvents };
}
