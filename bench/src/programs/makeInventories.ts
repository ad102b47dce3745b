/** Inventories of two buckets in Parquet, of any number of versions: `makeInventories.js <versions> <directory>`. */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** The destination lacks one of so many. */
const LACKS_EVERY = 1_000;
const VERSIONS_A_FILE = 2_500_000;
const LISTED_AT = Date.UTC(2026, 10, 20);

/** Every column that an inventory has, in the types of S3's Parquet files. */
const SCHEMA =
  "message s3.inventory { required binary bucket (UTF8); required binary key (UTF8); optional binary version_id (UTF8); optional boolean is_latest; optional boolean is_delete_marker; optional int64 size; optional int64 last_modified_date (TIMESTAMP(MILLIS,true)); optional binary e_tag (UTF8); optional binary storage_class (UTF8); optional boolean is_multipart_uploaded; optional binary replication_status (UTF8); optional binary encryption_status (UTF8); optional binary intelligent_tiering_access_tier (UTF8); optional binary object_owner (UTF8);}";

async function main(versions: number, directory: string): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (
    await DuckDBInstance.create(":memory:", { memory_limit: "2GB", preserve_insertion_order: "false" })
  ).connect();
  for (const [bucket, status] of [
    ["data", "COMPLETED"],
    ["copies", "REPLICA"],
  ] as const) {
    const into = join(directory, bucket);
    mkdirSync(join(into, "data"), { recursive: true });
    const files: { key: string; MD5checksum: string }[] = [];
    for (let from = 0; from < versions; from += VERSIONS_A_FILE) {
      // As S3 names them.
      const key = `data/00000000-0000-4000-8000-${String(files.length).padStart(12, "0")}.parquet`;
      const until = Math.min(versions, from + VERSIONS_A_FILE);
      const isThere = bucket === "data" ? "" : `WHERE i % ${LACKS_EVERY} <> 0`;
      // Keys in no order, version ids as long as S3's.
      await connection.run(
        `COPY (SELECT '${bucket}' AS bucket, 'data/' || lpad((i * 7919 % 100)::VARCHAR, 2, '0') || '/' || lpad((i * 7919 % ${versions})::VARCHAR, 10, '0') || '.parquet' AS key, md5(i::VARCHAR) AS version_id, TRUE AS is_latest, FALSE AS is_delete_marker, (i * 31 % 5000000)::BIGINT AS size, make_timestamp_ms(1700000000000 + i * 60) AS last_modified_date, md5((i + 7)::VARCHAR) AS e_tag, 'STANDARD' AS storage_class, FALSE AS is_multipart_uploaded, CASE WHEN i % ${LACKS_EVERY} = 0 THEN 'FAILED' ELSE '${status}' END AS replication_status, 'SSE-S3' AS encryption_status, NULL::VARCHAR AS intelligent_tiering_access_tier, '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a' AS object_owner FROM range(${from}, ${until}) AS numbers(i) ${isThere}) TO '${join(into, key)}' (FORMAT parquet, ROW_GROUP_SIZE 100000)`,
      );
      const hash = createHash("md5");
      await pipeline(createReadStream(join(into, key)), hash);
      files.push({ key, MD5checksum: hash.digest("hex") });
    }
    const manifest = {
      sourceBucket: bucket,
      destinationBucket: "arn:aws:s3:::lists",
      version: "2016-11-30",
      creationTimestamp: String(LISTED_AT),
      fileFormat: "Parquet",
      fileSchema: SCHEMA,
      files,
    };
    writeFileSync(join(into, "manifest.json"), JSON.stringify(manifest));
  }
}

void main(Number(process.argv[2]), process.argv[3] ?? ".");
