/** Collects what a run finds out about a rule. What is collected stays true when the run is cut short. */
import type { CanaryReport, Check, Left, RuleVerification } from "./report";

export class Findings {
  readonly notes: string[] = [];
  readonly left: Left[] = [];
  checks: Check[] = [];
  canary: CanaryReport | undefined;
  removedLeftovers = 0;

  /** More of the canary that was put. */
  addToCanary(more: Partial<CanaryReport>): void {
    if (this.canary !== undefined) this.canary = { ...this.canary, ...more };
  }

  reported(): Omit<RuleVerification, "rule" | "destination" | "outcome" | "reason"> {
    const { canary, checks, notes, left, removedLeftovers } = this;
    return { ...(canary === undefined ? {} : { canary }), checks, notes, left, removedLeftovers };
  }
}
