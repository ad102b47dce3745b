/** What a run on Athena scans at most, and what that costs. */
import type { Inventory } from "../inventory/locate";
import { isWrittenByS3 } from "../inventory/manifest";

/**
 * US dollars for a TB that is scanned, as the page gave it for us-east-1. Regions differ, and prices change.
 * @see https://aws.amazon.com/athena/pricing/
 */
const DOLLARS_A_TERABYTE = 5;

const TERABYTE = 1e12;

/** Each query is charged for at least so many bytes, and for whole megabytes. Statements that make or drop tables are free. */
const CHARGED_AT_LEAST = 10e6;
const MEGABYTE = 1e6;
const charged = (bytes: number) => Math.max(CHARGED_AT_LEAST, Math.ceil(bytes / MEGABYTE) * MEGABYTE);

/**
 * A list of somebody's own is read once more, for versions that it holds twice.
 * @param scans How many times the source and a destination are read.
 * @returns A sentence.
 */
export function costSentence(inventories: readonly (Inventory | undefined)[], scans: number): string {
  const [source, ...destinations] = inventories;
  const bytes = (inventory: Inventory | undefined) =>
    (inventory?.manifest.files ?? []).reduce((sum, { size = 0 }) => sum + size, 0);
  const unknown = inventories.some((inventory) => inventory === undefined);
  const joins = destinations.map((destination) => bytes(source) + bytes(destination));
  const ownLists = inventories.flatMap((inventory) =>
    inventory === undefined || isWrittenByS3(inventory.manifest) ? [] : [bytes(inventory)],
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  const most = scans * sum(joins) + sum(ownLists);
  const dollars =
    ((scans * sum(joins.map(charged)) + sum(ownLists.map(charged))) / TERABYTE) * DOLLARS_A_TERABYTE;
  const price = `USD ${DOLLARS_A_TERABYTE} a TB in us-east-1, aws.amazon.com/athena/pricing; it may differ`;
  if (unknown) return `how much Athena scans of a table that is there already is not known (${price})`;
  return `Athena scans at most ${(most / 1e9).toFixed(most < 1e8 ? 3 : 1)} GB, which costs at most USD ${dollars.toFixed(dollars < 1 ? 4 : 2)} (${price})`;
}
