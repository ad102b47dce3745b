/** Which of an account's alarms are about a bucket's replication. CloudWatch finds no alarm by a metric in its formula. */
import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AlarmStatus } from "./report";

/** @param queueNames Failure queues of the bucket in the alarms' account and Region. */
export function alarmsOf(
  alarms: readonly MetricAlarm[],
  bucketName: string,
  queueNames: readonly string[],
): AlarmStatus[] {
  return alarms
    .filter((alarm) => metricsOf(alarm).some((metric) => isAbout(metric, bucketName, queueNames)))
    .map((alarm) => {
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      return {
        name: alarm.AlarmName ?? "",
        state: alarm.StateValue ?? ("INSUFFICIENT_DATA" as const),
        ...(since === undefined ? {} : { since: since.toISOString() }),
        reason: alarm.StateReason ?? "",
        notifies: alarm.ActionsEnabled === false ? 0 : (alarm.AlarmActions ?? []).length,
      };
    });
}

interface WatchedMetric {
  readonly namespace?: string;
  readonly dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
  /** A Metrics Insights query names its metrics itself. */
  readonly expression?: string;
}

function metricsOf({ Namespace, Dimensions, Metrics = [] }: MetricAlarm): WatchedMetric[] {
  return [
    { namespace: Namespace, dimensions: Dimensions },
    ...Metrics.map(({ Expression, MetricStat }) => ({
      namespace: MetricStat?.Metric?.Namespace,
      dimensions: MetricStat?.Metric?.Dimensions,
      expression: Expression,
    })),
  ];
}

function isAbout(
  { namespace, dimensions = [], expression = "" }: WatchedMetric,
  bucketName: string,
  queueNames: readonly string[],
): boolean {
  const has = (name: string, values: readonly string[]) =>
    dimensions.some(({ Name, Value = "" }) => Name === name && values.includes(Value));
  return (
    (namespace === "AWS/S3" && has("SourceBucket", [bucketName])) ||
    (namespace === "AWS/SQS" && has("QueueName", queueNames)) ||
    (expression.includes("AWS/S3") && expression.includes(`'${bucketName}'`))
  );
}
