/**
 * What bounds the rows that miss their goal, by a row's id. Every entry was measured; a row that meets its goal again
 * does not show it.
 */
export const BOUNDED_BY: Readonly<Record<string, string>> = {
  "policyPack/noOp":
    "the SDK reads the whole stack anew for every rule that judges stacks, and these are 12 (the row below has the same without their work)",
};

/** Why a row misses its goal, for those of which nothing else is known. */
export const NOT_KNOWN = "not known yet";
