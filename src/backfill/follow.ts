/** Watches a job until it ends. Nothing here changes the job. */
import type { JobDescriptor } from "@aws-sdk/client-s3-control";
import { isRefused } from "../aws/failures";
import { longer, rest } from "../util/pauses";
import { hasEnded, type Jobs } from "./jobs";

/** Before the second look at a job, in milliseconds: small jobs end in no time. */
const FIRST_PAUSE = 1_000;
/** So many looks in a row may fail, or find no job, before it counts as lost. */
const MOST_FAILURES = 8;

export interface Watch {
  readonly signal: AbortSignal;
  readonly onLook?: (job: JobDescriptor) => void;
  /** Waits, in milliseconds. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export interface Sight {
  /** The job as it was seen last; undefined where it never was. */
  readonly job?: JobDescriptor;
  /** Why it is not followed any more, though it has not ended. */
  readonly lost?: string;
}

/** @returns The job when it has ended, waits to be confirmed, or is out of sight. */
export async function follow(
  jobs: Jobs,
  jobId: string,
  watch: Watch & { readonly isConfirmed: boolean },
): Promise<Sight> {
  const pause = watch.pause ?? rest;
  let seen: JobDescriptor | undefined;
  let failures = 0;
  for (let next = FIRST_PAUSE; ; next = longer(next)) {
    let trouble: string;
    try {
      const job = await jobs.describe(jobId);
      if (job !== undefined) {
        seen = job;
        failures = 0;
        watch.onLook?.(job);
        const waits = job.Status === "Suspended" && !watch.isConfirmed;
        if (hasEnded(job) || waits) return { job };
      }
      trouble = `there is no job ${jobId} in this account and Region`;
      if (job === undefined) failures += 1;
    } catch (error) {
      trouble = jobs.hint(error, "s3:DescribeJob");
      failures = isRefused(error) ? MOST_FAILURES : failures + 1;
    }
    const last = seen === undefined ? {} : { job: seen };
    if (failures >= MOST_FAILURES) return { ...last, lost: trouble };
    await pause(next, watch.signal);
    if (watch.signal.aborted) return { ...last, lost: "following was stopped" };
  }
}
