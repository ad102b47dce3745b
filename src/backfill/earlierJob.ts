/** What an earlier job of the same request means for this run: whether it is followed, or another one is made. */
import type { JobListDescriptor } from "@aws-sdk/client-s3-control";
import { numeral } from "../output/counts";
import type { Asked } from "./options";
import { hasEnded } from "./jobs";

export interface EarlierJob {
  readonly jobId: string;
  /** True: this run follows it, or tells how it ended, and makes none. */
  readonly isThisRuns: boolean;
  /** A sentence. */
  readonly note: string;
}

/**
 * How long after its end, in milliseconds, a job without failures counts as the one that this run asks for. A run that
 * was killed and started again therefore makes no second job.
 */
const JUST_ENDED = 15 * 60_000;

/** @param last The one that is under way, or else the newest. */
export function earlierJob(
  last: JobListDescriptor | undefined,
  { token }: Asked,
  now: Date,
): EarlierJob | undefined {
  if (last?.JobId === undefined) return undefined;
  const { JobId: jobId, Status, ProgressSummary, CreationTime, TerminationDate = CreationTime } = last;
  if (!hasEnded(last)) {
    return { jobId, isThisRuns: true, note: `job ${jobId} of the same request is under way (${Status})` };
  }
  const { NumberOfTasksSucceeded: succeeded = 0, NumberOfTasksFailed: failed = 0 } = ProgressSummary ?? {};
  const ended = `job ${jobId} of the same request ended at ${TerminationDate?.toISOString()} as ${Status}, ${numeral(succeeded)} objects replicated and ${numeral(failed)} failed`;
  if (token !== undefined) {
    return {
      jobId,
      isThisRuns: true,
      note: `${ended}; a --token stands for one job: another token, or none, makes a new one`,
    };
  }
  const wentWell = Status === "Complete" && failed === 0;
  if (wentWell && now.getTime() - (TerminationDate?.getTime() ?? 0) < JUST_ENDED) {
    return {
      jobId,
      isThisRuns: true,
      note: `${ended}, less than 15 minutes ago, and is taken for the job that is asked for; a --token of your own (a date, say) makes a new one`,
    };
  }
  return { jobId, isThisRuns: false, note: `${ended}; '--job ${jobId}' tells the rest` };
}
