/** The request that makes a job, and the mark by which the same job is found again. */
import { createHash } from "node:crypto";
import type { CreateJobRequest, JobManifestGeneratorFilter } from "@aws-sdk/client-s3-control";
import { given } from "../util/optional";
import { bucketArnOf } from "../naming/names";
import { type Asked, type Choice, isManifest, type Manifest } from "./options";

/** The bucket whose objects are replicated. */
export interface Source {
  readonly bucketName: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
}

/**
 * The request that makes a job. The same options always give the same request with the same token, so S3 makes one job
 * of it however often it is sent. The description holds a hash of the request, by which its jobs are found in the list.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
 */
export function jobRequest(source: Source, asked: Asked, roleArn: string): CreateJobRequest {
  const { partition, accountId, bucketName } = source;
  const content: Omit<CreateJobRequest, "ClientRequestToken" | "Description"> = {
    AccountId: accountId,
    Operation: { S3ReplicateObject: {} },
    // People were asked before the request is sent.
    ConfirmationRequired: false,
    Priority: asked.priority,
    RoleArn: roleArn,
    Report:
      asked.report === undefined
        ? { Enabled: false }
        : {
            Enabled: true,
            Bucket: bucketArnOf(partition, asked.report.bucketName),
            ...(asked.report.prefix === "" ? {} : { Prefix: asked.report.prefix }),
            Format: "Report_CSV_20180820",
            ReportScope: "FailedTasksOnly",
          },
    ...(isManifest(asked.objects)
      ? { Manifest: manifestOf(asked.objects, partition) }
      : {
          ManifestGenerator: {
            S3JobManifestGenerator: {
              ExpectedBucketOwner: accountId,
              SourceBucket: bucketArnOf(partition, bucketName),
              EnableManifestOutput: false,
              Filter: filterOf(asked.objects),
            },
          },
        }),
  };
  const mark = markOf(bucketName, content, asked.token);
  return { ...content, ClientRequestToken: mark, Description: descriptionOf(bucketName, mark) };
}

/**
 * The request of the job that follows an earlier one of the same request. Its token is made of the earlier job's id.
 * Everybody who saw that job end sends the same request, so S3 makes one job of it too.
 */
export function requestAfter(request: CreateJobRequest, jobId: string): CreateJobRequest {
  return { ...request, ClientRequestToken: hash([request.ClientRequestToken, jobId]) };
}

/** Whether it is the `manifest.json` of an inventory, and no list of objects. */
export function isInventory({ key }: Manifest): boolean {
  return key.endsWith("manifest.json");
}

function manifestOf(manifest: Manifest, partition: string): CreateJobRequest["Manifest"] {
  const { bucketName, key, etag } = manifest;
  return {
    Spec: isInventory(manifest)
      ? { Format: "S3InventoryReport_CSV_20161130" }
      : // The source bucket is versioned: only versions can be replicated.
        { Format: "S3BatchOperations_CSV_20180820", Fields: ["Bucket", "Key", "VersionId"] },
    Location: { ObjectArn: `${bucketArnOf(partition, bucketName)}/${key}`, ETag: etag },
  };
}

function filterOf({ createdAfter, createdBefore, statuses, prefix }: Choice): JobManifestGeneratorFilter {
  return {
    EligibleForReplication: true,
    ObjectReplicationStatuses: [...statuses],
    ...given("CreatedAfter", createdAfter),
    ...given("CreatedBefore", createdBefore),
    ...(prefix === undefined ? {} : { KeyNameConstraint: { MatchAnyPrefix: [prefix] } }),
  };
}

function markOf(bucketName: string, content: object, token: string | undefined): string {
  // The bucket is named for a job with a given manifest, whose content does not name it.
  return hash([bucketName, content, token ?? null]);
}

function hash(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
}

/** What descriptions of this command's jobs of a bucket begin with. */
export function descriptionStart(bucketName: string): string {
  return `s3-replication backfill of ${bucketName} [`;
}

/** The bucket of a job that this command made. */
export function bucketInDescription(description = ""): string | undefined {
  return /^s3-replication backfill of (\S+) \[/.exec(description)?.[1];
}

function descriptionOf(bucketName: string, mark: string): string {
  return `${descriptionStart(bucketName)}${mark}]`;
}
