/** The versions of one bucket, as a query reads them. */
import type { Version } from "../meaning/row";
import type { TimeForm } from "./dialects";

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
export function versionIdSql({ versionId }: Listing): string {
  return `CASE WHEN ${versionId} <> '' THEN ${versionId} ELSE 'null' END`;
}
