/**
 * The completion report of a job: a manifest that names CSV files, which have a line for each object that failed. They
 * are read as they come and counted by cause: a job can have millions of failures.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
 */
import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import type { JobDescriptor } from "@aws-sdk/client-s3-control";
import * as v from "valibot";
import { describe, isAbsent, isRefused } from "../aws/failures";
import { bucketNameOf } from "../naming/names";
import { explanationOf, knownCauseIn } from "./failureCauses";

/** Objects that failed for one cause. */
export interface Failure {
  readonly cause: string;
  readonly count: number;
  /** What it means and what to do, where the cause is known. */
  readonly explanation?: string;
  /** One of the objects, as the report writes it. */
  readonly example: { readonly key: string; readonly versionId?: string; readonly message: string };
}

export interface ReadReport {
  readonly failures: readonly Failure[];
  /** What could not be read. */
  readonly problems: readonly string[];
}

/** Causes that are told apart; what comes after them is counted together. */
const MOST_CAUSES = 50;
const OTHER_CAUSES = "other causes";
/** A line of a report holds a key, a version and a sentence. */
const LONGEST_RECORD = 1 << 20;

const MANIFEST = v.object({
  ReportSchema: v.string(),
  Results: v.array(v.object({ TaskExecutionStatus: v.string(), Bucket: v.string(), Key: v.string() })),
});

/** @returns undefined where the job has no report. */
export async function readCompletionReport(
  s3: S3Client,
  { JobId, Report }: JobDescriptor,
): Promise<ReadReport | undefined> {
  if (Report?.Enabled !== true || Report.Bucket === undefined || JobId === undefined) return undefined;
  const bucket = bucketNameOf(Report.Bucket);
  const folder = Report.Prefix === undefined || Report.Prefix === "" ? "" : `${Report.Prefix}/`;
  const key = `${folder}job-${JobId}/manifest.json`;
  const causes = new Causes();
  try {
    const manifest = v.parse(MANIFEST, JSON.parse(await textOf(await open(s3, bucket, key))));
    const columns = manifest.ReportSchema.split(",").map((column) => column.trim());
    for (const result of manifest.Results.filter(
      ({ TaskExecutionStatus }) => TaskExecutionStatus === "failed",
    )) {
      try {
        await readFailures(await open(s3, result.Bucket, result.Key), columns, causes);
      } catch (error) {
        causes.problems.push(problemOf(error, result.Bucket, result.Key));
      }
    }
  } catch (error) {
    causes.problems.push(problemOf(error, bucket, key));
  }
  return { failures: causes.list(), problems: causes.problems };
}

async function open(s3: S3Client, Bucket: string, Key: string): Promise<Readable> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Body as Readable;
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

async function readFailures(stream: Readable, columns: readonly string[], causes: Causes): Promise<void> {
  const { default: parse } = await import("csv-parser");
  const records = stream.pipe(parse({ headers: columns, maxRowBytes: LONGEST_RECORD }));
  stream.once("error", (error) => records.destroy(error));
  for await (const record of records) causes.add(record as Record<string, string>);
}

function problemOf(error: unknown, bucket: string, key: string): string {
  const where = `s3://${bucket}/${key}`;
  if (isAbsent(error)) return `there is no completion report at ${where}`;
  const hint = isRefused(error) ? "; reading it takes s3:GetObject" : "";
  const what = v.isValiError(error) || error instanceof SyntaxError ? "it is no report" : describe(error);
  return `the completion report ${where} could not be read: ${what}${hint}`;
}

class Causes {
  readonly problems: string[] = [];
  private readonly known = new Map<string, { count: number; example: Failure["example"] }>();

  add(record: Record<string, string>): void {
    const { Key = "", VersionId, ResultMessage = "" } = record;
    const cause = causeOf(record);
    const name = this.known.has(cause) || this.known.size < MOST_CAUSES ? cause : OTHER_CAUSES;
    const entry = this.known.get(name);
    if (entry !== undefined) entry.count += 1;
    else {
      const version = VersionId === undefined || VersionId === "" ? {} : { versionId: VersionId };
      this.known.set(name, { count: 1, example: { key: Key, ...version, message: ResultMessage } });
    }
  }

  /** The most frequent first. */
  list(): Failure[] {
    return [...this.known]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([cause, { count, example }]) => {
        const explanation = explanationOf(cause);
        return { cause, count, ...(explanation === undefined ? {} : { explanation }), example };
      });
  }
}

/**
 * The cause of a failure. It is looked for in three columns: AWS's examples swap the columns of status and code, and a
 * failureReason can stand in the message alone.
 */
function causeOf({
  ErrorCode = "",
  HTTPStatusCode = "",
  ResultMessage = "",
}: Record<string, string>): string {
  const texts = [ErrorCode, HTTPStatusCode, ResultMessage];
  const known = texts.map(knownCauseIn).find((cause) => cause !== undefined);
  const code = [ErrorCode, HTTPStatusCode].find((text) => text !== "" && !/^\d+$/.test(text));
  return known ?? code ?? (texts.find((text) => text !== "") || "no cause given");
}
