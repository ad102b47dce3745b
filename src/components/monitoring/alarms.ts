/** CloudWatch alarms on the metrics of the rules, and on the depth of the failure queue. */
import * as pulumi from "@pulumi/pulumi";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm";
import { DEFAULTS } from "../../replication/arguments/arguments";
import {
  alarmName,
  METRIC_PERIOD_IN_SECONDS,
  MOST_METRICS_AN_ALARM,
  RULE_METRICS,
  type RuleMetric,
} from "../../replication/monitoring/monitoring";
import { bucketNameOf } from "../../naming/names";
import { runOfProgram, warn } from "../userErrors";
import { inChunks } from "../../util/chunks";
import type { Watched } from "./watched";
import type { ReplicationMonitoring } from "./arguments";

/** An alarm on a metric of every rule. */
interface RuleAlarm {
  readonly suffix: string;
  readonly metric: RuleMetric;
  /** 0 where there is to be none. */
  readonly threshold: number;
  /** Periods that the threshold must be passed in. */
  readonly periods: number;
  readonly description: string;
}

function ruleAlarms(args: ReplicationMonitoring, bucket: string): RuleAlarm[] {
  return [
    {
      suffix: "failed-operations",
      metric: RULE_METRICS.failedOperations,
      threshold: args.failedOperationsThreshold ?? DEFAULTS.failedOperationsThreshold,
      periods: 1,
      description: `Objects of ${bucket} failed to replicate; the failure events say which and why`,
    },
    {
      suffix: "latency",
      metric: RULE_METRICS.latency,
      threshold: args.latencyThresholdInSeconds ?? DEFAULTS.latencyThresholdInSeconds,
      periods: 3,
      description: `Replicas of ${bucket} are late`,
    },
    {
      suffix: "pending-bytes",
      metric: RULE_METRICS.pendingBytes,
      threshold: args.pendingBytesThreshold ?? DEFAULTS.pendingBytesThreshold,
      periods: 3,
      description: `More bytes of ${bucket} wait for replication than expected`,
    },
  ];
}

/**
 * @param queueName The failure queue, where its depth can be watched.
 * @returns The alarms' names.
 */
export function alarms(
  name: string,
  args: ReplicationMonitoring,
  watched: Watched,
  queueName: pulumi.Input<string> | undefined,
  options: pulumi.CustomResourceOptions,
): string[] {
  const made = [
    ...rulesAlarms(name, args, watched, options),
    ...queueAlarm(name, args, watched, queueName, options),
  ];
  // An empty list is a choice. A preview says it, where it is still to be decided; the update does not say it again.
  if (made.length > 0 && args.alarmTopicArns === undefined && pulumi.runtime.isDryRun())
    sayReachNobody(watched.subject);
  return made;
}

/** Components whose alarms reach nobody, by run of a program. */
const unheard = new WeakMap<object, string[]>();

/** One warning for all components that a program makes at once. */
function sayReachNobody(subject: string): void {
  const run = runOfProgram();
  const subjects = unheard.get(run) ?? [];
  subjects.push(subject);
  if (subjects.length > 1) return;
  unheard.set(run, subjects);
  queueMicrotask(() => {
    unheard.delete(run);
    void warn(
      `the alarms of ${subjects.join(", ")} reach nobody: give 'monitoring.alarmTopicArns', or say with 'alarmTopicArns: []' that it is meant so`,
    );
  });
}

function common(args: ReplicationMonitoring, { region, tags }: Watched) {
  return {
    region,
    alarmActions: args.alarmTopicArns ?? [],
    tags,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    // CloudWatch has these metrics only while something replicates: an alarm stays as it was until it knows better.
    treatMissingData: "ignore",
  };
}

/** An alarm for each metric, or several where an alarm cannot hold all rules. */
function rulesAlarms(
  name: string,
  args: ReplicationMonitoring,
  watched: Watched,
  options: pulumi.CustomResourceOptions,
): string[] {
  const { bucketArn, rules } = watched;
  const names = pulumi.all([watched.bucketName, watched.destinationBuckets]);
  const made: string[] = [];
  for (const alarm of ruleAlarms(args, bucketNameOf(bucketArn))) {
    if (alarm.threshold === 0) continue;
    for (const [index, part] of inChunks(rules, MOST_METRICS_AN_ALARM).entries()) {
      const number = index === 0 ? "" : `-${index + 1}`;
      const fullName = alarmName(bucketArn, `${alarm.suffix}${number}`);
      new MetricAlarm(
        `${name}-${alarm.suffix}-alarm${number}`,
        {
          ...common(args, watched),
          name: fullName,
          alarmDescription: alarm.description,
          threshold: alarm.threshold,
          evaluationPeriods: alarm.periods,
          metricQueries: names.apply(([source, destinations]) =>
            metricQueries(alarm.metric, part, source, destinations),
          ),
        },
        options,
      );
      made.push(fullName);
    }
  }
  return made;
}

function queueAlarm(
  name: string,
  args: ReplicationMonitoring,
  watched: Watched,
  queueName: pulumi.Input<string> | undefined,
  options: pulumi.CustomResourceOptions,
): string[] {
  const threshold = args.failureQueueDepthThreshold ?? DEFAULTS.failureQueueDepthThreshold;
  if (queueName === undefined || threshold <= 0) return [];
  const fullName = alarmName(watched.bucketArn, "failures");
  new MetricAlarm(
    `${name}-failures-alarm`,
    {
      ...common(args, watched),
      name: fullName,
      alarmDescription: `The failure queue of ${bucketNameOf(watched.bucketArn)} holds events that nobody has looked at`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: METRIC_PERIOD_IN_SECONDS,
      evaluationPeriods: 1,
      threshold,
    },
    options,
  );
  return [fullName];
}

/** The queries of an alarm that joins one metric of up to ten rules into one number. */
function metricQueries(
  metric: RuleMetric,
  rules: Watched["rules"],
  bucket: string,
  destinations: Readonly<Record<string, string>>,
) {
  return [
    { id: "worst", expression: `${metric.together}(METRICS())`, label: metric.name, returnData: true },
    ...rules.map((rule, index) => ({
      id: `rule${index}`,
      metric: {
        namespace: "AWS/S3",
        metricName: metric.name,
        stat: metric.statistic,
        period: METRIC_PERIOD_IN_SECONDS,
        dimensions: {
          SourceBucket: bucket,
          DestinationBucket: destinations[rule.destination] ?? "",
          RuleId: rule.id,
        },
      },
    })),
  ];
}
