/** Numbers of things as people read them. */

/**
 * A number, rounded. `toLocaleString` says the same, but its first call loads the locales, and every start would wait.
 * @example numeral(1000); // "1,000"
 */
export function numeral(n: number): string {
  return String(Math.round(n)).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ",");
}

/** @example count(1000, "rule"); // "1,000 rules" */
export function count(n: number, what: string): string {
  return `${numeral(n)} ${what}${n === 1 ? "" : "s"}`;
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
