/** Whether a job that somebody named is a backfill of the bucket. S3 does not say so directly. */
import type { JobDescriptor } from "@aws-sdk/client-s3-control";
import { AwsCallFailed } from "../aws/failures";
import { InvalidInputError, show } from "../input/problems";
import { bucketNameOf } from "../naming/names";
import type { Jobs } from "./jobs";
import { bucketInDescription, type Source } from "./request";

/** @throws InvalidInputError where there is no such job, or it is one of another kind or bucket. */
export async function checkGiven(
  jobs: Jobs,
  jobId: string,
  { bucketName, accountId, region }: Source,
): Promise<void> {
  let job: JobDescriptor | undefined;
  try {
    job = await jobs.describe(jobId);
  } catch (error) {
    throw new AwsCallFailed(`cannot look at job ${show(jobId)}: ${jobs.hint(error, "s3:DescribeJob")}`);
  }
  if (job === undefined) {
    throw new InvalidInputError("--job", [
      `must be a job of account ${accountId} in ${region} (S3 forgets a job 90 days after its end), got ${show(jobId)}`,
    ]);
  }
  const of = bucketOf(job);
  if (isReplication(job) && (of === undefined || of === bucketName)) return;
  throw new InvalidInputError("--job", [
    `must be a Batch Replication job of bucket '${bucketName}', got ${show(jobId)}, which is another one: ${factsOf(job)}`,
  ]);
}

/**
 * Why a job may not be a backfill of the bucket. A manifest can list objects of any bucket.
 * @returns A sentence; undefined where the job certainly is one.
 */
export function doubtAbout(job: JobDescriptor, bucketName: string): string | undefined {
  if (isReplication(job) && bucketOf(job) === bucketName) return undefined;
  return `nothing says that it is of bucket '${bucketName}': ${factsOf(job)}`;
}

const isReplication = ({ Operation }: JobDescriptor) => Operation?.S3ReplicateObject !== undefined;

/** The bucket whose objects S3 lists for the job, or of which this command made it. */
function bucketOf({ ManifestGenerator, Description }: JobDescriptor): string | undefined {
  const listed = ManifestGenerator?.S3JobManifestGenerator?.SourceBucket;
  return listed === undefined ? bucketInDescription(Description) : bucketNameOf(listed);
}

/** What S3 says of a job, for people to tell it by. */
function factsOf({ Operation, ManifestGenerator, Manifest, Report, Description }: JobDescriptor): string {
  const listed = ManifestGenerator?.S3JobManifestGenerator?.SourceBucket;
  const report = Report?.Bucket;
  return [
    `operation ${Object.keys(Operation ?? {})[0] ?? "unknown"}`,
    ...(listed === undefined ? [] : [`objects of bucket '${bucketNameOf(listed)}'`]),
    ...(Manifest?.Location?.ObjectArn === undefined ? [] : [`manifest ${Manifest.Location.ObjectArn}`]),
    ...(report === undefined ? [] : [`report in '${bucketNameOf(report)}/${Report?.Prefix ?? ""}'`]),
    `description ${show(Description)}`,
  ].join(", ");
}
