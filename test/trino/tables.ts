/** A real Trino in the place of Athena. Athena's DDL is Hive's: what it makes is made with Trino's words. Queries go as they are. */
import type { MadeTable, QueryEngine } from "../reconcile/support/athenaCommand";
import type { Trino } from "./server";

/** Types of Hive in Trino's words. */
const TYPES: Readonly<Record<string, string>> = {
  string: "varchar",
  boolean: "boolean",
  bigint: "bigint",
  timestamp: "timestamp",
};

/** Inventories are below the warehouse of the server. */
export function trinoTables(trino: Trino): QueryEngine {
  return {
    make: async ({ database, name, columns, format, inventory }: MadeTable) => {
      const typed = columns.map((column) => `"${column.name}" ${TYPES[column.type]}`).join(", ");
      await trino.query(
        `CREATE TABLE hive.${database}.${name} (${typed}) WITH (external_location = 'local:///${inventory}/data', format = '${format.toUpperCase()}')`,
      );
    },
    drop: async (database, name) => {
      await trino.query(`DROP TABLE IF EXISTS hive.${database}.${name}`);
    },
    select: async (sql) => {
      const { columns, rows } = await trino.query(sql);
      return {
        columns,
        rows: rows.map((values) =>
          values.map((value) => (value === null ? null : String(value as string | number | boolean))),
        ),
      };
    },
  };
}
