/** The form of what a status says: `--json` prints exactly this. */
import * as v from "valibot";

const text = v.string();
const time = v.pipe(text, v.description("ISO 8601, UTC"));
const count = v.pipe(v.number(), v.minValue(0));
const noData = "Left out: CloudWatch has no data, as where nothing was replicated";

const spans = (what: string) =>
  v.pipe(
    v.strictObject({ lastHour: v.optional(count), lastDay: v.optional(count) }),
    v.description(`${what}. ${noData}`),
  );

export const rule = v.strictObject({
  id: text,
  status: v.picklist(["Enabled", "Disabled"]),
  priority: v.optional(v.number()),
  prefix: text,
  tags: v.array(v.strictObject({ key: text, value: text })),
  destination: v.pipe(text, v.description("Name of the destination bucket")),
  metrics: v.optional(
    v.pipe(
      v.strictObject({
        failedOperations: spans("Operations that failed"),
        latencyInSeconds: spans("Longest time by which the destination was behind"),
        pending: v.pipe(
          v.strictObject({ operations: v.optional(count), bytes: v.optional(count), at: v.optional(time) }),
          v.description(`What waited when S3 last said so, within the last hour. ${noData}`),
        ),
      }),
      v.description("Left out: the rule has no metrics, or they could not be read"),
    ),
  ),
  hasMetrics: v.boolean(),
});

export const alarm = v.strictObject({
  name: text,
  kind: v.pipe(
    v.picklist(["metric", "composite"]),
    v.description("composite: an alarm on the states of others"),
  ),
  state: v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  since: v.optional(time),
  reason: v.pipe(text, v.description("CloudWatch's own words")),
  notifies: v.pipe(
    v.number(),
    v.safeInteger(),
    v.description("How many actions it has when it goes into ALARM; 0: it reaches nobody"),
  ),
  partOf: v.pipe(v.array(text), v.description("Names of the composite alarms whose state hangs on it")),
});

export const receiver = v.strictObject({
  arn: v.pipe(text, v.description("Queue, topic or function that gets events of failed replication")),
  isMissing: v.optional(
    v.pipe(v.boolean(), v.description("True: there is no such queue, so S3's events are lost")),
  ),
  waiting: v.optional(v.pipe(count, v.description("Messages that wait in the queue, about"))),
  testEvents: v.optional(
    v.pipe(
      count,
      v.description("Messages with which S3 tested the notification when it was set up; nothing failed"),
    ),
  ),
  inFlight: v.optional(
    v.pipe(count, v.description("Messages of the queue that somebody is looking at, about")),
  ),
});

export const lastCanary = v.strictObject({
  verdict: v.picklist(["verified", "failed", "unfinished"]),
  writtenAt: v.pipe(time, v.description("When the file was written")),
  rules: v.array(v.strictObject({ rule: text, outcome: text, seconds: v.optional(count), reason: text })),
});

const unread = v.strictObject({
  what: text,
  caller: v.pipe(text, v.description("ARN of who asked")),
  action: v.pipe(text, v.description("IAM action that it takes")),
  resource: text,
  refused: v.pipe(
    v.boolean(),
    v.description("Whether the caller lacks the action; otherwise AWS did not answer"),
  ),
  reason: v.pipe(text, v.description("AWS's own words")),
});

export const STATUS_SCHEMA = v.strictObject({
  verdict: v.pipe(
    v.picklist(["fine", "wrong", "unread"]),
    v.description("wrong: see 'wrong'; unread: nothing is wrong as far as it could be read"),
  ),
  at: time,
  bucket: v.pipe(text, v.description("Name of the source bucket")),
  account: text,
  region: text,
  rules: v.array(rule),
  alarms: v.pipe(
    v.array(alarm),
    v.description(
      "Alarms on metrics of the bucket's rules or of its failure queue, and composite alarms on these",
    ),
  ),
  failureEvents: v.array(receiver),
  lastCanary: v.optional(v.pipe(lastCanary, v.description("Left out: no report of 'verify' was given"))),
  wrong: v.pipe(v.array(text), v.description("Sentences")),
  notes: v.pipe(v.array(text), v.description("Sentences about what nobody would notice")),
  unread: v.array(unread),
});
