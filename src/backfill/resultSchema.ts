/** The form of what 's3-replication backfill --json' prints. */
import { z } from "zod";
import type { BackfillResult } from "./result";

const text = z.string();
const number = z.number().int().nonnegative();

export const BACKFILL_SCHEMA = z
  .strictObject({
    outcome: z
      .enum(["planned", "declined", "replicated", "failed", "unfinished"])
      .describe("unfinished: the job has not ended, or nobody knows"),
    source: z.strictObject({ bucketName: text, accountId: text, region: text }),
    rules: z.array(text).describe("Rules that replicate; empty where a job is only followed"),
    request: z
      .record(text, z.unknown())
      .optional()
      .describe("The job, as 'aws s3control create-job --cli-input-json' takes it"),
    made: z.boolean().describe("Whether this run made the job"),
    job: z
      .strictObject({
        id: text,
        status: text.optional(),
        created: text.optional(),
        ended: text.optional(),
        total: number.optional(),
        succeeded: number.optional(),
        failed: number.optional(),
        failureReasons: z.array(text).describe("Why the job as a whole failed, in S3's words"),
      })
      .optional(),
    failures: z
      .array(
        z.strictObject({
          cause: text.describe("S3's failureReason, where the report names one"),
          count: number,
          explanation: text.optional(),
          example: z.strictObject({ key: text, versionId: text.optional(), message: text }),
        }),
      )
      .describe("Failed objects by cause, the most frequent first"),
    costs: text,
    notes: z.array(text),
  })
  .describe("What 's3-replication backfill --json' prints") satisfies z.ZodType<
  Omit<BackfillResult, "request">
>;
