/** A decision's branches: conditions in order, and what is said of a row where one holds. */
import type { Cause } from "./causes";
import type { Condition } from "./conditions";

/** What a decision says of a row. */
export interface Outcome {
  readonly cause: Cause;
  /** Name of the rule that takes the version; left out where none does. */
  readonly rule?: string;
}

/** The first branch whose condition is true decides; unknown is not true. Every list of branches decides every row. */
export interface Branch {
  readonly when: Condition;
  readonly then: Outcome | readonly Branch[];
}

export function isOutcome(then: Branch["then"]): then is Outcome {
  return "cause" in then;
}

/** Text that tells outcomes apart. */
export function outcomeName({ cause, rule }: Outcome): string {
  return rule === undefined ? cause : `${cause} ${rule}`;
}
