/** Numbers of things as people read them. */

/** @example count(1000, "rule"); // "1,000 rules" */
export function count(n: number, what: string): string {
  return `${n.toLocaleString("en-US")} ${what}${n === 1 ? "" : "s"}`;
}

/** Longer lists of names are cut here. */
const MOST_NAMED = 5;

/** Names in a sentence, the first of them where there are many: `a, b, c, d, e and 2 more`. */
export function listed(names: readonly string[]): string {
  const left = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

/** Versions of a bucket with its delete markers. @example countWithMarkers(1); // "1 version or delete marker" */
export function countWithMarkers(n: number): string {
  return n === 1 ? "1 version or delete marker" : `${count(n, "version")} and delete markers`;
}
