/** Tables over one delivery of an inventory, made for a run and dropped after it. */
import { randomBytes } from "node:crypto";
import { InvalidInputError, show } from "../../input/problems";
import type { Inventory } from "../inventory/locate";
import type { InventoryFormat } from "../inventory/manifest";
import { TRINO, type TimeForm } from "../sql/dialects";
import { columnName, listingOf, READ_COLUMNS } from "../sql/inventoryColumns";
import type { Listing } from "../sql/listing";

/** A table of a run, with what makes it and what drops it. */
export interface RunTable {
  readonly create: string;
  readonly drop: string;
  readonly listing: Listing;
}

/** Types of columns that are no texts, as Hive calls them. */
const TYPES: Readonly<Record<string, string>> = {
  is_latest: "boolean",
  is_delete_marker: "boolean",
  is_multipart_uploaded: "boolean",
  size: "bigint",
  last_modified_date: "timestamp",
  object_lock_retain_until_date: "timestamp",
};

const SERDES: Readonly<Record<InventoryFormat, string>> = {
  Parquet: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  ORC: "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
  CSV: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
};

/** A name that no table of anybody has. */
export function runName(): string {
  return `s3_replication_${randomBytes(8).toString("hex")}`;
}

/**
 * A delivery has a symlink.txt that lists its files, so that a table over it holds no file of another day.
 * @throws InvalidInputError for an inventory that is in no bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html
 */
export function tableOfRun(name: string, database: string, { manifest, place }: Inventory): RunTable {
  const isText = manifest.format === "CSV";
  const columns = manifest.columns.map((column) => {
    const own = columnName(column);
    if (!/^\w+$/.test(own))
      throw new InvalidInputError(manifest.place, [`'fileSchema' must name columns, got ${show(own)}`]);
    return [own, isText ? "string" : (TYPES[own] ?? "string")] as const;
  });
  const written = columns.map(([column, type]) => `\`${column}\` ${type}`).join(", ");
  const table = `\`${database}\`.\`${name}\``;
  return {
    create: `CREATE EXTERNAL TABLE ${table} (${written}) ROW FORMAT SERDE '${SERDES[manifest.format]}' STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' LOCATION '${symlinkLocation(manifest.place, place)}'`,
    drop: `DROP TABLE IF EXISTS ${table}`,
    listing: listingOf(
      `${TRINO.name(database)}.${TRINO.name(name)}`,
      columns.map(([column]) => column).filter((column) => READ_COLUMNS.includes(column)),
      { isText, time: isText ? "text" : "timestamp" },
      TRINO,
    ),
  };
}

/** `.../2026-11-20T01-00Z/manifest.json` has its symlink.txt under `.../hive/dt=2026-11-20-01-00/`. */
function symlinkLocation(shown: string, place: Inventory["place"]): string {
  const key = "key" in place ? place.key : "";
  const [, start, day, hour, minute] =
    /^(.*\/)?(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)Z\/manifest\.json$/s.exec(key) ?? [];
  if (!("bucketName" in place) || day === undefined) {
    throw new InvalidInputError(shown, [
      "must be the manifest.json of a delivery of S3 Inventory, s3://<bucket>/.../<yyyy-mm-ddThh-mmZ>/manifest.json, for --engine athena",
    ]);
  }
  if (/['\\\p{Cc}]/u.test(start ?? "")) {
    throw new InvalidInputError(shown, [
      "must be below a prefix without quotes, backslashes and control characters",
    ]);
  }
  return `s3://${place.bucketName}/${start ?? ""}hive/dt=${day}-${hour}-${minute}/`;
}

/** A table that is there already, in the words of Athena: `database.table` or `catalog.database.table`. */
export interface GivenTable {
  readonly parts: readonly string[];
}

/** Whether S3 Metadata keeps the table: it holds each version once. */
export function isLiveInventory({ parts: [catalog = ""] }: GivenTable): boolean {
  return catalog.startsWith("s3tablescatalog/");
}

/** @param option Name of the option, for messages. @throws InvalidInputError */
export function readGivenTable(option: string, text: string): GivenTable {
  // Catalogs of S3 Tables hold a slash: s3tablescatalog/aws-s3.
  const parts = text.split(".");
  if ((parts.length === 2 || parts.length === 3) && parts.every((part) => /^[\w/-]+$/.test(part)))
    return { parts };
  throw new InvalidInputError(option, [
    `must be a table as <database>.<table> or <catalog>.<database>.<table>, for example s3tablescatalog/aws-s3.b_documents.inventory, got ${show(text)}`,
  ]);
}

export function nameOfGiven({ parts }: GivenTable): string {
  return parts.map((part) => TRINO.name(part)).join(".");
}

/** @param types Types of its columns, by name. @throws InvalidInputError where it is no list of versions. */
export function listingOfGiven(table: GivenTable, types: ReadonlyMap<string, string>): Listing {
  const missing = ["key", "version_id", "is_delete_marker"].filter((column) => !types.has(column));
  if (missing.length > 0) {
    throw new InvalidInputError(table.parts.join("."), [
      `must have the columns of an inventory, and ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
    ]);
  }
  const columns = READ_COLUMNS.filter((column) => types.has(column));
  return listingOf(
    nameOfGiven(table),
    columns,
    { isText: false, time: timeForm(types.get("last_modified_date")) },
    TRINO,
  );
}

function timeForm(type: string | undefined): TimeForm {
  if (type?.startsWith("timestamp") === true) return "timestamp";
  return type === "bigint" ? "milliseconds" : "text";
}
