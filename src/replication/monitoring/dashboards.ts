/** What CloudWatch dashboards of a source show, within CloudWatch's limits. */
import { parseArn } from "../../naming/arn";
import {
  alarmArn,
  METRIC_PERIOD_IN_SECONDS,
  RULE_METRICS,
  type SeenRule,
  type WatchedBucket,
} from "./monitoring";
import { bucketNameOf } from "../../naming/names";
import { inChunks } from "../../util/chunks";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MOST_METRICS_A_WIDGET = 500;
const MOST_METRICS_A_DASHBOARD = 2500;
const MOST_WIDGETS_A_DASHBOARD = 500;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const MOST_ALARMS_A_WIDGET = 100;

/** Widgets that every dashboard begins with: the alarms and the depth of the queue, with its one metric. */
const HEAD = { widgets: 2, metrics: 1 };

/** Of the grid that widgets stand on, 24 columns wide. */
const WIDTH = 24;
const TITLE_HEIGHT = 1;
const HEIGHT = 6;

/** What is drawn for each destination, from left to right. */
const DRAWN = [
  { title: "Operations pending", metric: RULE_METRICS.pendingOperations, unit: "operations" },
  { title: "Bytes pending", metric: RULE_METRICS.pendingBytes, unit: "bytes" },
  { title: "Latency", metric: RULE_METRICS.latency, unit: "seconds" },
  { title: "Failed operations", metric: RULE_METRICS.failedOperations, unit: "operations" },
] as const;

/** Rules of one destination, which are drawn side by side in one row. */
export type DashboardRow = readonly [SeenRule, ...SeenRule[]];

/** @returns The rows of each dashboard: as few dashboards as CloudWatch's limits allow, at least one. */
export function dashboardRows(rules: readonly SeenRule[]): DashboardRow[][] {
  const groups = new Map<string, SeenRule[]>();
  for (const rule of rules) {
    const group = groups.get(rule.destination);
    if (group === undefined) groups.set(rule.destination, [rule]);
    else group.push(rule);
  }
  const rows = [...groups.values()].flatMap((group) => inChunks(group, MOST_METRICS_A_WIDGET));
  const dashboards: DashboardRow[][] = [];
  let room = { widgets: 0, metrics: 0 };
  for (const row of rows) {
    const needed = { widgets: 1 + DRAWN.length, metrics: row.length * DRAWN.length };
    if (needed.widgets > room.widgets || needed.metrics > room.metrics) {
      dashboards.push([]);
      room = {
        widgets: MOST_WIDGETS_A_DASHBOARD - HEAD.widgets,
        metrics: MOST_METRICS_A_DASHBOARD - HEAD.metrics,
      };
    }
    dashboards.at(-1)?.push(row);
    room = { widgets: room.widgets - needed.widgets, metrics: room.metrics - needed.metrics };
  }
  return dashboards;
}

/** Names of dashboards have no dots, and no bucket name has an underscore. */
export function dashboardName(bucketArn: string): string {
  return `s3-replication-${bucketNameOf(bucketArn).replaceAll(".", "_")}`;
}

/**
 * @param destinationBuckets Name of the destination bucket, by the name that rules call the destination.
 * @param queueName The failure queue, where its depth can be watched.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(
  source: WatchedBucket,
  rows: readonly DashboardRow[],
  destinationBuckets: Readonly<Record<string, string>>,
  alarmNames: readonly string[],
  queueName: string | undefined,
): object {
  const { bucketArn, region } = source;
  const bucket = bucketNameOf(bucketArn);
  const head = headWidgets(source, alarmNames, queueName);
  const top = head.length === 0 ? 0 : HEIGHT;
  const widgets = rows.flatMap((row, index) => {
    const destination = destinationBuckets[row[0].destination] ?? "";
    const y = top + index * (TITLE_HEIGHT + HEIGHT);
    const width = WIDTH / DRAWN.length;
    return [
      {
        type: "text",
        ...place(0, y, WIDTH, TITLE_HEIGHT),
        properties: { markdown: `## ${bucket} → ${destination}`, background: "transparent" },
      },
      ...DRAWN.map(({ title, metric, unit }, column) => ({
        type: "metric",
        ...place(column * width, y + TITLE_HEIGHT, width, HEIGHT),
        properties: {
          ...lines(title, region, metric.statistic, unit),
          // A rule a line; what a line says like the one before it is not said again.
          metrics: row.map(({ id }, rule) =>
            rule === 0
              ? [
                  "AWS/S3",
                  metric.name,
                  "SourceBucket",
                  bucket,
                  "DestinationBucket",
                  destination,
                  "RuleId",
                  id,
                  { label: id },
                ]
              : ["...", id, { label: id }],
          ),
        },
      })),
    ];
  });
  return { widgets: [...head, ...widgets] };
}

function headWidgets(
  { bucketArn, accountId, region }: WatchedBucket,
  alarmNames: readonly string[],
  queueName: string | undefined,
): object[] {
  const partition = parseArn(bucketArn)?.partition ?? "aws";
  const alarms = alarmNames
    .slice(0, MOST_ALARMS_A_WIDGET)
    .map((name) => alarmArn(partition, region, accountId, name));
  const half = WIDTH / 2;
  return [
    ...(alarms.length === 0
      ? []
      : [{ type: "alarm", ...place(0, 0, half, HEIGHT), properties: { title: "Alarms", alarms } }]),
    ...(queueName === undefined
      ? []
      : [
          {
            type: "metric",
            ...place(half, 0, half, HEIGHT),
            properties: {
              ...lines("Failure events in the queue", region, "Maximum", "messages"),
              metrics: [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queueName]],
            },
          },
        ]),
  ];
}

const place = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

/** Lines over time that begin at zero, so that heights can be compared. */
function lines(title: string, region: string, stat: string, unit: string) {
  return {
    title,
    view: "timeSeries",
    stacked: false,
    region,
    stat,
    period: METRIC_PERIOD_IN_SECONDS,
    yAxis: { left: { min: 0, label: unit, showUnits: false } },
  };
}
