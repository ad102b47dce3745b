/** The rehearsal: a snapshot in, a report out. */
import type { Snapshot } from "../snapshot/snapshot";
import { unreadSentences } from "../snapshot/unread";
import { assumptionSentence, type EvidenceLevel } from "../replication/evidence";
import { advise } from "./advice/advise";
import { withFreeSids } from "./advice/sids";
import { assumptionsOf } from "./report/assumptions";
import { documentRefusals, withoutPublicPolicies } from "./documentRefusals";
import { PolicyBook } from "./policyBook";
import type { ObjectReport, Refusal, Report } from "./report/report";
import { grantsBeyondNeed } from "./leastPrivilege/unusedGrants";
import { type RuleFinding, ruleFindings } from "./ruleFindings";
import { isOff, walk } from "./walk";
import { harmsOf } from "./report/harms";
import { warningsOf } from "./report/warnings";

export interface RehearsalOptions {
  /**
   * Findings about rules that are meant so: their ids, or kinds for all findings of a kind.
   * Default: none.
   */
  readonly accept?: readonly string[];
  /**
   * Whether the documents were read from AWS, which stores none that it refuses.
   * Default: false.
   */
  readonly stored?: boolean;
  /**
   * Why a setting is not known and how to make it known, by ARN and setting.
   * Default: nobody knows.
   */
  readonly explain?: (arn: string, setting: string) => string | undefined;
  /**
   * What decides where AWS's pages contradict each other or are silent: reports from the field, or nothing.
   * Default: 'observed'.
   */
  readonly evidence?: EvidenceLevel;
  /**
   * What was made up where the accounts were read: a sentence each.
   * Default: nothing.
   */
  readonly assumed?: readonly string[];
}

/**
 * Replicates the objects of a snapshot on paper.
 * @throws PolicySyntaxError when a policy document of the snapshot is malformed.
 */
export function rehearse(
  given: Snapshot,
  { accept = [], stored = false, evidence = "observed", explain, assumed = [] }: RehearsalOptions = {},
): Report {
  const { snapshot, warnings } = stored ? { snapshot: given, warnings: [] } : withoutPublicPolicies(given);
  const book = new PolicyBook(snapshot);
  const findings = ruleFindings(snapshot, accept);
  const ofDocuments = (of: Snapshot) => (stored ? [] : documentRefusals(of));
  const walked = walk(snapshot, evidence, book);
  const { objects, refusals: ofRules, recommended, jobs, observations } = walked;
  const refusals = [...ofRules, ...ofDocuments(snapshot)];
  const ofJobs = jobs.map(({ report }) => report);
  const rows = [...objects, ...ofJobs];
  // The rules need grants for more than the objects that happen to be listed.
  const allObjects =
    snapshot.objects === undefined
      ? objects
      : [...objects, ...walk({ ...snapshot, objects: undefined }, evidence, book).objects];
  const unread = unreadSentences(snapshot, explain);
  return {
    verdict: verdictOf(snapshot, rows, refusals, findings, unread),
    objects: rows,
    refusals,
    findings,
    advice: withFreeSids(snapshot, [
      ...advise(snapshot, book, objects, { refusals, findings, recommended }, ofJobs, (mended) => {
        const again = walk(mended, evidence, undefined, walked.kinds);
        return {
          ...again,
          refusals: [...again.refusals, ...ofDocuments(mended)],
          findings: ruleFindings(mended, accept),
        };
      }),
      ...jobs.flatMap(({ advice }) => advice),
    ]),
    ...grantsBeyondNeed(snapshot, book, allObjects, ofJobs, recommended),
    warnings: [
      ...(snapshot.contradictions ?? []),
      ...warnings,
      ...warningsOf(snapshot, book, findings, accept),
      ...harmsOf(snapshot),
    ],
    unread,
    evidence,
    observations,
    assumptions: [...assumptionsOf(snapshot), ...walked.assumptions.map(assumptionSentence), ...assumed],
  };
}

function verdictOf(
  { buckets }: Snapshot,
  objects: readonly ObjectReport[],
  refusals: readonly Refusal[],
  findings: readonly RuleFinding[],
  unread: readonly string[],
): Report["verdict"] {
  const isBroken = ({ outcome, missing }: ObjectReport) =>
    outcome === "FAILED" || (outcome === "COMPLETED" && missing.length > 0);
  const isOpenFinding = ({ acceptedBy }: RuleFinding) => acceptedBy === undefined;
  if (refusals.length > 0 || findings.some(isOpenFinding) || objects.some(isBroken)) return "broken";
  const isIdle = Object.values(buckets).some(({ replication }) => replication !== null && isOff(replication));
  // Where nothing is replicated, nothing is proven; and what was not read may break what looks proven.
  const isOpen =
    isIdle ||
    objects.length === 0 ||
    unread.length > 0 ||
    objects.some(({ outcome }) => outcome === "UNPROVEN");
  return isOpen ? "unproven" : "proven";
}
