/** Which of an account's alarms are about a bucket's replication. CloudWatch finds no alarm by a metric in its formula. */
import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AlarmStatus } from "./report";

type Alarm = MetricAlarm | CompositeAlarm;

/**
 * Alarms on the bucket's metrics, and composite alarms on these, or on such composite alarms.
 * @param queueNames Failure queues of the bucket in the alarms' account and Region.
 * @param destination Name of a destination bucket: alarms on metrics of other ones are left out. Left out: all count.
 */
export function alarmsOf(
  alarms: readonly Alarm[],
  bucketName: string,
  queueNames: readonly string[],
  destination?: string,
): AlarmStatus[] {
  const composites = alarms.filter(isComposite).map((alarm) => ({ alarm, others: namesIn(alarm.AlarmRule) }));
  const partOf = ({ AlarmName, AlarmArn }: Alarm) =>
    composites.filter(({ others }) => [AlarmName, AlarmArn].some((name) => others.has(name ?? "")));
  const found = new Set<Alarm>(
    alarms.filter(
      (alarm) =>
        !isComposite(alarm) &&
        metricsOf(alarm).some((metric) => isAbout(metric, bucketName, queueNames, destination)),
    ),
  );
  // A set goes on with what is added to it on the way.
  for (const alarm of found) for (const { alarm: above } of partOf(alarm)) found.add(above);
  return [...found].map((alarm) => {
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return {
      name: alarm.AlarmName ?? "",
      kind: isComposite(alarm) ? "composite" : "metric",
      state: alarm.StateValue ?? "INSUFFICIENT_DATA",
      ...(since === undefined ? {} : { since: since.toISOString() }),
      reason: alarm.StateReason ?? "",
      notifies: alarm.ActionsEnabled === false ? 0 : (alarm.AlarmActions ?? []).length,
      partOf: partOf(alarm).map(({ alarm: { AlarmName = "" } }) => AlarmName),
    };
  });
}

const isComposite = (alarm: Alarm): alarm is CompositeAlarm => "AlarmRule" in alarm;

/**
 * Names and ARNs of the alarms that a rule is made of: `ALARM("a") OR NOT OK(b)`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
function namesIn(rule = ""): ReadonlySet<string> {
  const parts = rule.matchAll(
    /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*?))\s*\)/g,
  );
  return new Set([...parts].map(([, double, single, plain]) => double ?? single ?? plain ?? ""));
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
  destination: string | undefined,
): boolean {
  const has = (name: string, values: readonly string[]) =>
    dimensions.some(({ Name, Value = "" }) => Name === name && values.includes(Value));
  const isElsewhere =
    destination !== undefined &&
    dimensions.some(({ Name, Value }) => Name === "DestinationBucket" && Value !== destination);
  return (
    (namespace === "AWS/S3" && has("SourceBucket", [bucketName]) && !isElsewhere) ||
    (namespace === "AWS/SQS" && has("QueueName", queueNames)) ||
    (expression.includes("AWS/S3") && expression.includes(`'${bucketName}'`))
  );
}
