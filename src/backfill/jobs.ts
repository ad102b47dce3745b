/** Jobs of S3 Batch Operations: the calls to S3 Control, and what their failures mean. */
import type {
  CreateJobRequest,
  JobDescriptor,
  JobListDescriptor,
  JobStatus,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import type { AwsAccount } from "../aws/account";
import { AwsCallFailed, codeOf, describe, isAbsent, isRefused, statusOf } from "../aws/failures";
import { given } from "../util/optional";
import { descriptionStart } from "./request";

/** Statuses that a job never leaves. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html */
const ENDS: readonly JobStatus[] = ["Complete", "Failed", "Cancelled"];

export function hasEnded({ Status }: { readonly Status?: JobStatus }): boolean {
  return Status !== undefined && ENDS.includes(Status);
}

/** Nobody knows whether S3 took the request: its answer did not come. */
export class AnswerLost extends Error {
  override readonly name = "AnswerLost";
}

export interface FoundJobs {
  /** The job of the same request that is under way, or else the newest one. */
  readonly last?: JobListDescriptor;
  /** Other backfills of the bucket that have not ended. */
  readonly others: readonly JobListDescriptor[];
}

export class Jobs {
  private constructor(
    private readonly client: S3ControlClient,
    private readonly account: AwsAccount,
  ) {}

  static async of(account: AwsAccount, region: string): Promise<Jobs> {
    return new Jobs(await account.s3Control(region), account);
  }

  /** The jobs that this command made for a bucket. @throws AwsCallFailed */
  async find(bucketName: string, description: string): Promise<FoundJobs> {
    const { paginateListJobs } = await import("@aws-sdk/client-s3-control");
    const found: JobListDescriptor[] = [];
    try {
      const pages = paginateListJobs({ client: this.client, pageSize: 1000 }, { AccountId: this.account.id });
      for await (const { Jobs: jobs = [] } of pages) {
        found.push(...jobs.filter((job) => job.Description?.startsWith(descriptionStart(bucketName))));
      }
    } catch (error) {
      throw this.failed("cannot list the jobs of account", "s3:ListJobs", error);
    }
    // The newest first.
    found.sort((a, b) => (b.CreationTime?.getTime() ?? 0) - (a.CreationTime?.getTime() ?? 0));
    const same = found.filter((job) => job.Description === description);
    const last = same.find((job) => !hasEnded(job)) ?? same[0];
    return { ...given("last", last), others: found.filter((job) => job !== last && !hasEnded(job)) };
  }

  /**
   * @returns The job's id; that of the first one, where the request was sent before.
   * @throws AwsCallFailed where S3 refuses. @throws AnswerLost where nobody knows whether it did.
   */
  async create(request: CreateJobRequest): Promise<string> {
    const { CreateJobCommand } = await import("@aws-sdk/client-s3-control");
    try {
      const { JobId } = await this.client.send(new CreateJobCommand(request));
      if (JobId === undefined) throw new Error("S3 gave no job id");
      return JobId;
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined || status >= 500 || status < 400) throw new AnswerLost(describe(error));
      if (codeOf(error) === "IdempotencyException") {
        throw new AwsCallFailed(
          `S3 remembers another request with the token of this one, and its job is not in the list any more: ${describe(error)}; give a --token of your own to make a new job`,
        );
      }
      throw this.failed(
        `cannot make the job as ${request.RoleArn} in account`,
        `s3:CreateJob, and iam:PassRole on ${request.RoleArn}`,
        error,
      );
    }
  }

  /** @returns undefined where there is no such job. */
  async describe(jobId: string): Promise<JobDescriptor | undefined> {
    const { DescribeJobCommand } = await import("@aws-sdk/client-s3-control");
    try {
      const answer = await this.client.send(
        new DescribeJobCommand({ AccountId: this.account.id, JobId: jobId }),
      );
      return answer.Job;
    } catch (error) {
      if (isAbsent(error) || codeOf(error) === "NoSuchJob") return undefined;
      throw error;
    }
  }

  /** Lets a job run that waits to be confirmed. @throws AwsCallFailed */
  async confirm(jobId: string): Promise<void> {
    const { UpdateJobStatusCommand } = await import("@aws-sdk/client-s3-control");
    try {
      await this.client.send(
        new UpdateJobStatusCommand({
          AccountId: this.account.id,
          JobId: jobId,
          RequestedJobStatus: "Ready",
          StatusUpdateReason: "confirmed to s3-replication backfill",
        }),
      );
    } catch (error) {
      throw this.failed(`cannot confirm job ${jobId} of account`, "s3:UpdateJobStatus", error);
    }
  }

  /** Why a job cannot be seen. */
  hint(error: unknown, permission: string): string {
    return `${describe(error)}${isRefused(error) ? `; ${this.account.callerArn} needs ${permission}` : ""}`;
  }

  private failed(what: string, permission: string, error: unknown): AwsCallFailed {
    return new AwsCallFailed(`${what} ${this.account.id}: ${this.hint(error, permission)}`);
  }
}
