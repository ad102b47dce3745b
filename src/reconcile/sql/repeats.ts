/** Versions that a list holds more than once, which no list of S3's own does. */
import { InvalidInputError, show } from "../../input/problems";
import { printable } from "../../output/printable";
import { type Listing, versionsSql } from "./listing";

/** At most so many versions are looked for, and named. */
const NAMED = 3;

/** @returns Rows of key and version id, with what else a row of versions has. */
export function repeatsQuery(listing: Listing, prefix: string): string {
  return `SELECT 0 AS branch, 0 AS cause, k, v, 0 AS destination FROM (${versionsSql(listing, prefix)}) AS versions GROUP BY k, v HAVING count(*) > 1 LIMIT ${NAMED}`;
}

/** @param place Where the list stands. */
export function repeated(
  place: string,
  versions: readonly { readonly key: string; readonly versionId: string }[],
): InvalidInputError {
  const named = versions.map(({ key, versionId }) => `${show(key)} (version ${printable(versionId)})`).sort();
  return new InvalidInputError(printable(place), [
    `must list each version once, got ${named.join(", ")} more than once; a list is of one moment: not of several days, nor of several partitions of a table`,
  ]);
}
