/** What S3 writes into a queue of failure events. */
import type { Message } from "@aws-sdk/client-sqs";
import { given } from "../util/optional";

export interface FailureEvent {
  /** ISO 8601. */
  readonly time: string;
  /** `OperationFailedReplication` and its kin. */
  readonly event: string;
  readonly key: string;
  readonly versionId?: string;
  readonly rule?: string;
  readonly failureReason?: string;
}

export interface SortedMessages {
  readonly events: readonly FailureEvent[];
  /** How many of the messages are S3's tests of a notification that was set up. */
  readonly testEvents: number;
}

/** What the messages are; whatever else may lie in a queue is none of ours. */
export function sorted(messages: readonly Message[]): SortedMessages {
  const contents = messages.map(({ Body }) => contentOf(Body));
  return {
    events: contents.flatMap(eventsOf),
    testEvents: contents.filter(({ Event }) => Event === TEST_EVENT).length,
  };
}

/** S3 sends one when notifications are set up. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const TEST_EVENT = "s3:TestEvent";

/** For people. @param isAll Whether nothing else was in the queue. */
export function testEventsSaid(count: number, isAll: boolean): string {
  const events = count === 1 ? "one test event" : `${count} test events`;
  return `${events} that S3 sends when notifications are set up; ${isAll ? "nothing failed" : "not a failure"}`;
}

interface Content {
  readonly Event?: unknown;
  readonly Records?: unknown;
}

interface EventRecord {
  readonly eventName?: string;
  readonly eventTime?: string;
  readonly s3?: { readonly object?: { readonly key?: string; readonly versionId?: string } };
  readonly replicationEventData?: { readonly replicationRuleId?: string; readonly failureReason?: string };
}

function eventsOf({ Records }: Content): FailureEvent[] {
  const records = Array.isArray(Records) ? (Records as EventRecord[]) : [];
  return records.flatMap(({ eventName, eventTime, s3, replicationEventData: data }) => {
    const event = /Replication:(\w+)$/.exec(String(eventName))?.[1];
    if (event === undefined) return [];
    return [
      {
        time: String(eventTime ?? ""),
        event,
        key: decodedKey(String(s3?.object?.key ?? "")),
        ...given("versionId", textOf(s3?.object?.versionId)),
        ...given("rule", textOf(data?.replicationRuleId)),
        ...given("failureReason", textOf(data?.failureReason)),
      },
    ];
  });
}

function contentOf(body: string | undefined): Content {
  try {
    return (JSON.parse(body ?? "{}") as Content | null) ?? {};
  } catch {
    return {};
  }
}

/** Keys are written as in a form of a web page. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
