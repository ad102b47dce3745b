/** What the owner of a bucket has to know before canaries are put into it. */
import type { GetBucketNotificationConfigurationCommandOutput } from "@aws-sdk/client-s3";
import { describe } from "../aws/failures";
import type { Bucket } from "./bucket";

export interface Guards {
  /** Why canaries could not, or for all that is known might not, be removed again: a sentence. */
  readonly retention?: string;
  readonly notes: readonly string[];
}

/** @param prefixes Where canaries will be. */
export async function guardsOf(bucket: Bucket, prefixes: readonly string[]): Promise<Guards> {
  const retention = await retentionOf(bucket);
  return { notes: await notesOf(bucket, prefixes), ...(retention === undefined ? {} : { retention }) };
}

async function retentionOf(bucket: Bucket): Promise<string | undefined> {
  try {
    const retention = await bucket.defaultRetention();
    if (retention === undefined) return undefined;
    return `bucket '${bucket.name}' has a default retention (${retention})`;
  } catch (error) {
    return `the default retention of bucket '${bucket.name}' could not be read (${describe(error)})`;
  }
}

async function notesOf(bucket: Bucket, prefixes: readonly string[]): Promise<string[]> {
  try {
    const listeners = listenersOf(await bucket.notifications(), prefixes);
    if (listeners.length === 0) return [];
    return [
      `canaries in bucket '${bucket.name}' trigger its own event notifications: ${listeners.join(", ")}`,
    ];
  } catch (error) {
    return [`the event notifications of bucket '${bucket.name}' could not be read: ${describe(error)}`];
  }
}

/** A canary is put, marked as deleted and removed. Events of replication itself tell of failures, and are wanted. */
const TRIGGERED = /^s3:Object(Created|Removed):/;

/** Who is told of canaries: the name of each configuration, or its target. */
export function listenersOf(
  configuration: GetBucketNotificationConfigurationCommandOutput,
  prefixes: readonly string[],
): string[] {
  const {
    QueueConfigurations = [],
    TopicConfigurations = [],
    LambdaFunctionConfigurations = [],
  } = configuration;
  const listeners = [
    ...QueueConfigurations.map((each) => ({ ...each, target: each.QueueArn })),
    ...TopicConfigurations.map((each) => ({ ...each, target: each.TopicArn })),
    ...LambdaFunctionConfigurations.map((each) => ({ ...each, target: each.LambdaFunctionArn })),
  ].filter(({ Events = [], Filter }) => {
    const rules = Filter?.Key?.FilterRules ?? [];
    const value = (name: string) => rules.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? "";
    // The end of a canary's key is a number, which no one asks for but by asking for all.
    const isAsked = prefixes.some((prefix) => prefix.startsWith(value("prefix"))) && value("suffix") === "";
    return isAsked && Events.some((event) => TRIGGERED.test(event));
  });
  return [
    ...listeners.map(({ target = "" }) => target),
    ...(configuration.EventBridgeConfiguration === undefined ? [] : ["Amazon EventBridge"]),
  ];
}
