/** The options of 'reconcile' that decide on its engine, checked. */
import { accessSync, constants, statSync } from "node:fs";
import { InvalidInputError, show } from "../input/problems";
import type { GivenTable } from "../reconcile/athena/tables";
import type { EngineName } from "../reconcile/engine";
import { type InventoryPlace, readInventoryPlace } from "../reconcile/inventory/places";
import { given } from "../util/optional";

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
  readonly headLimit?: string;
  readonly sample?: string;
}

/** The options, checked. */
export interface AskedEngine {
  readonly engine: "auto" | EngineName;
  readonly named: { readonly source?: InventoryPlace; readonly destinations: readonly InventoryPlace[] };
  readonly memory?: number;
  readonly spillDirectory?: string;
  readonly workGroup?: string;
  readonly database: string;
  readonly tables?: { readonly source: GivenTable; readonly destinations: readonly GivenTable[] };
  readonly yes: boolean;
}

/** Database that every account has in its Glue catalog, unless somebody removed it. */
const DATABASE = "default";

const UNITS = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** Of the memory limit, Node.js needs this much for itself. */
const LEAST_MEMORY = 300e6;

/** @throws InvalidInputError with every option that does not fit. */
export async function readEngineOptions(options: EngineOptions): Promise<AskedEngine> {
  const engine = engineOf(options);
  assertRead(options, engine);
  const tables = await tablesOf(options);
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
    ...given("tables", tables),
    yes: options.yes === true,
  };
}

function engineOf(options: EngineOptions): AskedEngine["engine"] {
  if (options.engine !== "auto") return options.engine;
  const { workgroup, sourceTable, destinationTable } = options;
  if ([workgroup, sourceTable, destinationTable].some((option) => option !== undefined)) return "athena";
  const names = [options.sourceInventory, ...(options.destinationInventory ?? [])];
  return names.some((name) => name !== undefined) ? "inventory" : "auto";
}

/** The options that not every engine reads, and the engines that do. */
const READ_BY = {
  headLimit: ["--head-limit", "list"],
  sample: ["--sample", "list"],
  resume: ["--resume", "list"],
  sourceInventory: ["--source-inventory", "inventory", "athena"],
  destinationInventory: ["--destination-inventory", "inventory", "athena"],
  memoryLimit: ["--memory-limit", "inventory"],
  spillDirectory: ["--spill-directory", "inventory"],
  workgroup: ["--workgroup", "athena"],
  database: ["--database", "athena"],
  sourceTable: ["--source-table", "athena"],
  destinationTable: ["--destination-table", "athena"],
} as const satisfies Partial<Record<keyof EngineOptions, readonly [string, ...EngineName[]]>>;

/** @throws InvalidInputError for an option that would have no effect. */
function assertRead(options: EngineOptions, engine: AskedEngine["engine"]): void {
  // A run that --engine auto decides on lists the buckets or reads inventories, whichever their size says.
  const engines: readonly EngineName[] = engine === "auto" ? ["list", "inventory"] : [engine];
  for (const [field, [option, ...readers]] of Object.entries(READ_BY)) {
    const value = options[field as keyof typeof READ_BY];
    if (value === undefined || readers.some((reader) => engines.includes(reader))) continue;
    throw new InvalidInputError(option, [
      `must be left out with --engine ${engine}, got ${show(String(value))}; only --engine ${readers.join(" and ")} ${readers.length === 1 ? "reads" : "read"} it`,
    ]);
  }
  const inventory = options.sourceInventory ?? options.destinationInventory?.[0];
  if (options.sourceTable === undefined || inventory === undefined) return;
  throw new InvalidInputError("--source-table", [
    `must be left out where an inventory is named, got ${show(options.sourceTable)} and ${show(inventory)}`,
  ]);
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
}: EngineOptions): Promise<AskedEngine["tables"] | undefined> {
  if (sourceTable === undefined && destinationTable.length === 0) return undefined;
  if (sourceTable === undefined || destinationTable.length === 0) {
    const [missing, other] =
      sourceTable === undefined
        ? ["--source-table", "--destination-table"]
        : ["--destination-table", "--source-table"];
    throw new InvalidInputError(missing, [`must be given where ${other} is, got nothing`]);
  }
  const { readGivenTable } = await import("../reconcile/athena/tables");
  return {
    source: readGivenTable("--source-table", sourceTable),
    destinations: destinationTable.map((text) => readGivenTable("--destination-table", text)),
  };
}
