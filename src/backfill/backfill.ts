/** A backfill from its beginning to its end: find or make the job, follow it, tell why objects failed. */
import type { CreateJobRequest, JobDescriptor } from "@aws-sdk/client-s3-control";
import type { AwsAccount } from "../aws/account";
import { AwsCallFailed } from "../aws/failures";
import { bucketRegion, replicationOf } from "../aws/pair";
import { InvalidInputError, show } from "../input/problems";
import { bucketNameOf } from "../naming/names";
import { type Asked, isManifest } from "./options";
import { checkRules } from "./checks";
import { readCompletionReport } from "./completionReport";
import { earlierJob } from "./earlierJob";
import { follow, type Watch } from "./follow";
import { AnswerLost, hasEnded, Jobs } from "./jobs";
import { checkGiven, doubtAbout } from "./ownership";
import { jobRequest, requestAfter, type Source } from "./request";
import { checkManifest, withEtag } from "./manifest";
import { type BackfillResult, COSTS, type Outcome, summaryOf } from "./result";
import { roleOfJob } from "./role";

/** How the command speaks with people while it runs. */
export interface Desk extends Watch {
  /** Shows what is about to be done, and asks for it. */
  readonly confirm: (shown: BackfillResult, question: string) => Promise<boolean>;
  /** The job is there: from now on it goes on without us. */
  readonly onJob?: (jobId: string) => void;
  /** Default: the time now. */
  readonly now?: () => Date;
}

type Found = Omit<BackfillResult, "outcome" | "failures">;

/**
 * @throws InvalidInputError for options that do not go with the bucket. @throws AwsCallFailed where no job was made, and none can be.
 */
export async function backfill(
  account: AwsAccount,
  bucketName: string,
  typed: Asked,
  desk: Desk,
): Promise<BackfillResult> {
  const lookedAt = isManifest(typed.objects) ? await withEtag(account, typed.objects) : undefined;
  const asked = lookedAt === undefined ? typed : { ...typed, objects: lookedAt.manifest };
  const region = await bucketRegion(account, bucketName);
  const source: Source = { bucketName, region, accountId: account.id, partition: account.partition };
  const configuration = await replicationOf(account, bucketName, region);
  const jobs = await Jobs.of(account, region);
  const found: Found = {
    source: { bucketName, accountId: account.id, region },
    rules: [],
    made: false,
    costs: COSTS,
    notes: [],
  };
  if (asked.job !== undefined) {
    return finish(account, source, jobs, asked.job, { found, asked, desk, isGiven: true });
  }

  const rules = checkRules(bucketName, configuration, asked);
  if (configuration === null) throw new Error("the rules were checked");
  const roleArn = await roleOfJob(account, source, configuration, asked);
  // Where a report is to go must be there before a job is paid for.
  if (asked.report !== undefined) await bucketRegion(account, asked.report.bucketName);
  const first = jobRequest(source, asked, roleArn);
  const { last, others } = await jobs.find(bucketName, first.Description ?? "");
  const earlier = earlierJob(last, asked, desk.now?.() ?? new Date());
  const isMade = earlier?.isThisRuns === true;
  const request = earlier === undefined || isMade ? first : requestAfter(first, earlier.jobId);
  const notes = [
    ...(earlier === undefined ? [] : [earlier.note]),
    ...others.map(
      ({ JobId, Status }) => `another backfill of this bucket is under way: job ${JobId} (${Status})`,
    ),
    ...(lookedAt !== undefined && !isMade ? await checkManifest(account, source, lookedAt, roleArn) : []),
    ...(asked.report === undefined ? ["without --report nobody can tell why objects fail"] : []),
  ];
  const planned: Found = { ...found, rules, request, notes };
  const shown: BackfillResult = { ...planned, outcome: "planned", failures: [] };
  if (asked.dryRun) return shown;
  if (isMade) {
    return finish(account, source, jobs, earlier.jobId, { found: planned, asked, desk });
  }
  const question = earlier === undefined ? "Make this job?" : "Make another job?";
  if (!asked.yes && !(await desk.confirm(shown, question))) {
    return { ...shown, outcome: "declined", notes: ["nothing was made"] };
  }
  if (desk.signal.aborted) return { ...shown, outcome: "declined", notes: ["nothing was made"] };
  const jobId = await make(jobs, request);
  if (jobId === undefined) {
    const lost =
      "AWS's answer did not come, so the job may have been made or not; the same command finds it, or makes it";
    return { ...shown, outcome: "unfinished", notes: [...notes, lost] };
  }
  return finish(account, source, jobs, jobId, { found: { ...planned, made: true }, asked, desk });
}

async function make(jobs: Jobs, request: CreateJobRequest): Promise<string | undefined> {
  try {
    return await jobs.create(request);
  } catch (error) {
    if (error instanceof AnswerLost) return undefined;
    throw error;
  }
}

/** What is done with a job that is there. */
interface Rest {
  readonly found: Found;
  readonly asked: Asked;
  readonly desk: Desk;
  /** The job's id was typed, so that it may be any job. */
  readonly isGiven?: boolean;
}

async function finish(
  account: AwsAccount,
  source: Source,
  jobs: Jobs,
  jobId: string,
  { found, asked, desk, isGiven = false }: Rest,
): Promise<BackfillResult> {
  if (isGiven) await checkGiven(jobs, jobId, source);
  desk.onJob?.(jobId);
  const resume = `follow it again with: s3-replication backfill ${source.bucketName} --job ${jobId} (and the account's options as before)`;
  const cancel = `cancel it with: aws s3control update-job-status --account-id ${source.accountId} --region ${source.region} --job-id ${jobId} --requested-job-status Cancelled`;
  const unfinished = (job: JobDescriptor | undefined, why: string): BackfillResult => ({
    ...found,
    outcome: "unfinished",
    job: summaryOf(jobId, job),
    failures: [],
    notes: [...found.notes, why, resume, cancel],
  });
  if (!asked.wait) {
    const seen = await jobs.describe(jobId).catch(() => undefined);
    if (seen === undefined || !hasEnded(seen)) return unfinished(seen, "the job goes on");
  }
  for (let isConfirmed = false; ; isConfirmed = true) {
    const { job, lost } = await follow(jobs, jobId, { ...desk, isConfirmed });
    if (lost !== undefined || job === undefined) {
      return unfinished(job, `the job is not followed any more (${lost}); it goes on`);
    }
    if (job.Status !== "Suspended") return conclude(account, job, { ...found, job: summaryOf(jobId, job) });
    // Jobs that the console made wait until somebody confirms them.
    const shown: BackfillResult = {
      ...found,
      outcome: "unfinished",
      job: summaryOf(jobId, job),
      failures: [],
    };
    const doubt = doubtAbout(job, source.bucketName);
    if (asked.yes && doubt !== undefined) {
      throw new InvalidInputError("--yes", [
        `must be left out for job ${show(jobId)}, which waits to be confirmed: ${doubt}. Without --yes you are asked`,
      ]);
    }
    const question = `${doubt === undefined ? "" : `Of this job ${doubt}.\n`}Let job ${jobId} run?`;
    const wanted = asked.yes || (await desk.confirm(shown, question));
    if (!wanted || desk.signal.aborted) return unfinished(job, "the job waits to be confirmed");
    await jobs.confirm(jobId);
  }
}

async function conclude(
  account: AwsAccount,
  job: JobDescriptor,
  found: Found & Pick<BackfillResult, "job">,
): Promise<BackfillResult> {
  const failed = job.ProgressSummary?.NumberOfTasksFailed ?? 0;
  const outcome: Outcome = job.Status === "Complete" && failed === 0 ? "replicated" : "failed";
  if (failed === 0) return { ...found, outcome, failures: [] };
  const report = await reportOf(account, job);
  return {
    ...found,
    outcome,
    failures: report?.failures ?? [],
    notes: [
      ...found.notes,
      ...(report?.problems ?? ["the job has no completion report, so nobody can tell why objects failed"]),
    ],
  };
}

async function reportOf(account: AwsAccount, job: JobDescriptor) {
  const bucketArn = job.Report?.Bucket;
  if (bucketArn === undefined) return undefined;
  try {
    const region = await bucketRegion(account, bucketNameOf(bucketArn));
    return await readCompletionReport(await account.s3(region), job);
  } catch (error) {
    if (error instanceof AwsCallFailed) return { failures: [], problems: [error.message] };
    throw error;
  }
}
