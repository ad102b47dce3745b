/** What the rehearsal says of the very objects that were looked at. */
import type { Snapshot } from "../snapshot/snapshot";
import { type RehearsalOptions, rehearse } from "../rehearsal/rehearse";
import type { ObjectOutcome, ObjectReport, Report } from "../rehearsal/report/report";
import { type Sample, type SampledObject, type SampledStatus, STATUSES } from "./sample";

export interface ExplainedSample {
  /** Objects that were asked for their status. */
  readonly lookedAt: number;
  /** Versions that were listed under the rules' prefixes; the newest of them were looked at. */
  readonly listed: number;
  /** Whether that is all there are. */
  readonly isWhole: boolean;
  readonly counts: Readonly<Record<SampledStatus, number>>;
  /** Objects that are not where their rule wants them, the newest first. */
  readonly objects: readonly ExplainedObject[];
  /** How many more there are of them. */
  readonly more: number;
}

export interface ExplainedObject {
  readonly key: string;
  readonly versionId: string;
  readonly status: SampledStatus;
  readonly lastModified: string;
  /** What would become of it now, on paper. */
  readonly onPaper: ObjectOutcome;
  /** As a sentence. */
  readonly reason: string;
}

/** How long an object may be on its way, in milliseconds. Most objects take minutes, large ones hours. */
const LONG_PENDING = 60 * 60 * 1000;

const MOST_OBJECTS = 20;

/** @returns The sample, and the report with the objects that fail for a reason of their own. */
export function explainSample(
  snapshot: Snapshot,
  report: Report,
  { objects, listed, isWhole }: Sample,
  rehearsal?: RehearsalOptions,
  now = Date.now(),
): { readonly sample: ExplainedSample; readonly report: Report } {
  const waiting = newestOfEach(objects.filter((object) => isWaiting(object, now)));
  const rehearsed = rehearse({ ...snapshot, objects: waiting.map(({ state }) => state) }, rehearsal);
  const explained = waiting.flatMap((object): ExplainedObject[] => {
    const { key, versionId, status, lastModified } = object;
    const rows = rehearsed.objects.filter((row) => row.key === key);
    const row = worst(rows);
    // An object that no rule takes has no status, as it should be.
    if (row === undefined || (status === "NONE" && row.outcome === "NOT_REPLICATED")) return [];
    return [{ key, versionId, status, lastModified, onPaper: row.outcome, reason: row.reason }];
  });
  const counts = Object.fromEntries(
    STATUSES.map((status) => [status, objects.filter((object) => object.status === status).length]),
  ) as Record<SampledStatus, number>;
  return {
    sample: {
      lookedAt: objects.length,
      listed,
      isWhole,
      counts,
      objects: explained.slice(0, MOST_OBJECTS),
      more: Math.max(0, explained.length - MOST_OBJECTS),
    },
    report: withObjects(report, rehearsed),
  };
}

function isWaiting({ status, lastModified }: SampledObject, now: number): boolean {
  if (status === "PENDING") return now - Date.parse(lastModified) > LONG_PENDING;
  return status === "FAILED" || status === "NONE";
}

/** The rehearsal knows an object by its key. */
function newestOfEach(objects: readonly SampledObject[]): SampledObject[] {
  const byKey = new Map<string, SampledObject>();
  for (const object of objects) {
    if (!byKey.has(object.state.key)) byKey.set(object.state.key, object);
  }
  return [...byKey.values()];
}

const SEVERITY: Readonly<Record<ObjectOutcome, number>> = {
  FAILED: 0,
  UNPROVEN: 1,
  COMPLETED: 2,
  NOT_REPLICATED: 3,
};

function worst(rows: readonly ObjectReport[]): ObjectReport | undefined {
  return [...rows].sort((left, right) => SEVERITY[left.outcome] - SEVERITY[right.outcome])[0];
}

/** Adds what the sample says: it can hold objects under keys that nobody named, which a rehearsal does not decide on. */
function withObjects(report: Report, ofSample: Report): Report {
  const ofSampleWith = (outcome: ObjectOutcome) =>
    ofSample.objects.filter((object) => object.outcome === outcome);
  const [failing, open] = [ofSampleWith("FAILED"), ofSampleWith("UNPROVEN")];
  if (report.verdict !== "broken" && failing.length > 0) {
    return {
      ...report,
      verdict: "broken",
      objects: [...report.objects, ...failing.slice(0, MOST_OBJECTS)],
      advice: ofSample.advice,
    };
  }
  if (report.verdict !== "proven" || open.length === 0) return report;
  return {
    ...report,
    verdict: "unproven",
    objects: [...report.objects, ...open.slice(0, MOST_OBJECTS)],
  };
}
