/** The last canary, from a file that keeps what `verify --json` printed. The buckets keep no trace of it. */
import { stat } from "node:fs/promises";
import * as v from "valibot";
import { readJsonFile, STDIN, subjectOf } from "../files/jsonFile";
import { fields } from "../input/objectShapes";
import { InvalidInputError, show } from "../input/problems";
import { checked } from "../input/schemaProblems";
import type { LastCanary } from "./report";

const LIMITS = { megabytes: 50, values: 1_000_000 };

const text = v.string("must be a text");
const seconds = v.pipe(v.number("must be a number"), v.minValue(0, "must be 0 or more"));
const VERDICTS = ["verified", "failed", "unfinished"] as const;

/** Of a report of `verify`, as much as is shown. */
const VERIFICATION = fields(
  {
    bucket: text,
    verdict: v.picklist(VERDICTS, `must be one of ${VERDICTS.map((verdict) => `'${verdict}'`).join(", ")}`),
    rules: v.array(
      fields(
        {
          rule: text,
          outcome: text,
          reason: text,
          canary: v.optional(fields({ seconds: v.optional(seconds) }, "must be a canary")),
        },
        "must be a rule",
      ),
      "must be a list of rules",
    ),
  },
  "must be what 'verify --json' prints",
);

/** @throws InvalidInputError Where the file is not a report of `verify` on this bucket. */
export async function readLastCanary(file: string, bucketName: string): Promise<LastCanary> {
  const option = "--last-verify";
  const report = checked(VERIFICATION, await readJsonFile(option, file, LIMITS), subjectOf(option, file));
  if (report.bucket !== bucketName) {
    throw new InvalidInputError(subjectOf(option, file), [
      `'bucket' must be the bucket that is asked about, ${show(bucketName)}, got ${show(report.bucket)}`,
    ]);
  }
  const written = file === STDIN ? new Date() : (await stat(file)).mtime;
  return {
    verdict: report.verdict,
    writtenAt: written.toISOString(),
    rules: report.rules.map(({ rule, outcome, reason, canary }) => ({
      rule,
      outcome,
      reason,
      ...(canary?.seconds === undefined ? {} : { seconds: canary.seconds }),
    })),
  };
}
