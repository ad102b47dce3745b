/** Rows as the tables of two listings in DuckDB. */
import { DuckDBInstance, mapValue, type DuckDBConnection, MAP, VARCHAR } from "@duckdb/node-api";
import type { Row, Version } from "../../../src/reconcile/meaning/row";
import { DUCKDB } from "../../../src/reconcile/sql/dialects";
import { listingOf, READ_COLUMNS } from "../../../src/reconcile/sql/inventoryColumns";
import type { Listing } from "../../../src/reconcile/sql/listing";

const TIERS = { ARCHIVE_ACCESS: "ARCHIVE", DEEP_ARCHIVE_ACCESS: "DEEP_ARCHIVE" };

/** The columns of an inventory, typed as its Parquet files are. */
const TABLE_COLUMNS =
  "key VARCHAR, version_id VARCHAR, is_delete_marker BOOLEAN, is_latest BOOLEAN, size BIGINT, last_modified_date TIMESTAMP_MS, storage_class VARCHAR, intelligent_tiering_access_tier VARCHAR, encryption_status VARCHAR, replication_status VARCHAR, object_owner VARCHAR, object_tags MAP(VARCHAR, VARCHAR)";

export async function openTables(rows: readonly Row[]): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const side of ["source", "destination"] as const) {
    await connection.run(`CREATE TABLE raw_${side} (${TABLE_COLUMNS.replace("TIMESTAMP_MS", "BIGINT")})`);
    const appender = await connection.createAppender(`raw_${side}`);
    for (const row of rows) {
      const version = row[side];
      if (version !== undefined) appendVersion(appender, row, version);
    }
    appender.closeSync();
    await connection.run(
      `CREATE VIEW ${side} AS SELECT * REPLACE (epoch_ms(last_modified_date) AS last_modified_date) FROM raw_${side}`,
    );
  }
  return connection;
}

type Appender = Awaited<ReturnType<DuckDBConnection["createAppender"]>>;

function appendVersion(appender: Appender, { key, versionId }: Row, version: Version): void {
  const text = (value: string | null | undefined) =>
    value === null || value === undefined ? appender.appendNull() : appender.appendVarchar(value);
  text(key);
  text(versionId === "null" ? null : versionId);
  appender.appendBoolean(version.isDeleteMarker);
  appender.appendBoolean(version.isLatest === true);
  if (version.size === null || version.size === undefined) appender.appendNull();
  else appender.appendBigInt(BigInt(version.size));
  appender.appendBigInt(BigInt(version.lastModified ?? 0));
  text(version.storageClass);
  text(
    version.archiveStatus === null || version.archiveStatus === undefined
      ? "FREQUENT"
      : TIERS[version.archiveStatus],
  );
  text(version.encryption);
  text(version.replicationStatus);
  text(version.owner);
  if (version.tags === null || version.tags === undefined) appender.appendNull();
  else {
    const entries = Object.entries(version.tags).map(([k, value]) => ({ key: k, value }));
    appender.appendMap(mapValue(entries), MAP(VARCHAR, VARCHAR));
  }
  appender.endRow();
}

/** @param missing Columns that the listing does not have. */
export function tableListing(side: "source" | "destination", missing: readonly string[] = []): Listing {
  const columns = READ_COLUMNS.filter((column) => !missing.includes(column));
  return listingOf(side, columns, { isText: false, time: "timestamp" }, DUCKDB);
}
