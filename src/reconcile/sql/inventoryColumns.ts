/** The columns of S3 Inventory, and of S3 Metadata's live inventory tables, as fields of a version. */
import type { Version } from "../meaning/row";
import type { Dialect, TimeForm } from "./dialects";
import type { Listing } from "./listing";

/** How a listing writes its values. */
export interface ColumnForm {
  /** Whether keys are URL-encoded, and every value is a text: CSV. */
  readonly isText: boolean;
  readonly time: TimeForm;
}

/**
 * Names as Parquet files, Athena tables and live inventory tables have them. CSV has the same in another spelling.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html#storage-inventory-contents
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html
 */
const FIELDS: Readonly<Record<string, keyof Version>> = {
  is_delete_marker: "isDeleteMarker",
  is_latest: "isLatest",
  size: "size",
  last_modified_date: "lastModified",
  storage_class: "storageClass",
  intelligent_tiering_access_tier: "archiveStatus",
  encryption_status: "encryption",
  replication_status: "replicationStatus",
  object_owner: "owner",
  object_tags: "tags",
};

/** Without these nothing can be told apart. */
export const NEEDED_COLUMNS = ["key", "version_id", "is_delete_marker"] as const;

/** Every column that is read where it is there. */
export const READ_COLUMNS = ["key", "version_id", ...Object.keys(FIELDS)];

/** @example columnName("IsDeleteMarker"); // "is_delete_marker" */
export function columnName(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}

/** @param columns Names as the files have them, in their order. */
export function listingOf(
  from: string,
  columns: readonly string[],
  form: ColumnForm,
  dialect: Dialect,
): Listing {
  const fields: Partial<Record<keyof Version, string>> = {};
  const sqlOf = new Map(columns.map((column) => [columnName(column), dialect.name(column)]));
  for (const [column, field] of Object.entries(FIELDS)) {
    const sql = sqlOf.get(column);
    if (sql !== undefined) fields[field] = valueSql(field, sql, form, dialect);
  }
  const key = sqlOf.get("key") ?? "";
  return {
    from,
    key: form.isText ? dialect.urlDecoded(key) : key,
    versionId: sqlOf.get("version_id") ?? "",
    fields,
    time: form.time === "text" ? "milliseconds" : form.time,
  };
}

function valueSql(field: keyof Version, column: string, form: ColumnForm, dialect: Dialect): string {
  switch (field) {
    case "isDeleteMarker":
    case "isLatest":
      return form.isText ? `(lower(${column}) = 'true')` : column;
    case "size":
      return form.isText ? dialect.integer(column) : column;
    case "lastModified":
      // A text is long for what it says.
      return form.time === "text" ? dialect.milliseconds(column, form.time) : column;
    case "archiveStatus":
      return `CASE ${column} WHEN 'ARCHIVE' THEN 'ARCHIVE_ACCESS' WHEN 'DEEP_ARCHIVE' THEN 'DEEP_ARCHIVE_ACCESS' END`;
    case "tags":
      return column;
    case "encryption":
    case "owner":
    case "replicationStatus":
    case "storageClass":
      return column;
  }
}
