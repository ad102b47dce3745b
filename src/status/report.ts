/** What a status says. `--json` prints exactly this. */
import { z } from "zod";

const text = z.string();
const time = text.describe("ISO 8601, UTC");
const count = z.number().min(0);
const noData = "Left out: CloudWatch has no data, as where nothing was replicated";

const spans = (what: string) =>
  z.strictObject({ lastHour: count.optional(), lastDay: count.optional() }).describe(`${what}. ${noData}`);

const rule = z.strictObject({
  id: text,
  status: z.enum(["Enabled", "Disabled"]),
  priority: z.number().optional(),
  prefix: text,
  tags: z.array(z.strictObject({ key: text, value: text })),
  destination: text.describe("Name of the destination bucket"),
  metrics: z
    .strictObject({
      failedOperations: spans("Operations that failed"),
      latencyInSeconds: spans("Longest time by which the destination was behind"),
      pending: z
        .strictObject({ operations: count.optional(), bytes: count.optional(), at: time.optional() })
        .describe(`What waited when S3 last said so, within the last hour. ${noData}`),
    })
    .optional()
    .describe("Left out: the rule has no metrics, or they could not be read"),
  hasMetrics: z.boolean(),
});

const alarm = z.strictObject({
  name: text,
  kind: z.enum(["metric", "composite"]).describe("composite: an alarm on the states of others"),
  state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  since: time.optional(),
  reason: text.describe("CloudWatch's own words"),
  notifies: z.int().describe("How many actions it has when it goes into ALARM; 0: it reaches nobody"),
  partOf: z.array(text).describe("Names of the composite alarms whose state hangs on it"),
});

const receiver = z.strictObject({
  arn: text.describe("Queue, topic or function that gets events of failed replication"),
  isMissing: z.boolean().optional().describe("True: there is no such queue, so S3's events are lost"),
  waiting: count.optional().describe("Messages that wait in the queue, about"),
  testEvents: count
    .optional()
    .describe("Messages with which S3 tested the notification when it was set up; nothing failed"),
  inFlight: count.optional().describe("Messages of the queue that somebody is looking at, about"),
});

const lastCanary = z.strictObject({
  verdict: z.enum(["verified", "failed", "unfinished"]),
  writtenAt: time.describe("When the file was written"),
  rules: z.array(z.strictObject({ rule: text, outcome: text, seconds: count.optional(), reason: text })),
});

const unread = z.strictObject({
  what: text,
  caller: text.describe("ARN of who asked"),
  action: text.describe("IAM action that it takes"),
  resource: text,
  refused: z.boolean().describe("Whether the caller lacks the action; otherwise AWS did not answer"),
  reason: text.describe("AWS's own words"),
});

export const STATUS_SCHEMA = z.strictObject({
  verdict: z
    .enum(["fine", "wrong", "unread"])
    .describe("wrong: see 'wrong'; unread: nothing is wrong as far as it could be read"),
  at: time,
  bucket: text.describe("Name of the source bucket"),
  account: text,
  region: text,
  rules: z.array(rule),
  alarms: z
    .array(alarm)
    .describe(
      "Alarms on metrics of the bucket's rules or of its failure queue, and composite alarms on these",
    ),
  failureEvents: z.array(receiver),
  lastCanary: lastCanary.optional().describe("Left out: no report of 'verify' was given"),
  wrong: z.array(text).describe("Sentences"),
  notes: z.array(text).describe("Sentences about what nobody would notice"),
  unread: z.array(unread),
});

export type StatusReport = z.infer<typeof STATUS_SCHEMA>;
export type RuleStatus = z.infer<typeof rule>;
export type RuleMetrics = NonNullable<RuleStatus["metrics"]>;
export type AlarmStatus = z.infer<typeof alarm>;
export type EventReceiver = z.infer<typeof receiver>;
export type LastCanary = z.infer<typeof lastCanary>;

/** The process's exit code for a verdict. */
export const EXIT_CODES: Readonly<Record<StatusReport["verdict"], number>> = { fine: 0, wrong: 1, unread: 3 };
