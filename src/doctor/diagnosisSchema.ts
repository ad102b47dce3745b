/** The form of what `doctor --json` prints; the types are in diagnose.ts, and `satisfies` keeps the two together. */
import * as v from "valibot";
import { REPORT_SCHEMA } from "../rehearsal/report/reportSchema";
import type { Diagnosis } from "./diagnose";

const text = v.string();
const texts = v.array(text);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const arn = v.pipe(text, v.description("ARN"));
const time = v.pipe(text, v.description("ISO 8601"));
const outcome = v.picklist(["COMPLETED", "FAILED", "NOT_REPLICATED", "UNPROVEN"]);
const status = v.pipe(
  v.picklist(["COMPLETED", "PENDING", "FAILED", "REPLICA", "NONE", "UNREAD"]),
  v.description("S3's replication status; NONE: it has none, UNREAD: it could not be looked at"),
);

const sample = v.strictObject({
  lookedAt: v.pipe(count, v.description("Objects that were asked for their status")),
  listed: v.pipe(count, v.description("Versions that were listed; the newest of them were looked at")),
  isWhole: v.pipe(v.boolean(), v.description("Whether these are all versions under the rules' prefixes")),
  counts: v.strictObject({
    COMPLETED: count,
    PENDING: count,
    FAILED: count,
    REPLICA: count,
    NONE: count,
    UNREAD: count,
  }),
  objects: v.pipe(
    v.array(
      v.strictObject({
        key: text,
        versionId: text,
        status,
        lastModified: time,
        onPaper: v.pipe(outcome, v.description("What would become of it now")),
        reason: text,
      }),
    ),
    v.description("Objects that are not where their rule wants them"),
  ),
  more: v.pipe(count, v.description("How many more there are of them")),
});

const queue = v.strictObject({
  arn,
  waiting: v.optional(v.pipe(count, v.description("Messages that wait, as far as SQS knows"))),
  notLookedAt: v.optional(v.pipe(text, v.description("Why no message was looked at"))),
  testEvents: v.pipe(
    count,
    v.description("Messages with which S3 tested the notification when it was set up"),
  ),
  events: v.array(
    v.strictObject({
      time,
      event: text,
      key: text,
      versionId: v.optional(text),
      rule: v.optional(text),
      failureReason: v.optional(text),
    }),
  ),
  reasons: v.array(
    v.strictObject({
      failureReason: text,
      count,
      key: v.pipe(text, v.description("Key of one of the objects")),
      last: time,
      onPaper: v.pipe(
        texts,
        v.description("What the rehearsal finds for the same word; none: nothing explains it now"),
      ),
    }),
  ),
});

const live = v.strictObject({
  bucket: v.pipe(text, v.description("Name of the source bucket")),
  callers: v.pipe(v.array(v.strictObject({ accountId: text, arn })), v.description("Who asked")),
  problems: v.pipe(texts, v.description("What is wrong beside what the rehearsal finds")),
  provenIf: v.optional(v.pipe(text, v.description("What the verdict would be proven but for"))),
  unanswered: v.pipe(
    v.array(
      v.strictObject({
        caller: arn,
        action: v.pipe(text, v.description("IAM action that the question takes")),
        resource: arn,
        refused: v.pipe(
          v.boolean(),
          v.description("Whether the caller lacks the action; false: AWS failed to answer"),
        ),
        reason: v.pipe(text, v.description("AWS's own words")),
      }),
    ),
    v.description("Questions that AWS did not answer"),
  ),
  keys: v.array(v.strictObject({ arn, state: v.optional(text), manager: text, multiRegion: v.boolean() })),
  notes: v.pipe(texts, v.description("What was read otherwise than it is written")),
  sample,
  queues: v.pipe(v.array(queue), v.description("Queues that the bucket's failure events go to")),
  eventsElsewhere: v.pipe(texts, v.description("Topics and functions that they go to, by ARN")),
});

export const DIAGNOSIS_SCHEMA = v.pipe(
  v.strictObject({ ...REPORT_SCHEMA.entries, live }),
  v.description("What 's3-replication doctor --json' prints"),
) satisfies v.GenericSchema<Diagnosis>;
