/** What an undecided request hangs on, in words. */
import { meantConditionKey } from "../replication/conditionKeys";

/** The keys of a decision, each with the one that is meant where it is misspelt. */
export function hangsOn(decidingKeys: readonly string[]): string {
  const named = decidingKeys.map((key) => {
    const meant = meantConditionKey(key);
    return meant === undefined
      ? key
      : `${key} (no condition key that is known; '${meant}' is nearly called so)`;
  });
  return `hangs on ${named.join(", ") || "what could not be read"}`;
}
