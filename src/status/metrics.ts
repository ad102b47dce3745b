/** The metrics that S3 sends for each rule, read from CloudWatch and brought to one number a span. */
import type { CloudWatchClient, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { paginateGetMetricData } from "@aws-sdk/client-cloudwatch";
import { inChunks } from "../util/chunks";
import {
  METRIC_PERIOD_IN_SECONDS,
  RULE_METRICS,
  type RuleMetric,
} from "../replication/monitoring/monitoring";
import type { RuleMetrics } from "./report";

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MOST_QUERIES_A_REQUEST = 500;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A rule as its metrics know it. */
export interface MeasuredRule {
  readonly id: string;
  /** Name of the destination bucket. */
  readonly destination: string;
}

/** One value and the beginning of its period, in milliseconds since 1970. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

type MetricName = keyof typeof RULE_METRICS;

/** The points of each metric of a rule. */
export type Series = Readonly<Record<MetricName, readonly Point[]>>;

/** How far back each metric is read. */
const SPANS: Readonly<Record<MetricName, number>> = {
  failedOperations: DAY,
  latency: DAY,
  pendingOperations: HOUR,
  pendingBytes: HOUR,
};

/** @returns The points of each rule, in the order of the rules. */
export async function readMetrics(
  cloudWatch: CloudWatchClient,
  bucketName: string,
  rules: readonly MeasuredRule[],
  now: Date,
  signal?: AbortSignal,
): Promise<Series[]> {
  const points = new Map<string, Point[]>();
  const queries = Object.entries(RULE_METRICS).flatMap(([name, metric]) =>
    rules.map((rule, index) => ({
      span: SPANS[name as MetricName],
      query: queryOf(idOf(name as MetricName, index), metric, bucketName, rule),
    })),
  );
  for (const span of [DAY, HOUR]) {
    const ofSpan = queries.filter((each) => each.span === span).map(({ query }) => query);
    for (const MetricDataQueries of inChunks(ofSpan, MOST_QUERIES_A_REQUEST)) {
      const request = { MetricDataQueries, StartTime: startOf(now, span), EndTime: now };
      for await (const page of paginateGetMetricData({ client: cloudWatch }, request, {
        abortSignal: signal,
      })) {
        // A series may go on on the next page.
        for (const { Id = "", Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
          const known = points.get(Id) ?? [];
          Values.forEach((value, index) => known.push({ at: Timestamps[index]?.getTime() ?? 0, value }));
          points.set(Id, known);
        }
      }
    }
  }
  const seriesOf = (index: number) => (name: MetricName) => points.get(idOf(name, index)) ?? [];
  return rules.map((_, index) => {
    const of = seriesOf(index);
    return {
      failedOperations: of("failedOperations"),
      latency: of("latency"),
      pendingOperations: of("pendingOperations"),
      pendingBytes: of("pendingBytes"),
    };
  });
}

/** Ids of queries begin with a small letter. */
const idOf = (name: MetricName, rule: number) => `${name}_${rule}`;

function queryOf(
  Id: string,
  metric: RuleMetric,
  bucketName: string,
  { id, destination }: MeasuredRule,
): MetricDataQuery {
  return {
    Id,
    MetricStat: {
      Stat: metric.statistic,
      Period: METRIC_PERIOD_IN_SECONDS,
      Metric: {
        Namespace: "AWS/S3",
        MetricName: metric.name,
        Dimensions: [
          { Name: "SourceBucket", Value: bucketName },
          { Name: "DestinationBucket", Value: destination },
          { Name: "RuleId", Value: id },
        ],
      },
    },
  };
}

/** The beginning of a period, so that no first period is cut. */
function startOf(now: Date, span: number): Date {
  const period = METRIC_PERIOD_IN_SECONDS * 1000;
  return new Date(Math.floor((now.getTime() - span) / period) * period);
}

/** The numbers of a rule: sums of what failed, the longest latency, and what waited last. */
export function summariseMetrics(series: Series, now: Date): RuleMetrics {
  const within = (points: readonly Point[], span: number) => {
    const start = startOf(now, span).getTime();
    return points.filter(({ at }) => at >= start).map(({ value }) => value);
  };
  const spans = (points: readonly Point[], together: (values: readonly number[]) => number) => {
    const over = (name: string, span: number) => {
      const values = within(points, span);
      return values.length === 0 ? {} : { [name]: together(values) };
    };
    return { ...over("lastHour", HOUR), ...over("lastDay", DAY) };
  };
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  const operations = latest(series.pendingOperations);
  const bytes = latest(series.pendingBytes);
  const at = Math.max(operations?.at ?? 0, bytes?.at ?? 0);
  return {
    failedOperations: spans(series.failedOperations, sum),
    latencyInSeconds: spans(series.latency, largest),
    pending: {
      ...(operations === undefined ? {} : { operations: operations.value }),
      ...(bytes === undefined ? {} : { bytes: bytes.value }),
      ...(at === 0 ? {} : { at: new Date(at).toISOString() }),
    },
  };
}

function latest(points: readonly Point[]): Point | undefined {
  return points.reduce<Point | undefined>(
    (last, point) => (last === undefined || point.at > last.at ? point : last),
    undefined,
  );
}
