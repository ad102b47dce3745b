/** The files of an inventory as what stands behind FROM in DuckDB. */
import { InvalidInputError } from "../../input/problems";
import { DUCKDB, literal, type TimeForm } from "../sql/dialects";
import { columnName, listingOf, NEEDED_COLUMNS, READ_COLUMNS } from "../sql/inventoryColumns";
import type { Listing } from "../sql/listing";
import type { Database } from "./duckdb";
import type { InventoryManifest } from "./manifest";

/** @throws InvalidInputError where the files are not what the manifest says. */
export async function tableOf(
  database: Database,
  manifest: InventoryManifest,
  files: readonly string[],
): Promise<Listing> {
  const list = `[${files.map(literal).join(", ")}]`;
  if (manifest.format === "CSV") {
    const columns = manifest.columns.map((name) => `${literal(columnName(name))}: 'VARCHAR'`).join(", ");
    const from = `read_csv(${list}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {${columns}})`;
    const names = manifest.columns.map(columnName).filter((name) => READ_COLUMNS.includes(name));
    return listingOf(from, names.filter(isNotTags), { isText: true, time: "text" }, DUCKDB);
  }
  const from = `read_parquet(${list}, union_by_name = true)`;
  const types = new Map(
    (await database.rows(`DESCRIBE SELECT * FROM ${from}`)).map(({ column_name, column_type }) => [
      String(column_name),
      String(column_type),
    ]),
  );
  const missing = NEEDED_COLUMNS.filter((column) => !types.has(column));
  if (missing.length > 0) {
    throw new InvalidInputError(manifest.place, [
      `its files must have the columns ${NEEDED_COLUMNS.join(", ")}, and ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
    ]);
  }
  const columns = READ_COLUMNS.filter((column) => types.has(column)).filter(
    (column) => isNotTags(column) || types.get(column)?.startsWith("MAP") === true,
  );
  return listingOf(from, columns, { isText: false, time: timeForm(types.get("last_modified_date")) }, DUCKDB);
}

/** Tags are a map, which CSV does not have. */
const isNotTags = (column: string) => column !== "object_tags";

function timeForm(type: string | undefined): TimeForm {
  if (type?.startsWith("TIMESTAMP") === true) return "timestamp";
  return type === "VARCHAR" ? "text" : "milliseconds";
}
