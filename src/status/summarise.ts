/** Judges what AWS said of a bucket's replication: what is fine, and what is wrong. */
import { parseArn } from "../naming/arn";
import { bucketNameOf } from "../naming/names";
import { listed } from "../output/counts";
import { filterOf, ruleName } from "../replication/rules";
import { alarmsOf } from "./alarms";
import { summariseMetrics } from "./metrics";
import type { Readings } from "./readStatus";
import type { AlarmStatus, EventReceiver, LastCanary, RuleStatus, StatusReport } from "./report";

export function summarise(readings: Readings, lastCanary?: LastCanary): StatusReport {
  const { bucketName, account, region, at, unanswered } = readings;
  const rules = rulesOf(readings);
  const failureEvents = [...(readings.failureEvents ?? [])];
  const queueNames = failureEvents.flatMap(({ arn }) => {
    const parts = parseArn(arn);
    return parts?.service === "sqs" && parts.accountId === account ? [parts.resource] : [];
  });
  const alarms = alarmsOf(readings.alarms ?? [], bucketName, queueNames, readings.destination);
  const wrong = [
    ...(readings.configuration === null
      ? ["the bucket has no replication configuration: nothing is replicated"]
      : []),
    ...(rules.length > 0 && rules.every(({ status }) => status !== "Enabled")
      ? ["no rule is enabled: nothing is replicated"]
      : []),
    ...rules.flatMap(wrongOfRule),
    ...alarms.flatMap(({ name, state, reason }) =>
      state === "ALARM" ? [`alarm ${name} is in ALARM: ${reason}`] : [],
    ),
    ...failureEvents.flatMap(({ arn, isMissing }) =>
      isMissing === true ? [`events of failed objects go to ${arn}, which does not exist`] : [],
    ),
    ...(lastCanary?.verdict === "failed" ? ["the last canary failed"] : []),
  ];
  return {
    verdict: wrong.length > 0 ? "wrong" : unanswered.length > 0 ? "unread" : "fine",
    at: at.toISOString(),
    bucket: bucketName,
    account,
    region,
    rules,
    alarms,
    failureEvents,
    ...(lastCanary === undefined ? {} : { lastCanary }),
    wrong,
    notes: notesOf(readings, rules, alarms, failureEvents),
    unread: unanswered.map((question) => ({ what: WHAT[question.action] ?? question.resource, ...question })),
  };
}

/** What an action is asked for, as people call it. */
const WHAT: Readonly<Record<string, string>> = {
  "s3:GetReplicationConfiguration": "the rules",
  "cloudwatch:GetMetricData": "the metrics",
  "cloudwatch:DescribeAlarms": "the alarms",
  "s3:GetBucketNotification": "where failure events go",
  "sqs:GetQueueAttributes": "the depth of the failure queue",
  "sqs:ReceiveMessage": "whether what waits in the failure queue are S3's test events",
};

function rulesOf({ configuration, metrics, at }: Readings): RuleStatus[] {
  if (configuration === undefined || configuration === null) return [];
  return configuration.Rules.map((rule) => {
    const { prefix, tags } = filterOf(rule);
    const series = rule.ID === undefined ? undefined : metrics?.get(rule.ID);
    return {
      id: ruleName(configuration, rule),
      status: rule.Status,
      ...(rule.Priority === undefined ? {} : { priority: rule.Priority }),
      prefix,
      tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
      destination: bucketNameOf(rule.Destination.Bucket),
      hasMetrics: rule.Destination.Metrics?.Status === "Enabled",
      ...(series === undefined ? {} : { metrics: summariseMetrics(series, at) }),
    };
  });
}

function wrongOfRule({ id, metrics }: RuleStatus): string[] {
  const failed = metrics?.failedOperations.lastHour ?? 0;
  if (failed === 0) return [];
  return [
    `rule ${id}: ${failed} ${failed === 1 ? "operation" : "operations"} failed in the last hour; S3 does not retry them`,
  ];
}

/** What is not wrong, and would keep people from noticing when it is. */
function notesOf(
  { configuration, alarms: readAlarms, failureEvents: readEvents }: Readings,
  rules: readonly RuleStatus[],
  alarms: readonly AlarmStatus[],
  failureEvents: readonly EventReceiver[],
): string[] {
  if (configuration === undefined || configuration === null) return [];
  const unseen = rules.filter(({ status, hasMetrics }) => status === "Enabled" && !hasMetrics);
  const reaches = ({ notifies, partOf }: AlarmStatus): boolean =>
    notifies > 0 || alarms.some((other) => partOf.includes(other.name) && other.notifies > 0);
  const silent = alarms.filter((alarm) => !reaches(alarm));
  return [
    ...(unseen.length === 0
      ? []
      : [`without metrics, nobody sees a failure: ${listed(unseen.map(({ id }) => `rule ${id}`))}`]),
    ...(readAlarms !== undefined && alarms.length === 0
      ? ["no alarm watches this bucket's replication"]
      : []),
    ...(silent.length === 0 ? [] : [`notify nobody: ${listed(silent.map(({ name }) => `alarm ${name}`))}`]),
    ...(readEvents !== undefined && failureEvents.length === 0
      ? ["events of failed objects go nowhere, so nothing says which objects fail, and why"]
      : []),
  ];
}
