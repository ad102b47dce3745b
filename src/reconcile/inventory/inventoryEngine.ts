/** The inventory engine: the inventories of all buckets on this machine, joined and counted by DuckDB. */
import { totalmem } from "node:os";
import { TemporaryDirectory } from "../../files/temporaryDirectory";
import type { Engine, EngineAsk, EngineResult } from "../engine";
import { DUCKDB } from "../sql/dialects";
import { countListings, type CountSetting, type Listed, type SqlRunner } from "../sql/countListings";
import type { TallyRow } from "../sql/readTally";
import { Database, loadDuckDb } from "./duckdb";
import { type Fetched, fetchFiles } from "./files";
import { type Inventory, listedOf, type LocateSetting, locateInventories } from "./locate";
import { assertReadHere } from "./manifest";
import { tableOf } from "./tables";

export interface InventorySetting extends LocateSetting, CountSetting {
  /**
   * Bytes of memory at most.
   * Default: half of what the machine has.
   */
  readonly memory?: number;
  /**
   * Where a directory for the files and for what does not fit into memory is made.
   * Default: the system's directory for temporary files.
   */
  readonly spillDirectory?: string;
}

export function inventoryEngine(setting: InventorySetting): Engine {
  return { name: "inventory", run: (ask) => run(setting, ask) };
}

async function run(setting: InventorySetting, ask: EngineAsk): Promise<EngineResult> {
  // Checksums of what was fetched are of no use any more where the rest fails.
  const ended = new AbortController();
  const signal = AbortSignal.any([ask.signal, ended.signal]);
  const directory = new TemporaryDirectory(setting.spillDirectory);
  let database: Database | undefined;
  try {
    // Before anything is downloaded for it.
    await loadDuckDb();
    const inventories = await locateInventories(setting, ask);
    inventories.forEach(({ manifest }) => assertReadHere(manifest));
    const fetched = await fetch(inventories, directory.path, { ...ask, signal });
    const files = fetched.flatMap(({ paths }) => paths);
    const memory = setting.memory ?? totalmem() / 2;
    database = await Database.open({ memory, directory: directory.path, files }, signal);
    const counting = count(setting, ask, database, inventories, fetched);
    await whileChecked(fetched, database, counting);
    return { engine: "inventory", ...(await counting) };
  } finally {
    ended.abort();
    database?.close();
    directory.remove();
  }
}

async function count(
  setting: InventorySetting,
  ask: EngineAsk,
  database: Database,
  inventories: readonly Inventory[],
  fetched: readonly Fetched[],
): Promise<Omit<EngineResult, "engine">> {
  const listed: Listed[] = [];
  for (const [index, inventory] of inventories.entries()) {
    const table = await tableOf(database, inventory.manifest, fetched[index]?.paths ?? []);
    listed.push(listedOf(inventory, table, index));
  }
  return countListings(setting, ask, runnerOn(database, ask), listed);
}

/** A file that is not what the manifest says is told, whatever it did to the queries, which are stopped. */
async function whileChecked(
  fetched: readonly Fetched[],
  database: Database,
  counting: Promise<unknown>,
): Promise<void> {
  const ended = counting.catch(() => undefined);
  try {
    await Promise.all(fetched.map(({ checked }) => checked));
  } catch (error) {
    database.stop();
    await ended;
    throw error;
  }
}

/** @returns The files of each inventory. @throws InvalidInputError where some of one are missing or wrong: of no other is more read. */
async function fetch(
  inventories: readonly Inventory[],
  into: string,
  { signal, onProgress }: EngineAsk,
): Promise<Fetched[]> {
  const total = inventories.reduce((sum, { manifest }) => sum + manifest.files.length, 0);
  let done = 0;
  const onFile = () => onProgress(++done, "files of the inventories", total);
  const fetched: Fetched[] = [];
  const earlier: AbortController[] = [];
  for (const [index, { account, place, manifest }] of inventories.entries()) {
    const reading = new AbortController();
    const ofThis = AbortSignal.any([signal, reading.signal]);
    const files = await fetchFiles({
      account,
      place,
      manifest,
      into,
      name: `list-${index}`,
      signal: ofThis,
      onFile,
    });
    if (files.isBroken) {
      earlier.forEach((each) => each.abort());
      await files.checked;
    }
    fetched.push(files);
    earlier.push(reading);
  }
  return fetched;
}

function runnerOn(database: Database, { onProgress }: EngineAsk): SqlRunner {
  const compares = (sql: string, destinationArn: string) =>
    database.rows(sql, (percent) => onProgress(Math.round(percent), `% of ${destinationArn} compared`, 100));
  let tables = 0;
  return {
    dialect: DUCKDB,
    tally: async (sql, destinationArn) => {
      const rows = await compares(`SELECT * REPLACE (${shielded("prefix")}) FROM (${sql})`, destinationArn);
      return rows.map((row) => ({ ...row, prefix: unshielded(row.prefix) })) as unknown as TallyRow[];
    },
    eachVersion: (sql, order, take) =>
      database.stream(
        `SELECT branch, cause, ${shielded("k")}, ${shielded("v")}, destination FROM (${sql})${order === "" ? "" : ` ORDER BY ${order}`}`,
        ([branch, cause, key, versionId, destination]) =>
          take([branch, cause, unshielded(key), unshielded(versionId), destination]),
      ),
    keep: async (sql, destinationArn) => {
      const table = `groups_${tables++}`;
      await compares(`CREATE TEMP TABLE ${table} AS ${sql}`, destinationArn);
      return table;
    },
  };
}

/** The package drops a byte order mark that a text begins with, and a key may. */
const shielded = (column: string) => `'.' || ${column} AS ${column}`;
const unshielded = (value: unknown) => (typeof value === "string" ? value.slice(1) : null);
