/** What a verification says. `--json` prints exactly this. */
import type { EncryptionState } from "../snapshot/snapshot";
import type { Diagnosis } from "../doctor/diagnose";

export interface VerificationReport {
  /** `verified`: every rule; `failed`: a rule failed or made a wrong replica; `unfinished`: nothing failed, but not every rule could be verified. */
  readonly verdict: Verdict;
  /** Name of the source bucket. */
  readonly bucket: string;
  /** Id of the account that put the canaries. */
  readonly account: string;
  readonly region: string;
  /** Enabled rules, in their order. */
  readonly rules: readonly RuleVerification[];
  /** About the buckets: sentences. */
  readonly notes: readonly string[];
  /** What `doctor --json` prints, where a rule failed. */
  readonly diagnosis?: Diagnosis;
}

export type Verdict = "verified" | "failed" | "unfinished";

/**
 * - `verified`: the replica arrived, and of what could be looked at nothing is wrong.
 * - `failed`: S3 says FAILED, or does not replicate the canary at all.
 * - `wrong`: S3 says COMPLETED, and the replica is not as the rule asks.
 * - `unfinished`: the deadline passed, the run was stopped, or nothing of the replica could be looked at.
 * - `skipped`: another run is verifying the rule.
 * - `refused`: nothing was put, because it could not be removed again, or put at all.
 * - `shadowed`: rules of a higher priority take everything, so there is nothing to verify.
 */
export type RuleOutcome = "verified" | "failed" | "wrong" | "unfinished" | "skipped" | "refused" | "shadowed";

export interface RuleVerification {
  readonly rule: string;
  /** ARN of the destination bucket. */
  readonly destination: string;
  readonly outcome: RuleOutcome;
  /** A sentence. */
  readonly reason: string;
  readonly canary?: CanaryReport;
  readonly checks: readonly Check[];
  /** Sentences. */
  readonly notes: readonly string[];
  /** What could not be removed, of this run and of earlier ones. */
  readonly left: readonly Left[];
  /** How many versions and delete markers of earlier runs were removed. */
  readonly removedLeftovers: number;
}

export interface CanaryReport {
  readonly key: string;
  readonly versionId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly encryption?: EncryptionState;
  /** S3's own word for how far it is; left out: S3 gave none. */
  readonly status?: string;
  /** From the put until S3 said COMPLETED or FAILED, in seconds. */
  readonly seconds?: number;
  /** From the delete marker until it was seen at the destination, in seconds. */
  readonly deleteMarkerSeconds?: number;
}

export type CheckName =
  "version id" | "bytes" | "encryption" | "owner" | "storage class" | "tags" | "delete marker";

export interface Check {
  readonly name: CheckName;
  readonly result: "right" | "wrong" | "unread";
  /** What was found, what was expected, or why it could not be read. */
  readonly reason?: string;
}

export interface Left {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly reason: string;
}

/** The process's exit code for a verdict. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = { verified: 0, failed: 1, unfinished: 3 };

export function verdictOf(rules: readonly RuleVerification[]): Verdict {
  const has = (...outcomes: RuleOutcome[]) => rules.some(({ outcome }) => outcomes.includes(outcome));
  if (has("failed", "wrong")) return "failed";
  // Where nothing was verified, nothing is known.
  return has("unfinished", "skipped", "refused") || !has("verified") ? "unfinished" : "verified";
}
