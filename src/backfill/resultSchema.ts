/** The form of what 's3-replication backfill --json' prints. */
import * as v from "valibot";
import type { BackfillResult } from "./result";

const text = v.string();
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const BACKFILL_SCHEMA = v.pipe(
  v.strictObject({
    outcome: v.pipe(
      v.picklist(["planned", "declined", "replicated", "failed", "unfinished"]),
      v.description("unfinished: the job has not ended, or nobody knows"),
    ),
    source: v.strictObject({ bucketName: text, accountId: text, region: text }),
    rules: v.pipe(v.array(text), v.description("Rules that replicate; empty where a job is only followed")),
    request: v.optional(
      v.pipe(
        v.record(text, v.unknown()),
        v.description("The job, as 'aws s3control create-job --cli-input-json' takes it"),
      ),
    ),
    made: v.pipe(v.boolean(), v.description("Whether this run made the job")),
    job: v.optional(
      v.strictObject({
        id: text,
        status: v.optional(text),
        created: v.optional(text),
        ended: v.optional(text),
        total: v.optional(number),
        succeeded: v.optional(number),
        failed: v.optional(number),
        failureReasons: v.pipe(v.array(text), v.description("Why the job as a whole failed, in S3's words")),
      }),
    ),
    failures: v.pipe(
      v.array(
        v.strictObject({
          cause: v.pipe(text, v.description("S3's failureReason, where the report names one")),
          count: number,
          explanation: v.optional(text),
          example: v.strictObject({ key: text, versionId: v.optional(text), message: text }),
        }),
      ),
      v.description("Failed objects by cause, the most frequent first"),
    ),
    costs: text,
    notes: v.array(text),
  }),
  v.description("What 's3-replication backfill --json' prints"),
) satisfies v.GenericSchema<Omit<BackfillResult, "request">>;
