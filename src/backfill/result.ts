/** What a backfill comes to. */
import type { CreateJobRequest, JobDescriptor } from "@aws-sdk/client-s3-control";
import { given } from "../util/optional";
import type { Failure } from "./completionReport";
import type { Source } from "./request";

/**
 * planned: the job was shown only. declined: nobody wanted it. replicated: it ended, and nothing failed. failed: it
 * ended otherwise. unfinished: it has not ended, or nobody knows.
 */
export type Outcome = "planned" | "declined" | "replicated" | "failed" | "unfinished";

export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  planned: 0,
  replicated: 0,
  failed: 1,
  declined: 3,
  unfinished: 3,
};

export interface BackfillResult {
  readonly outcome: Outcome;
  readonly source: Pick<Source, "bucketName" | "accountId" | "region">;
  /** Names of the rules that replicate, by which objects are chosen. */
  readonly rules: readonly string[];
  /** The request that makes the job, in AWS's own form; left out where a job is only followed. */
  readonly request?: CreateJobRequest;
  /** Whether this run made the job. */
  readonly made: boolean;
  /** The job as it was seen last. */
  readonly job?: JobSummary;
  readonly failures: readonly Failure[];
  readonly costs: string;
  /** What to know, and what to do next. */
  readonly notes: readonly string[];
}

export interface JobSummary {
  readonly id: string;
  readonly status?: string;
  readonly created?: string;
  readonly ended?: string;
  readonly total?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  /** Why the job as a whole failed, in S3's words. */
  readonly failureReasons: readonly string[];
}

/** @see https://aws.amazon.com/s3/pricing/ */
export const COSTS =
  "AWS charges a job by itself (list price of us-east-1, November 2026: about $0.25 a job and $1.00 a million objects, and a fee for a list of objects that S3 makes), and its replicas as all others (requests, transfer, storage, KMS); see https://aws.amazon.com/s3/pricing/";

export function summaryOf(id: string, job: JobDescriptor | undefined): JobSummary {
  const { Status, CreationTime, TerminationDate, ProgressSummary, FailureReasons = [] } = job ?? {};
  return {
    id,
    ...given("status", Status),
    ...given("created", CreationTime?.toISOString()),
    ...given("ended", TerminationDate?.toISOString()),
    ...given("total", ProgressSummary?.TotalNumberOfTasks),
    ...given("succeeded", ProgressSummary?.NumberOfTasksSucceeded),
    ...given("failed", ProgressSummary?.NumberOfTasksFailed),
    failureReasons: FailureReasons.map(({ FailureCode, FailureReason }) =>
      [FailureCode, FailureReason].filter((text) => text !== undefined).join(": "),
    ),
  };
}
