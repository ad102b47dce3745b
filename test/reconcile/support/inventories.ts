/** Inventories as S3 delivers them: files that DuckDB writes, and the manifest.json that names them. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { literal } from "../../../src/reconcile/sql/dialects";
import type { DuckDBConnection } from "@duckdb/node-api";

export interface Written {
  readonly format: "Parquet" | "CSV";
  readonly bucketName: string;
  readonly listedAt: number;
  /** Columns that the inventory is without. */
  readonly missing?: readonly string[];
  /** Files that the versions are spread over. */
  readonly files?: number;
}

/** Columns as S3 names them in CSV and in Parquet, with the types of the latter. */
const COLUMNS = [
  ["Bucket", "bucket", "required binary bucket (UTF8)"],
  ["Key", "key", "required binary key (UTF8)"],
  ["VersionId", "version_id", "optional binary version_id (UTF8)"],
  ["IsLatest", "is_latest", "optional boolean is_latest"],
  ["IsDeleteMarker", "is_delete_marker", "optional boolean is_delete_marker"],
  ["Size", "size", "optional int64 size"],
  ["LastModifiedDate", "last_modified_date", "optional int64 last_modified_date (TIMESTAMP_MILLIS)"],
  ["StorageClass", "storage_class", "optional binary storage_class (UTF8)"],
  ["ReplicationStatus", "replication_status", "optional binary replication_status (UTF8)"],
  ["EncryptionStatus", "encryption_status", "optional binary encryption_status (UTF8)"],
  [
    "IntelligentTieringAccessTier",
    "intelligent_tiering_access_tier",
    "optional binary intelligent_tiering_access_tier (UTF8)",
  ],
  ["ObjectOwner", "object_owner", "optional binary object_owner (UTF8)"],
] as const;

/** Writes the table of one side as an inventory into a directory. @returns The directory. */
export async function writeInventory(
  connection: DuckDBConnection,
  side: "source" | "destination",
  directory: string,
  { format, bucketName, listedAt, missing = [], files = 2 }: Written,
): Promise<string> {
  mkdirSync(join(directory, "data"), { recursive: true });
  const columns = COLUMNS.filter(([, column]) => !missing.includes(column));
  const isCsv = format === "CSV";
  const values = columns.map(([, column]) => {
    if (column === "bucket") return `${literal(bucketName)} AS bucket`;
    if (!isCsv)
      return column === "last_modified_date"
        ? "CAST(last_modified_date AS TIMESTAMP_MS) AS last_modified_date"
        : column;
    if (column === "key") return "replace(url_encode(key), '%20', '+') AS key";
    if (column === "last_modified_date")
      return "strftime(last_modified_date, '%Y-%m-%dT%H:%M:%S.%gZ') AS last_modified_date";
    return `coalesce(CAST(${column} AS VARCHAR), '') AS ${column}`;
  });
  const written = [];
  for (let number = 0; number < files; number++) {
    const key = `data/${side}-${number}.${isCsv ? "csv.gz" : "parquet"}`;
    const path = join(directory, key);
    const rows = `SELECT ${values.join(", ")} FROM ${side} WHERE hash(key) % ${files} = ${number}`;
    const options = isCsv
      ? "FORMAT csv, HEADER false, FORCE_QUOTE *, COMPRESSION gzip"
      : "FORMAT parquet, COMPRESSION snappy";
    await connection.run(`COPY (${rows}) TO ${literal(path)} (${options})`);
    written.push({
      key: `inventories/${bucketName}/all/${key}`,
      size: statSync(path).size,
      MD5checksum: md5(path),
    });
  }
  const manifest = {
    sourceBucket: bucketName,
    destinationBucket: "arn:aws:s3:::inventories",
    version: "2016-11-30",
    creationTimestamp: String(listedAt),
    fileFormat: format,
    fileSchema: isCsv
      ? columns.map(([name]) => name).join(", ")
      : `message s3.inventory { ${columns.map(([, , type]) => `${type};`).join(" ")} }`,
    files: written,
  };
  writeFileSync(join(directory, "manifest.json"), JSON.stringify(manifest));
  return directory;
}

export function md5(path: string): string {
  return createHash("md5").update(readFileSync(path)).digest("hex");
}

/** Changes the manifest.json of a directory. */
export function changeManifest(directory: string, change: (manifest: Record<string, unknown>) => void): void {
  const path = join(directory, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}
