/** Which engine reconciles, by the options of the command and the size of the buckets. */
import { numeral } from "../output/counts";
import { InvalidInputError } from "../input/problems";
import { printable } from "../output/printable";
import { hasDuckDb, INSTALL_DUCKDB } from "../reconcile/inventory/duckdb";
import { findInventory } from "../reconcile/inventory/places";
import type { ReadBuckets } from "../reconcile/readBuckets";
import type { ChooseEngine } from "../reconcile/reconcile";
import { given } from "../util/optional";
import { confirm } from "./confirm";
import type { AskedEngine } from "./engineOptions";

/** Buckets with more versions than this are not listed by themselves: it takes longer than reading an inventory. */
export const LISTED_AT_MOST = 10_000_000;

/** @returns What makes the engine, once the buckets are known. */
export function engineChooser(
  asked: AskedEngine,
  signal: AbortSignal,
  beforeAsking: () => void,
): ChooseEngine {
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
  asked: AskedEngine,
  buckets: ReadBuckets,
  expected: number | undefined,
  signal: AbortSignal,
): ReturnType<ChooseEngine> {
  if (expected === undefined || expected <= LISTED_AT_MOST) return undefined;
  const size = `CloudWatch counted ${numeral(expected)} versions, more than ${numeral(LISTED_AT_MOST)}`;
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

async function inventory(
  asked: AskedEngine,
  buckets: ReadBuckets,
  because: string,
): ReturnType<ChooseEngine> {
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
  asked: AskedEngine,
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
