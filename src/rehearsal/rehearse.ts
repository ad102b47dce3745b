/** A snapshot in, a report out. */
import type { Snapshot } from "../snapshot/snapshot";
import { unreadSentences } from "../snapshot/unread";
import { advise } from "./advice/advise";
import { assumptionsOf } from "./report/assumptions";
import { PolicyBook } from "./policyBook";
import type { ObjectReport, Refusal, Report } from "./report/report";
import { unusedGrants } from "./leastPrivilege/unusedGrants";
import { walk } from "./walk";
import { warningsOf } from "./report/warnings";

/**
 * Replicates the objects of a snapshot on paper.
 * @throws PolicySyntaxError when a policy document of the snapshot is malformed.
 */
export function rehearse(snapshot: Snapshot): Report {
  const book = new PolicyBook(snapshot);
  const { objects, refusals, recommended, jobs } = walk(snapshot, book);
  const ofJobs = jobs.map(({ report }) => report);
  const rows = [...objects, ...ofJobs];
  const unread = unreadSentences(snapshot);
  return {
    verdict: verdictOf(rows, refusals, unread),
    objects: rows,
    refusals,
    advice: [
      ...advise(snapshot, objects, refusals, recommended, ofJobs, (mended) => walk(mended)),
      ...jobs.flatMap(({ advice }) => advice),
    ],
    unusedGrants: unusedGrants(snapshot, book, objects, recommended),
    warnings: warningsOf(snapshot),
    unread,
    assumptions: assumptionsOf(snapshot),
  };
}

function verdictOf(
  objects: readonly ObjectReport[],
  refusals: readonly Refusal[],
  unread: readonly string[],
): Report["verdict"] {
  const isBroken = ({ outcome, missing }: ObjectReport) =>
    outcome === "FAILED" || (outcome === "COMPLETED" && missing.length > 0);
  if (refusals.length > 0 || objects.some(isBroken)) return "broken";
  // Where nothing was looked at, nothing is proven; and what was not read may break what looks proven.
  const isOpen =
    objects.length === 0 || unread.length > 0 || objects.some(({ outcome }) => outcome === "UNPROVEN");
  return isOpen ? "unproven" : "proven";
}
