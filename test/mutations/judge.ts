/** Whether a report tells of a mutation: another outcome than before, and its very cause named first. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import { matchesPattern } from "../../src/iam";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Missing, ObjectReport, Report } from "../../src/rehearsal/report/report";
import { applyAdvice } from "../proof/applyAdvice";
import { whyHarmless } from "./harmless";
import type { Cause, Mutation } from "./mutation";
import { type Reported, widenings } from "./widening";

export interface Judgement {
  readonly mutation: Mutation;
  readonly fate: "killed" | "harmless" | "unexplained";
  /** Why it is harmless, or what is wrong. */
  readonly reason?: string;
  /** Whether all advice makes it proven again; undefined where there is nothing to mend, or something is unread. */
  readonly mended?: boolean;
  /** What the advice gives beyond need, a line each. */
  readonly widened?: readonly string[];
}

/** @param before Report of the original, which is proven. */
export function judge(mutation: Mutation, original: Snapshot, before: Report): Judgement {
  const snapshot = mutation.mutate(original);
  const after = rehearse(snapshot);
  const problem = first(after, before);
  if (problem === undefined && after.refusals.length === 0 && after.findings.length === 0) {
    const reason = whyHarmless(mutation, before, after);
    return reason === undefined
      ? { mutation, fate: "unexplained", reason: `the report (${after.verdict}) complains of nothing` }
      : { mutation, fate: "harmless", reason };
  }
  if (!isNamed(mutation.cause, after, problem)) {
    return {
      mutation,
      fate: "unexplained",
      reason: `another cause is named first: ${describe(after, problem)}`,
    };
  }
  const mended = mendedBy(snapshot, after);
  if (mended === undefined) return { mutation, fate: "killed" };
  return {
    mutation,
    fate: "killed",
    mended: mended.report.verdict === "proven",
    widened: widenings({ snapshot, report: after }, mended),
  };
}

/** The first object that fails; else that loses something, is open, or has another fate than before. */
function first({ objects }: Report, before: Report): ObjectReport | undefined {
  const had = new Map(before.objects.map((object) => [nameOf(object), object.outcome]));
  return (
    objects.find(({ outcome }) => outcome === "FAILED") ??
    objects.find(({ outcome, missing }) => outcome === "COMPLETED" && missing.length > 0) ??
    objects.find(({ outcome }) => outcome === "UNPROVEN") ??
    objects.find((object) => (had.get(nameOf(object)) ?? object.outcome) !== object.outcome)
  );
}

const nameOf = ({ bucket, key, rule, destination }: ObjectReport) =>
  JSON.stringify([bucket, key, rule, destination]);

function isNamed(cause: Cause, { refusals, findings }: Report, problem: ObjectReport | undefined): boolean {
  const { says } = cause;
  if (says !== undefined) {
    return says.test(refusals[0]?.message ?? problem?.reason ?? findings[0]?.reason ?? "");
  }
  // A statement that AWS would not store is told of by its document.
  const ofDocuments = refusals.flatMap(({ where }) => where ?? []);
  if (ofDocuments.length > 0) return ofDocuments.some((where) => [cause.where].flat().includes(where));
  const [missing] = problem?.missing ?? [];
  return missing !== undefined && refusals.length === 0 && fits(cause, missing);
}

function fits(cause: Cause, missing: Missing): boolean {
  const { where, actions, resource, keys, deny } = cause;
  const matches = (pattern: string, text: string) =>
    matchesPattern(pattern.toLowerCase(), text.toLowerCase());
  return (
    (where === undefined || [where].flat().includes(missing.where)) &&
    (actions === undefined || actions.some((pattern) => matches(pattern, missing.action ?? ""))) &&
    (resource === undefined || matches(resource, missing.resource)) &&
    (keys === undefined || keys.some((key) => missing.keys.includes(key))) &&
    (deny === undefined ||
      missing.statements.some(({ effect, index }) => effect === "Deny" && index === deny))
  );
}

function describe({ verdict, refusals }: Report, problem: ObjectReport | undefined): string {
  const [missing] = problem?.missing ?? [];
  const named =
    refusals[0]?.message ??
    (missing === undefined
      ? problem?.reason
      : `${missing.action ?? missing.keys.join()} ${missing.resource} (${missing.where}, ${missing.why}, ${missing.keys.join()})`);
  return `${verdict}, ${named ?? "nothing"}`;
}

/** What the advice makes of the set-up; undefined where there is nothing that it could mend. */
function mendedBy(snapshot: Snapshot, { verdict, objects, advice }: Report): Reported | undefined {
  const isUnread = objects.some(({ missing }) => missing.some(({ why }) => why === "unread"));
  // Something new has to be made, which no value in a snapshot stands for.
  const needsMore = advice.some(({ statement, change }) => statement === undefined && change === undefined);
  // A rule that is off is nobody's mistake, so nothing is advised.
  const isNothingMissing = objects.every(({ missing }) => missing.length === 0) && advice.length === 0;
  if (verdict === "proven" || isUnread || needsMore || isNothingMissing) return undefined;
  const mended = applyAdvice(snapshot, advice);
  return { snapshot: mended, report: rehearse(mended) };
}
