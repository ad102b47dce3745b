/** A diagnosis for people: the rehearsal's report, what only a live account knows, and the verdict last. */
import { testEventsSaid } from "../failureEvents/messages";
import { count } from "../output/counts";
import { printable } from "../output/printable";
import { renderSections, renderVerdict } from "../rehearsal/report/text";
import { colors, columns, heading, section, sentences, wrap } from "../output/textLayout";
import type { Unanswered } from "../aws/questions";
import type { Diagnosis, Live } from "./diagnose";
import type { ExplainedQueue } from "./explainEvents";
import type { ExplainedSample } from "./explainSample";

export function renderDiagnosis(diagnosis: Diagnosis): string {
  const { live } = diagnosis;
  return [
    ...renderSections(diagnosis),
    ...renderKeys(live),
    ...renderSample(live),
    ...live.queues.flatMap(renderQueue),
    ...section(
      "Failure events that nobody can look into",
      sentences(live.eventsElsewhere.map((arn) => `they go to ${arn}`)),
    ),
    ...section("Read otherwise than it is written", sentences(live.notes)),
    ...renderUnanswered(live.unanswered),
    ...section("What is wrong beside", sentences(live.problems)),
    ...renderVerdict(diagnosis),
    ...(live.provenIf === undefined ? [] : wrap(`Proven if ${live.provenIf}.`, 0)),
    "",
  ].join("\n");
}

function renderKeys({ keys }: Live): string[] {
  return section(
    "Keys, as they are now",
    sentences(
      keys.map(({ arn, state, manager, multiRegion }) => {
        const words = [state ?? "state not read", ...(manager === "AWS" ? ["managed by AWS"] : [])];
        return `${arn}: ${[...words, ...(multiRegion ? ["multi-Region"] : [])].join(", ")}`;
      }),
    ),
  );
}

function renderSample({ bucket, sample }: Live): string[] {
  if (sample.lookedAt === 0) {
    const why =
      sample.listed === 0 && sample.isWhole ? "the rules' prefixes hold none" : "none was looked at";
    return section("Objects in the bucket, by their replication status", sentences([why]));
  }
  const of = sample.isWhole ? `all ${sample.listed}` : `the first ${sample.listed} by key; there are more`;
  const counts = Object.entries(sample.counts).filter(([, number]) => number > 0);
  return [
    heading("Objects in the bucket, by their replication status"),
    ...wrap(`${sample.lookedAt} looked at: the newest of ${of}`, 2),
    columns(
      counts.map(([status, number]) => [String(number), STATUSES[status] ?? status]),
      [8, 70],
    ),
    ...sample.objects.flatMap(({ key, status, lastModified, onPaper, reason }) =>
      wrap(
        printable(`${key} (${lastModified}): ${NAMES[status] ?? status}; ${onPaperOf(onPaper, reason)}`),
        2,
      ),
    ),
    ...(sample.more > 0 ? [`  and ${sample.more} more`] : []),
    ...backfillHint(bucket, sample),
    "",
  ];
}

const NAMES: Readonly<Record<string, string>> = { NONE: "no status" };

const STATUSES: Readonly<Record<string, string>> = {
  FAILED: colors.red("FAILED"),
  NONE: "without a status: older than their rule, or not taken by one",
  UNREAD: "could not be looked at",
  REPLICA: "REPLICA: replicas themselves",
};

function onPaperOf(outcome: string, reason: string): string {
  return outcome === "COMPLETED" ? "put now, it would be replicated" : `put now, ${outcome}: ${reason}`;
}

/** S3 never tries again by itself. */
function backfillHint(bucket: string, { objects }: ExplainedSample): string[] {
  if (!objects.some(({ onPaper }) => onPaper === "COMPLETED")) return [];
  return wrap(
    `S3 does not come back to these by itself: 's3-replication backfill ${bucket}' copies objects from before their rule, and those that failed before they were mended`,
    2,
  );
}

function renderQueue({ arn, waiting, notLookedAt, events, testEvents, reasons }: ExplainedQueue): string[] {
  const inQueue = waiting === undefined ? "" : `about ${count(waiting, "message")} waiting; `;
  const looked =
    notLookedAt === undefined
      ? `${count(events.length, "failure event")} looked at`
      : `not looked at: ${notLookedAt}`;
  return [
    heading("Events of failed replication"),
    ...wrap(printable(`${arn}: ${inQueue}${looked}`), 2),
    ...(testEvents === 0 ? [] : wrap(testEventsSaid(testEvents, events.length === 0), 2)),
    ...reasons.flatMap(({ failureReason, count: times, key, last, onPaper }) => [
      ...wrap(printable(`${failureReason}, ${count(times, "time")}, last ${last} (${key})`), 2),
      ...(onPaper.length > 0
        ? onPaper
        : ["nothing that was read explains it: it may be mended already"]
      ).flatMap((sentence) => wrap(printable(sentence), 4)),
    ]),
    "",
  ];
}

/** By who asked and what about: a policy that lets the caller read is written from it. */
function renderUnanswered(unanswered: readonly Unanswered[]): string[] {
  if (unanswered.length === 0) return [];
  const groups = new Map<string, string[]>();
  for (const { caller, action, resource, refused, reason } of unanswered) {
    const title = refused ? `${caller} needs, on ${resource}:` : `AWS did not answer about ${resource}:`;
    groups.set(title, [...(groups.get(title) ?? []), refused ? action : `${action}: ${reason}`]);
  }
  return [
    heading("Not answered, so what depends on it is not proven"),
    ...[...groups].flatMap(([title, actions]) => [
      ...wrap(printable(title), 2),
      ...wrap(printable(actions.join(", ")), 4),
    ]),
    "",
  ];
}
