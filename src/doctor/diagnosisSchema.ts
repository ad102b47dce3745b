/** The form of what `doctor --json` prints; the types are in diagnose.ts, and `satisfies` keeps the two together. */
import { z } from "zod";
import { REPORT_SCHEMA } from "../rehearsal/reportSchema";
import type { Diagnosis } from "./diagnose";

const text = z.string();
const texts = z.array(text);
const count = z.int().min(0);
const arn = text.describe("ARN");
const time = text.describe("ISO 8601");
const outcome = z.enum(["COMPLETED", "FAILED", "NOT_REPLICATED", "UNPROVEN"]);
const status = z
  .enum(["COMPLETED", "PENDING", "FAILED", "REPLICA", "NONE", "UNREAD"])
  .describe("S3's replication status; NONE: it has none, UNREAD: it could not be looked at");

const sample = z.strictObject({
  lookedAt: count.describe("Objects that were asked for their status"),
  listed: count.describe("Versions that were listed; the newest of them were looked at"),
  isWhole: z.boolean().describe("Whether these are all versions under the rules' prefixes"),
  counts: z.strictObject({
    COMPLETED: count,
    PENDING: count,
    FAILED: count,
    REPLICA: count,
    NONE: count,
    UNREAD: count,
  }),
  objects: z
    .array(
      z.strictObject({
        key: text,
        versionId: text,
        status,
        lastModified: time,
        onPaper: outcome.describe("What would become of it now"),
        reason: text,
      }),
    )
    .describe("Objects that are not where their rule wants them"),
  more: count.describe("How many more there are of them"),
});

const queue = z.strictObject({
  arn,
  waiting: count.optional().describe("Messages that wait, as far as SQS knows"),
  notLookedAt: text.optional().describe("Why no message was looked at"),
  testEvents: count.describe("Messages with which S3 tested the notification when it was set up"),
  events: z.array(
    z.strictObject({
      time,
      event: text,
      key: text,
      versionId: text.optional(),
      rule: text.optional(),
      failureReason: text.optional(),
    }),
  ),
  reasons: z.array(
    z.strictObject({
      failureReason: text,
      count,
      key: text.describe("Key of one of the objects"),
      last: time,
      onPaper: texts.describe("What the rehearsal finds for the same word; none: nothing explains it now"),
    }),
  ),
});

const live = z.strictObject({
  bucket: text.describe("Name of the source bucket"),
  callers: z.array(z.strictObject({ accountId: text, arn })).describe("Who asked"),
  problems: texts.describe("What is wrong beside what the rehearsal finds"),
  provenIf: text.optional().describe("What the verdict would be proven but for"),
  unanswered: z
    .array(
      z.strictObject({
        caller: arn,
        action: text.describe("IAM action that the question takes"),
        resource: arn,
        refused: z.boolean().describe("Whether the caller lacks the action; false: AWS failed to answer"),
        reason: text.describe("AWS's own words"),
      }),
    )
    .describe("Questions that AWS did not answer"),
  keys: z.array(z.strictObject({ arn, state: text.optional(), manager: text, multiRegion: z.boolean() })),
  notes: texts.describe("What was read otherwise than it is written"),
  sample,
  queues: z.array(queue).describe("Queues that the bucket's failure events go to"),
  eventsElsewhere: texts.describe("Topics and functions that they go to, by ARN"),
});

export const DIAGNOSIS_SCHEMA = REPORT_SCHEMA.extend({ live }).describe(
  "What 's3-replication doctor --json' prints",
) satisfies z.ZodType<Diagnosis>;
