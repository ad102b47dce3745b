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

export function verified(checks: readonly Check[]): Conclusion {
  const wrong = checks.filter(({ result }) => result === "wrong");
  if (wrong.length === 0)
    return { outcome: "verified", reason: "the canary was replicated as the rule asks" };
  const names = wrong.map(({ name }) => name).join(", ");
  return { outcome: "wrong", reason: `S3 says COMPLETED, but the replica is wrong: ${names}` };
}
