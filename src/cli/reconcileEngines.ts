/** Which engine reconciles, by the options of the command and the size of the buckets. */
import { accessSync, constants, statSync } from "node:fs";
import { InvalidInputError, show } from "../input/problems";
import { printable } from "../output/printable";
import type { EngineName } from "../reconcile/engine";
import type { GivenTable } from "../reconcile/athena/tables";
import { hasDuckDb, INSTALL_DUCKDB } from "../reconcile/inventory/duckdb";
import { findInventory, type InventoryPlace, readInventoryPlace } from "../reconcile/inventory/places";
import type { ReadBuckets } from "../reconcile/readBuckets";
import type { ChooseEngine } from "../reconcile/reconcile";
import { given } from "../util/optional";
import { confirm } from "./confirm";

/** The options that decide on the engine, as the command line has them. */
export interface EngineOptions {
  readonly engine: "auto" | EngineName;
  readonly sourceInventory?: string;
  readonly destinationInventory?: readonly string[];
  readonly memoryLimit?: string;
  readonly spillDirectory?: string;
  readonly workgroup?: string;
  readonly database?: string;
  readonly sourceTable?: string;
  readonly destinationTable?: readonly string[];
  readonly yes?: boolean;
  readonly resume?: string;
}

/** The options, checked. */
interface Asked {
  readonly engine: "auto" | EngineName;
  readonly named: { readonly source?: InventoryPlace; readonly destinations: readonly InventoryPlace[] };
  readonly memory?: number;
  readonly spillDirectory?: string;
  readonly workGroup?: string;
  readonly database: string;
  readonly tables?: { readonly source: GivenTable; readonly destinations: readonly GivenTable[] };
  readonly yes: boolean;
}

/** Buckets with more versions than this are not listed by themselves: it takes longer than reading an inventory. */
export const LISTED_AT_MOST = 10_000_000;

/** Database that every account has in its Glue catalog, unless somebody removed it. */
const DATABASE = "default";

const UNITS = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** Of the memory limit, Node.js needs this much for itself. */
const LEAST_MEMORY = 300e6;

/** @throws InvalidInputError with every option that does not fit. */
export async function readEngineOptions(options: EngineOptions): Promise<Asked> {
  const engine = engineOf(options);
  if (options.resume !== undefined && engine !== "auto" && engine !== "list") {
    throw new InvalidInputError("--resume", [
      `must be left out with --engine ${engine}, got ${show(options.resume)}; only the list engine goes on from where it was stopped`,
    ]);
  }
  if (engine === "athena" && options.workgroup === undefined) {
    throw new InvalidInputError("--workgroup", [
      "must name the workgroup of Athena in which queries run, and which says where results go, got nothing",
    ]);
  }
  const { sourceInventory, destinationInventory = [] } = options;
  return {
    engine,
    named: {
      ...given(
        "source",
        sourceInventory === undefined ? undefined : readInventoryPlace("--source-inventory", sourceInventory),
      ),
      destinations: destinationInventory.map((text) => readInventoryPlace("--destination-inventory", text)),
    },
    ...given("memory", memoryOf(options.memoryLimit)),
    ...given("spillDirectory", directoryOf(options.spillDirectory)),
    ...given("workGroup", options.workgroup),
    database: options.database ?? DATABASE,
    ...given("tables", await tablesOf(options)),
    yes: options.yes === true,
  };
}

function engineOf(options: EngineOptions): Asked["engine"] {
  if (options.engine !== "auto") return options.engine;
  if (options.workgroup !== undefined || options.sourceTable !== undefined) return "athena";
  const names = [options.sourceInventory, ...(options.destinationInventory ?? [])];
  return names.some((name) => name !== undefined) ? "inventory" : "auto";
}

function memoryOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d{1,6}(?:\.\d+)?)\s*(MB|GB|TB)$/i.exec(text) ?? [];
  const bytes = Number(number) * (UNITS[unit?.toUpperCase() as keyof typeof UNITS] ?? Number.NaN);
  if (bytes >= LEAST_MEMORY) return bytes;
  throw new InvalidInputError("--memory-limit", [
    `must be a size of at least ${LEAST_MEMORY / 1e6}MB, as in 8GB, got ${show(text)}`,
  ]);
}

function directoryOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    accessSync(path, constants.W_OK);
    if (statSync(path).isDirectory()) return path;
  } catch {
    // The same sentence serves.
  }
  throw new InvalidInputError("--spill-directory", [
    `must be a directory that can be written to, got ${show(path)}`,
  ]);
}

async function tablesOf({
  sourceTable,
  destinationTable = [],
}: EngineOptions): Promise<Asked["tables"] | undefined> {
  if (sourceTable === undefined && destinationTable.length === 0) return undefined;
  if (sourceTable === undefined || destinationTable.length === 0) {
    throw new InvalidInputError(sourceTable === undefined ? "--source-table" : "--destination-table", [
      "must be given where the other is, got nothing",
    ]);
  }
  const { readGivenTable } = await import("../reconcile/athena/tables");
  return {
    source: readGivenTable("--source-table", sourceTable),
    destinations: destinationTable.map((text) => readGivenTable("--destination-table", text)),
  };
}

/** @returns What makes the engine, once the buckets are known. */
export function engineChooser(asked: Asked, signal: AbortSignal, beforeAsking: () => void): ChooseEngine {
  return async (buckets, expected) => {
    switch (asked.engine) {
      case "list":
        return { because: "--engine says so" };
      case "inventory":
        return inventory(asked, buckets, "the options say so");
      case "athena":
        return athena(asked, buckets, signal, beforeAsking);
      case "auto":
        return chosenBySize(asked, buckets, expected, signal);
    }
  };
}

async function chosenBySize(
  asked: Asked,
  buckets: ReadBuckets,
  expected: number | undefined,
  signal: AbortSignal,
): ReturnType<ChooseEngine> {
  if (expected === undefined || expected <= LISTED_AT_MOST) return undefined;
  const size = `CloudWatch counted ${Math.round(expected).toLocaleString("en")} versions, more than ${LISTED_AT_MOST.toLocaleString("en")}`;
  if (!hasDuckDb()) {
    return { because: `${size}; '${INSTALL_DUCKDB}' would let inventories be used, which is faster` };
  }
  try {
    await Promise.all([buckets.source, ...buckets.destinations].map((one) => findInventory(one, "", signal)));
  } catch (error) {
    signal.throwIfAborted();
    return { because: `${size}, and an inventory would be faster: ${printable((error as Error).message)}` };
  }
  return inventory(asked, buckets, `${size}, and all buckets have inventories`);
}

async function inventory(asked: Asked, buckets: ReadBuckets, because: string): ReturnType<ChooseEngine> {
  const { inventoryEngine } = await import("../reconcile/inventory/inventoryEngine");
  const { named, memory, spillDirectory } = asked;
  const engine = inventoryEngine({
    ...settingOf(buckets),
    named,
    ...given("memory", memory),
    ...given("spillDirectory", spillDirectory),
  });
  return { engine, because };
}

async function athena(
  asked: Asked,
  buckets: ReadBuckets,
  signal: AbortSignal,
  beforeAsking: () => void,
): ReturnType<ChooseEngine> {
  const { tables, destinations } = { tables: asked.tables, destinations: buckets.destinations };
  if (tables !== undefined && tables.destinations.length !== destinations.length) {
    throw new InvalidInputError("--destination-table", [
      `must be given once for each of ${destinations.map(({ name }) => name).join(", ")}, in this order, got ${tables.destinations.length}`,
    ]);
  }
  const { athenaEngine } = await import("../reconcile/athena/athenaEngine");
  const engine = athenaEngine({
    ...settingOf(buckets),
    named: asked.named,
    account: buckets.source.account,
    region: buckets.source.region,
    workGroup: asked.workGroup ?? "primary",
    database: asked.database,
    ...given("tables", tables),
    agrees: (sentence) => {
      beforeAsking();
      process.stderr.write(`${sentence}\n`);
      return asked.yes ? Promise.resolve(true) : confirm("Run the queries?", signal);
    },
  });
  return { engine, because: "the options say so" };
}

function settingOf({ configuration, source, destinations }: ReadBuckets) {
  return { configuration, source, destinations, facts: destinations.map(({ facts }) => facts) };
}
