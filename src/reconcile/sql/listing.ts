/** The versions of one bucket, as a query reads them. */
import type { Version } from "../meaning/row";

/** Where the versions of one bucket stand, and the SQL of each field that the listing has. */
export interface Listing {
  /** What stands behind FROM. */
  readonly from: string;
  readonly key: string;
  readonly versionId: string;
  readonly fields: Readonly<Partial<Record<keyof Version, string>>>;
}
