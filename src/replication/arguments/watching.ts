/** What plain arguments come to in watching: which rules are watched, and where events of failed objects go. */
import { DEFAULTS, type PlainMonitoringArgs, type ReplicationRule } from "./arguments";

/** What decides where events of failed objects go. */
interface FailureArgs {
  readonly monitoring?: PlainMonitoringArgs;
  readonly rules: readonly Pick<ReplicationRule, "enabled" | "metrics">[];
  readonly existingBucket?: { readonly notification?: object };
}

/**
 * Whether S3 sends an event for every failed object, which it does for rules with metrics only. The notification
 * configuration of a bucket is one document: on an existing bucket it is put only where what it says at present is known.
 */
export function hasFailureEvents({ monitoring = {}, existingBucket, rules }: FailureArgs): boolean {
  const isKnown = existingBucket === undefined || existingBucket.notification !== undefined;
  return (monitoring.failureQueue ?? isKnown) && rules.some(isWatched);
}

/** Whether events of failed objects are asked for, and not only had where nothing stands against them. */
export function asksForEvents({
  failureQueue,
  failureQueueArn,
  failureTopicArn,
}: PlainMonitoringArgs = {}): boolean {
  return failureQueue === true || (failureQueueArn ?? failureTopicArn) !== undefined;
}

/** Whether the events are put into a queue, the component's own or a given one. */
export function hasFailureQueue(args: FailureArgs): boolean {
  return hasFailureEvents(args) && args.monitoring?.failureTopicArn === undefined;
}

/** Whether the events go to a queue or topic of somebody else, whose policy must let S3 send them. */
export function hasGivenFailureTarget(args: FailureArgs): boolean {
  const { failureQueueArn, failureTopicArn } = args.monitoring ?? {};
  return hasFailureEvents(args) && (failureQueueArn ?? failureTopicArn) !== undefined;
}

/** A rule that is off, or has no metrics, is left alone by all that watches. */
export function isWatched({ enabled, metrics }: Pick<ReplicationRule, "enabled" | "metrics">): boolean {
  return (enabled ?? true) && (metrics ?? DEFAULTS.metrics);
}
