/** What the owner of a bucket has to know before canaries are put into it. */
import type { GetBucketNotificationConfigurationCommandOutput } from "@aws-sdk/client-s3";
import { describe } from "../aws/failures";
import type { Bucket } from "./bucket";

export interface Guards {
  /** Why canaries could not be removed again: a sentence. */
  readonly retention?: string;
  readonly notes: readonly string[];
}

/** @param prefixes Where canaries will be. */
export async function guardsOf(bucket: Bucket, prefixes: readonly string[]): Promise<Guards> {
  const notes: string[] = [];
  const read = async <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      notes.push(`${what} of bucket '${bucket.name}' could not be read: ${describe(error)}`);
      return undefined;
    }
  };
  const retention = await read("the default retention", () => bucket.defaultRetention());
  const configuration = await read("the event notifications", () => bucket.notifications());
  const listeners = configuration === undefined ? [] : listenersOf(configuration, prefixes);
  if (listeners.length > 0) {
    notes.push(
      `canaries in bucket '${bucket.name}' trigger its own event notifications: ${listeners.join(", ")}`,
    );
  }
  return {
    notes,
    ...(retention === undefined
      ? {}
      : { retention: `bucket '${bucket.name}' has a default retention (${retention})` }),
  };
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
