/** The versions of one bucket, as a query reads them. */
import type { Version } from "../meaning/row";
import { literal, type TimeForm } from "./dialects";

/** Where the versions of one bucket stand, and the SQL of each field that the listing has. */
export interface Listing {
  /** What stands behind FROM. */
  readonly from: string;
  readonly key: string;
  /** Where it is empty or NULL, the version was written without versioning. */
  readonly versionId: string;
  /** An empty text stands for no value, as NULL does. */
  readonly fields: Readonly<Partial<Record<keyof Version, string>>>;
  /** How the field `lastModified` is written. */
  readonly time: TimeForm;
}

/** The version ids of a listing as they are joined: `null` stands for a version that was written without versioning. */
function versionIdSql({ versionId }: Listing): string {
  return `CASE WHEN ${versionId} <> '' THEN ${versionId} ELSE 'null' END`;
}

/**
 * The versions of a listing, with key and version id as `k` and `v`.
 * @param prefix Only keys that begin with it; empty for all.
 * @param columns What else is selected of each.
 */
export function versionsSql(listing: Listing, prefix: string, columns: readonly string[] = []): string {
  const { from, key } = listing;
  const selected = [`${key} AS k`, `${versionIdSql(listing)} AS v`, ...columns];
  const where = prefix === "" ? "" : ` WHERE starts_with(${key}, ${literal(prefix)})`;
  return `SELECT ${selected.join(", ")} FROM ${from}${where}`;
}
