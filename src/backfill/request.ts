/** The request that makes a job, and the mark by which the same job is found again. */
import { createHash } from "node:crypto";
import type { CreateJobRequest, JobManifestGeneratorFilter } from "@aws-sdk/client-s3-control";
import { bucketArnOf } from "../replication/names";
import { type Asked, type Choice, isManifest, type Manifest } from "./asked";

/** The bucket whose objects are replicated. */
export interface Source {
  readonly bucketName: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
}

/**
 * Asked the same, the request is the same to its last character, and so is its token: S3 makes one job of it however
 * often it is sent. The description carries the token too, by which the job is found in the list of jobs.
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

function manifestOf({ bucketName, key, etag }: Manifest, partition: string): CreateJobRequest["Manifest"] {
  return {
    Spec: key.endsWith("manifest.json")
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
    ...(createdAfter === undefined ? {} : { CreatedAfter: createdAfter }),
    ...(createdBefore === undefined ? {} : { CreatedBefore: createdBefore }),
    ...(prefix === undefined ? {} : { KeyNameConstraint: { MatchAnyPrefix: [prefix] } }),
  };
}

function markOf(bucketName: string, content: object, token: string | undefined): string {
  // The bucket is named for a job with a given manifest, whose content does not name it.
  const text = JSON.stringify([bucketName, content, token ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** What descriptions of this command's jobs of a bucket begin with. */
export function descriptionStart(bucketName: string): string {
  return `s3-replication backfill of ${bucketName} [`;
}

function descriptionOf(bucketName: string, mark: string): string {
  return `${descriptionStart(bucketName)}${mark}]`;
}
