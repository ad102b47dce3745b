/** What the functions of the AWS provider answer about buckets, from accounts in memory. */
import { replicationAnswer } from "../../../src/readers/awsProvider/bucketAnswers";
import { bucketNameOf } from "../../../src/naming/names";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import type { Caller } from "./accounts";
import { BUCKET_NOTIFICATION, type Thing } from "./resourceTypes";
import type { Properties } from "./values";

/** @returns Undefined for a function that is not about buckets. */
export function bucketFunction(
  token: string,
  inputs: Properties,
  { accountId, region }: Caller,
  snapshot: Snapshot,
  things: readonly Thing[],
): Properties | undefined {
  const own = Object.entries(snapshot.buckets).filter(([, { account }]) => account === accountId);
  const bucket = String(inputs.bucket);
  const place = { bucket, id: bucket, region: typeof inputs.region === "string" ? inputs.region : region };
  switch (token) {
    case "aws:s3/getBuckets:getBuckets":
      return {
        id: accountId,
        region,
        buckets: own.map(([bucketArn, state]) => ({
          bucketArn,
          bucketRegion: state.region,
          creationDate: "2026-01-01T00:00:00Z",
          name: bucketNameOf(bucketArn),
        })),
      };
    case "aws:s3/getBucketReplicationConfiguration:getBucketReplicationConfiguration": {
      const { replication } = own.find(([arn]) => bucketNameOf(arn) === bucket)?.[1] ?? {};
      // The provider's own sentence, about a bucket that is not there as well.
      if (!replication)
        throw new Error(
          `reading S3 (Simple Storage) Bucket Replication Configuration Data Source ("${bucket}"): couldn't find resource`,
        );
      return replicationAnswer(bucket, place.region, replication);
    }
    case "aws:s3/getBucketNotification:getBucketNotification": {
      const found = things.find(({ type, id }) => type === BUCKET_NOTIFICATION && id === bucket);
      const { queues, topics, lambdaFunctions, eventbridge = false } = found?.inputs ?? {};
      const filled = (list: unknown) =>
        ((list ?? []) as Properties[]).map((one) => ({ filterPrefix: "", filterSuffix: "", ...one }));
      return {
        ...place,
        eventbridge,
        queues: filled(queues),
        topics: filled(topics),
        lambdaFunctions: filled(lambdaFunctions),
      };
    }
    default:
      return undefined;
  }
}
