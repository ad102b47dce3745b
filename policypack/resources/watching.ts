/** What watches for failed replication: alarms and event notifications. */
import { Resource, types } from "./resource";
import { Stack, bucketKey } from "./stack";
import { Field, Unknown } from "./values";

/** The CloudWatch metric that counts objects which could not be replicated. */
export const METRIC = "OperationsFailedReplication";
/** The S3 events that tell of them. */
export const EVENTS = ["s3:Replication:*", "s3:Replication:OperationFailedReplication"];

export interface Watched {
  /** URNs of buckets of this stack, and names of others. */
  keys: Set<string>;
  unknown?: Unknown;
}

/** The source buckets whose failures reach somebody. */
export function watchedBuckets(stack: Stack): Watched {
  const watched: Watched = { keys: new Set() };
  const add = (resource: Resource, property: string, bucket: Field): void => {
    const match = stack.findBucket(resource, property, bucket);
    const key = bucketKey(match);
    if (key !== undefined) watched.keys.add(key);
    if ("unknown" in match) watched.unknown ??= match.unknown;
  };
  for (const resource of stack.of(types.notifications)) {
    const targets = ["queues", "topics", "lambdaFunctions"].flatMap((kind) => resource.prop(kind).items());
    const events = targets.flatMap((target) => target.get("events").items());
    if (events.some(({ text }) => text !== undefined && EVENTS.includes(text))) {
      add(resource, "bucket", resource.prop("bucket"));
    } else watched.unknown ??= events.find((event) => event.unknown)?.unknown;
  }
  for (const resource of stack.of(types.alarms)) {
    // An alarm without an action is seen by nobody.
    if (resource.prop("alarmActions").isMissing || resource.prop("actionsEnabled").value === false) continue;
    for (const { property, name, dimensions } of alarmMetrics(resource)) {
      watched.unknown ??= name.unknown;
      if (name.value === METRIC) add(resource, property, dimensions.get("SourceBucket"));
    }
    for (const query of resource.prop("metricQueries").items()) {
      addSearched(query.get("expression").text, watched);
    }
  }
  return watched;
}

/** The metrics that an alarm looks at: its own, or those of its queries. */
function alarmMetrics(alarm: Resource): { property: string; name: Field; dimensions: Field }[] {
  const own = {
    property: "dimensions",
    name: alarm.prop("metricName"),
    dimensions: alarm.prop("dimensions"),
  };
  const queried = alarm
    .prop("metricQueries")
    .items()
    .map((query) => query.get("metric"))
    .map((metric) => ({
      property: "metricQueries",
      name: metric.get("metricName"),
      dimensions: metric.get("dimensions"),
    }));
  return [own, ...queried];
}

/** An expression that searches for the metric names the buckets that it searches. */
function addSearched(expression: string | undefined, watched: Watched): void {
  if (!expression?.includes(METRIC)) return;
  for (const [name] of expression.matchAll(/[a-z0-9][a-z0-9.-]{2,62}/g)) watched.keys.add(name);
}
