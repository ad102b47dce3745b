/** The last canary, from a file that keeps what `verify --json` printed: in the buckets it leaves no trace. */
import { stat } from "node:fs/promises";
import { z } from "zod";
import { readJsonFile, STDIN, subjectOf } from "../accounts/readers/jsonFile";
import { InvalidInputError, show } from "../problems";
import { checked } from "../schemaProblems";
import type { LastCanary } from "./report";

const LIMITS = { megabytes: 50, values: 1_000_000 };

/** Of a report of `verify`, as much as is shown. */
const VERIFICATION = z.object({
  bucket: z.string(),
  verdict: z.enum(["verified", "failed", "unfinished"]),
  rules: z.array(
    z.object({
      rule: z.string(),
      outcome: z.string(),
      reason: z.string(),
      canary: z.object({ seconds: z.number().min(0).optional() }).optional(),
    }),
  ),
});

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
