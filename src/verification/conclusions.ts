/** How the run of a rule can end, in words. */
import type { Check, RuleOutcome } from "./report";

export interface Conclusion {
  readonly outcome: RuleOutcome;
  readonly reason: string;
}

export const refused = (reason: string): Conclusion => ({ outcome: "refused", reason });

export const ANOTHER_RUN: Conclusion = {
  outcome: "skipped",
  reason: "another run is verifying this rule: its canary is there, and younger than a run takes",
};

export const FAILED: Conclusion = {
  outcome: "failed",
  reason: "S3 says that the replication of the canary FAILED",
};

export const STOPPED_BEFORE_MARKER: Conclusion = {
  outcome: "unfinished",
  reason: "it was stopped before its delete marker was tested",
};

const NOTHING_SEEN: Conclusion = {
  outcome: "unfinished",
  reason: "S3 says COMPLETED; nothing of the replica could be looked at",
};

/** What the checks show of a replica that S3 calls COMPLETED. */
export function concluded(checks: readonly Check[]): Conclusion {
  const wrong = checks.filter(({ result }) => result === "wrong");
  if (wrong.length === 0) {
    if (!checks.some(({ result }) => result === "right")) return NOTHING_SEEN;
    return { outcome: "verified", reason: "the canary was replicated as the rule asks" };
  }
  const names = wrong.map(({ name }) => name).join(", ");
  return { outcome: "wrong", reason: `S3 says COMPLETED, but the replica is wrong: ${names}` };
}
