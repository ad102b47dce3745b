/** Which outcomes somebody can do something about. */
import { CAUSES } from "./meaning/causes";
import type { Decision } from "./meaning/decision";

/** @returns Places among the decision's outcomes. */
export function missedOutcomes({ outcomes }: Decision): number[] {
  return outcomes.flatMap(({ cause }, place) =>
    ["none", "wait"].includes(CAUSES[cause].remedy) ? [] : [place],
  );
}
