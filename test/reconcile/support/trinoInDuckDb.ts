/** Queries in Trino's words, run by DuckDB: what Trino calls otherwise is there under its name. */
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { DUCKDB, literal } from "../../../src/reconcile/sql/dialects";
import type { MadeTable, QueryEngine } from "./athenaCommand";

/** What a query of Trino's may call, as far as those of 'reconcile' do. */
const FUNCTIONS = [
  "to_unixtime(moment) AS epoch(moment)",
  "with_timezone(moment, zone_name) AS moment",
  "from_iso8601_timestamp(written) AS CAST(written AS TIMESTAMPTZ)",
  "json_format(document) AS CAST(document AS VARCHAR)",
  "element_at(entries, wanted) AS entries[wanted]",
  "bitwise_and(number, mask) AS number & mask",
];

/** @param root Directory that holds the directories of inventories. */
export async function trinoInDuckDb(root: string): Promise<QueryEngine> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const each of FUNCTIONS) await connection.run(`CREATE MACRO ${each}`);
  const nameOf = (database: string, name: string) => `${DUCKDB.name(database)}.${DUCKDB.name(name)}`;
  return {
    make: async ({ database, name, columns, format, inventory }: MadeTable) => {
      const files = literal(join(root, inventory, "data", format === "Parquet" ? "*.parquet" : "*.csv.gz"));
      const types = columns.map((column) => `${literal(column.name)}: 'VARCHAR'`).join(", ");
      const from =
        format === "Parquet"
          ? `read_parquet(${files})`
          : `read_csv(${files}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {${types}})`;
      const own = columns.map((column) => DUCKDB.name(column.name)).join(", ");
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${DUCKDB.name(database)}`);
      await connection.run(`CREATE VIEW ${nameOf(database, name)} AS SELECT ${own} FROM ${from}`);
    },
    drop: async (database, name) => {
      await connection.run(`DROP VIEW IF EXISTS ${nameOf(database, name)}`);
    },
    select: async (sql) => {
      const found = await connection.run(inDuckDb(sql));
      const types = found.columnTypes().map(String);
      const rows = (await found.getRows()).map((values) =>
        values.map((value) => (value === null ? null : String(value as string))),
      );
      return { columns: found.columnNames().map((name, at) => ({ name, type: types[at] ?? "" })), rows };
    },
  };
}

/** `transform` takes a function, which no macro can: DuckDB has another name for it, and writes the function otherwise. */
function inDuckDb(sql: string): string {
  return sql
    .replaceAll(/transform\((\w+), (\w+) -> ARRAY\[/g, "list_transform($1, lambda $2: [")
    .replaceAll("ROW(", "row(");
}
