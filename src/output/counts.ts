/** Numbers of things as people read them. */

/** @example count(1000, "rule"); // "1,000 rules" */
export function count(n: number, what: string): string {
  return `${n.toLocaleString("en-US")} ${what}${n === 1 ? "" : "s"}`;
}

/** Versions of a bucket with its delete markers. @example countWithMarkers(1); // "1 version or delete marker" */
export function countWithMarkers(n: number): string {
  return n === 1 ? "1 version or delete marker" : `${count(n, "version")} and delete markers`;
}
