/** Whether a pipeline goes on: what fails it, and what was there before. */
import { EXIT_CODES } from "../report/report";
import type { Level, Problem } from "./problems";

/** The mildest thing that fails a gate; worse things do too. */
export type FailOn = "broken" | "unproven" | "unwatched" | "unused";

/** Of a set-up. */
export const FAIL_ON: readonly FailOn[] = ["broken", "unproven", "unused"];

/** Of many set-ups at once. */
export const FLEET_FAIL_ON: readonly FailOn[] = ["broken", "unproven", "unwatched"];

/** Exit code of more than is needed being granted, with `--fail-on unused`, or unwatched, with `--fail-on unwatched`. */
export const MILD_EXIT_CODE = 4;

export interface GateResult {
  readonly exitCode: number;
  /** Problems that were there before. */
  readonly known: readonly Problem[];
  readonly fresh: readonly Problem[];
}

/**
 * @param verdict What the whole is: without a baseline it decides as well, as nothing that was looked at is no problem.
 * @param baseline Problems of an earlier run; left out: there is none.
 */
export function decide(
  verdict: keyof typeof EXIT_CODES,
  problems: readonly Problem[],
  failOn: FailOn,
  baseline?: readonly Problem[],
): GateResult {
  const before = new Map(baseline?.map(({ fingerprint, level }) => [fingerprint, level]));
  // What was unproven before, and is broken now, is new.
  const isKnown = ({ fingerprint, level }: Problem) =>
    before.has(fingerprint) && (level !== "broken" || before.get(fingerprint) === "broken");
  const known = problems.filter(isKnown);
  const fresh = problems.filter((problem) => !isKnown(problem));
  const has = (level: Level) => fresh.some((problem) => problem.level === level);
  const isBroken = baseline === undefined ? verdict === "broken" : has("broken");
  const isUnproven = baseline === undefined ? verdict === "unproven" : has("unproven");
  const exitCode = isBroken
    ? EXIT_CODES.broken
    : isUnproven && failOn !== "broken"
      ? EXIT_CODES.unproven
      : (failOn === "unused" || failOn === "unwatched") && has(failOn)
        ? MILD_EXIT_CODE
        : 0;
  return { exitCode, known, fresh };
}
