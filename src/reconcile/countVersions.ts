/** How many versions a bucket has, as CloudWatch counts them once a day: for the time that is left, and the engine. */
import type { AwsAccount } from "../aws/account";

const DAY = 86_400_000;

/**
 * @returns Undefined where nobody counted them, or the caller may not know: nothing depends on it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export async function countVersions(
  account: AwsAccount,
  region: string,
  bucketName: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
  const now = Date.now();
  try {
    const cloudWatch = await account.cloudWatch(region);
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/S3",
        MetricName: "NumberOfObjects",
        Dimensions: [
          { Name: "BucketName", Value: bucketName },
          { Name: "StorageType", Value: "AllStorageTypes" },
        ],
        StartTime: new Date(now - 4 * DAY),
        EndTime: new Date(now),
        Period: DAY / 1000,
        Statistics: ["Average"],
      }),
      { abortSignal: signal },
    );
    const newest = Datapoints.sort((a, b) => Number(b.Timestamp) - Number(a.Timestamp))[0]?.Average;
    return newest === undefined || newest === 0 ? undefined : newest;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
