/** The inventory engine: the inventories of all buckets on this machine, joined and counted by DuckDB. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { ReplicationConfiguration } from "../../replication/rules";
import type { Engine, EngineAsk, EngineResult } from "../engine";
import { missedOutcomes } from "../missedOutcomes";
import { type BucketFacts, decisionOf, destinationsOf } from "../meaning/decision";
import { DUCKDB } from "../sql/dialects";
import { type Listing, type QuerySetting, tallyQuery, versionsQuery } from "../sql/queries";
import { readTally, type TalliedDestination, type TallyRow } from "../sql/readTally";
import { Database, loadDuckDb } from "./duckdb";
import { fetchFiles } from "./files";
import { type Inventory, type LocateSetting, locateInventories } from "./locate";
import { assertReadHere, notListed } from "./manifest";
import { tableOf } from "./tables";

export interface InventorySetting extends LocateSetting {
  readonly configuration: ReplicationConfiguration;
  /** What is known of each destination, beside the times of the listings. */
  readonly facts: readonly Omit<BucketFacts, "sourceListedAt" | "destinationListedAt">[];
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
  const { signal } = ask;
  const directory = mkdtempSync(join(setting.spillDirectory ?? tmpdir(), "s3-replication-"));
  let database: Database | undefined;
  try {
    // Before anything is downloaded for it.
    await loadDuckDb();
    const inventories = await locateInventories(setting, ask);
    inventories.forEach(({ manifest }) => assertReadHere(manifest));
    const files = await fetch(inventories, directory, ask);
    const memory = setting.memory ?? totalmem() / 2;
    database = await Database.open({ memory, directory, files: files.flat() }, signal);
    const listings: Listing[] = [];
    for (const [index, { manifest }] of inventories.entries()) {
      listings.push(await tableOf(database, manifest, files[index] ?? []));
    }
    return await count(setting, ask, database, inventories, listings);
  } finally {
    database?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns Paths of the files of each inventory. */
async function fetch(
  inventories: readonly Inventory[],
  into: string,
  { signal, onProgress }: EngineAsk,
): Promise<string[][]> {
  const total = inventories.reduce((sum, { manifest }) => sum + manifest.files.length, 0);
  let done = 0;
  const onFile = () => onProgress(++done, "files of the inventories", total);
  const fetched: string[][] = [];
  for (const [index, { bucket, place, manifest }] of inventories.entries()) {
    const { account } = bucket;
    fetched.push(await fetchFiles({ account, place, manifest, into, name: `list-${index}`, signal, onFile }));
  }
  return fetched;
}

async function count(
  { configuration, facts }: InventorySetting,
  ask: EngineAsk,
  database: Database,
  inventories: readonly Inventory[],
  [source, ...destinations]: readonly Listing[],
): Promise<EngineResult> {
  const [sourceInventory, ...others] = inventories;
  if (source === undefined || sourceInventory === undefined) throw new Error("the source has no inventory");
  const sourceListedAt = sourceInventory.manifest.listedAt;
  const destinationListedAt = others.map(({ manifest }) => manifest.listedAt);
  const decisions = destinationsOf(configuration).map((arn, place) =>
    decisionOf(configuration, arn, {
      ...facts[place],
      sourceListedAt,
      destinationListedAt: destinationListedAt[place] ?? sourceListedAt,
    }),
  );
  const tallied: TalliedDestination[] = [];
  for (const [place, decision] of decisions.entries()) {
    const destination = destinations[place];
    if (destination === undefined) throw new Error("a destination has no inventory");
    const setting: QuerySetting = { dialect: DUCKDB, decision, source, destination, prefix: ask.prefix };
    const query = tallyQuery(setting);
    const rows = await database.rows(query.sql, (percent) =>
      ask.onProgress(Math.round(percent), `% of ${decision.destinationArn} compared`, 100),
    );
    const found = { decision, query, rows: rows as unknown as TallyRow[] };
    tallied.push(found);
    await tellMissed(database, setting, place, ask);
  }
  return {
    engine: "inventory",
    decisions,
    tally: readTally(tallied, true),
    sourceListedAt,
    destinationListedAt,
    notCompared: [
      ...notListed(sourceInventory.manifest, "source"),
      ...others.flatMap(({ manifest }) => notListed(manifest, "destination")),
      ...(source.fields.tags === undefined ? ["tags: S3 Inventory does not list them"] : []),
    ],
    notes: inventories.flatMap(({ note, manifest }) => [
      `${manifest.sourceBucket} was listed at ${new Date(manifest.listedAt).toISOString()}`,
      ...(note === undefined ? [] : [note]),
    ]),
  };
}

async function tellMissed(
  database: Database,
  setting: QuerySetting,
  destination: number,
  { onMissed }: EngineAsk,
): Promise<void> {
  if (onMissed === undefined) return;
  const { sql, outcomeOf } = versionsQuery(setting, missedOutcomes(setting.decision));
  await database.stream(sql, ([branch, cause, key, versionId]) =>
    onMissed({
      destination,
      outcome: outcomeOf(Number(branch), Number(cause)),
      key: String(key),
      versionId: String(versionId),
    }),
  );
}
