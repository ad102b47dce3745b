/** The alarms, dashboards and failure events of a bucket that replicates: the inside of a watch, and of a source. */
import type * as pulumi from "@pulumi/pulumi";
import { failureTarget } from "../../replication/monitoring/monitoring";
import { alarms } from "./alarms";
import { dashboards } from "./dashboards";
import { failureEventsInto, type Failures } from "./failures";
import type { Watched } from "./watched";
import type { ReplicationMonitoring } from "./arguments";

/** @returns What a queue or topic of somebody else must have, and where the events are found. */
export function monitoring(
  name: string,
  args: ReplicationMonitoring,
  watched: Watched,
  options: pulumi.CustomResourceOptions,
): Failures {
  if (watched.rules.length === 0) return {};
  const failures = watched.hasFailureEvents
    ? failureEventsInto(failureTarget(args, watched), name, watched, options)
    : {};
  const alarmNames = (args.alarms ?? true) ? alarms(name, args, watched, failures.queueName, options) : [];
  if (args.dashboard === true) dashboards(name, watched, failures.queueName, alarmNames, options);
  return failures;
}
