/** Joins failure events with what the rehearsal finds: an event has the cause whose failureReason it names. */
import type { Report } from "../rehearsal/report/report";
import type { FailureEvent } from "../failureEvents/messages";
import type { FailureQueue } from "../failureEvents/queue";

export interface ExplainedQueue extends FailureQueue {
  /** The events by S3's word for the failure, the most frequent first. */
  readonly reasons: readonly ExplainedReason[];
}

export interface ExplainedReason {
  readonly failureReason: string;
  readonly count: number;
  /** Key of one of the objects. */
  readonly key: string;
  /** When it was last seen, ISO 8601. */
  readonly last: string;
  /** What the rehearsal finds for the same failureReason, as sentences. Empty: nothing that was read explains it now. */
  readonly onPaper: readonly string[];
}

export function explainEvents(
  queues: readonly FailureQueue[],
  { objects }: Pick<Report, "objects">,
): ExplainedQueue[] {
  return queues.map((queue) => {
    const byReason = new Map<string, FailureEvent[]>();
    for (const event of queue.events) {
      const name = event.failureReason ?? event.event;
      byReason.set(name, [...(byReason.get(name) ?? []), event]);
    }
    const reasons = [...byReason].map(([failureReason, events]): ExplainedReason => {
      const [last] = [...events].sort((left, right) => (left.time < right.time ? 1 : -1));
      const same = objects.filter((object) => object.failureReason === failureReason);
      const onPaper = [...new Set(same.map(({ key, reason }) => reason.replaceAll(`/${key}`, "/*")))];
      return { failureReason, count: events.length, key: last?.key ?? "", last: last?.time ?? "", onPaper };
    });
    return { ...queue, reasons: reasons.sort((left, right) => right.count - left.count) };
  });
}
