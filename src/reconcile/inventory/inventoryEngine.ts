/** The inventory engine: the inventories of all buckets on this machine, joined and counted by DuckDB. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { InvalidInputError } from "../../input/problems";
import { printable } from "../../output/printable";
import type { ReplicationConfiguration } from "../../replication/rules";
import type { Engine, EngineAsk, EngineResult } from "../engine";
import { CAUSES } from "../meaning/causes";
import { type BucketFacts, type Decision, decisionOf, destinationsOf } from "../meaning/decision";
import { DUCKDB } from "../sql/dialects";
import { type Listing, type QuerySetting, tallyQuery, versionsQuery } from "../sql/queries";
import { readTally, type TalliedDestination, type TallyRow } from "../sql/readTally";
import { Database, loadDuckDb } from "./duckdb";
import { fetchFiles, fetchManifest } from "./files";
import { type InventoryManifest, notListed } from "./manifest";
import { findInventory, type InventoriedBucket, type InventoryPlace, matchingDeliveries } from "./places";
import { tableOf } from "./tables";

export interface InventorySetting {
  readonly configuration: ReplicationConfiguration;
  readonly source: InventoriedBucket;
  /** The destinations of the enabled rules, in the order of `destinationsOf`. */
  readonly destinations: readonly InventoriedBucket[];
  /** What is known of each destination, beside the times of the listings. */
  readonly facts: readonly Omit<BucketFacts, "sourceListedAt" | "destinationListedAt">[];
  /** Inventories that the user named; those of buckets without one are found. */
  readonly named: { readonly source?: InventoryPlace; readonly destinations: readonly InventoryPlace[] };
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

/** An inventory that was found or named. */
interface Inventory {
  readonly bucket: InventoriedBucket;
  readonly place: InventoryPlace;
  readonly manifest: InventoryManifest;
  /** What of it nobody can know, as a sentence. */
  readonly note?: string;
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
    const inventories = await locate(setting, ask);
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

/** @returns The source's inventory, and then those of the destinations. */
async function locate(setting: InventorySetting, { prefix, signal }: EngineAsk): Promise<Inventory[]> {
  const { source, destinations, named } = setting;
  const read = async (bucket: InventoriedBucket, place: InventoryPlace) => ({
    bucket,
    place,
    manifest: await fetchManifest(bucket.account, place, signal),
  });
  const given = [
    ...(named.source === undefined ? [] : [await read(source, named.source)]),
    ...(await Promise.all(named.destinations.map((place) => read(destinations[0] ?? source, place)))),
  ];
  assertOfBuckets(given, [source, ...destinations]);
  const all = [source, ...destinations];
  const namedFor = ({ name }: InventoriedBucket) =>
    given.find(({ manifest }) => manifest.sourceBucket === name);
  const found = await Promise.all(
    all.map((bucket) => (namedFor(bucket) === undefined ? findInventory(bucket, prefix, signal) : undefined)),
  );
  const [foundSource, ...foundDestinations] = found;
  const matched = matchingDeliveries(
    foundSource ?? asFound(namedFor(source)?.manifest.listedAt ?? 0),
    destinations.map(
      (bucket, index) => foundDestinations[index] ?? asFound(namedFor(bucket)?.manifest.listedAt ?? 0),
    ),
  );
  return Promise.all(
    all.map(async (bucket, index) => {
      const known = namedFor(bucket);
      if (known !== undefined) {
        const note = `${printable(known.manifest.place)} is taken to list every version of ${bucket.name}${prefix === "" ? "" : ` below ${printable(prefix)}`}`;
        return { ...known, bucket, note };
      }
      const delivery = index === 0 ? matched.source : matched.destinations[index - 1];
      if (delivery === undefined) throw new Error("a bucket has no inventory");
      return read(bucket, delivery);
    }),
  );
}

/** A named inventory beside found ones: its time is what the others are chosen by. */
function asFound(listedAt: number) {
  return { id: "", prefix: "", deliveries: [{ bucketName: "", key: "", listedAt }] };
}

function assertOfBuckets(given: readonly Inventory[], buckets: readonly InventoriedBucket[]): void {
  const names = buckets.map(({ name }) => name);
  const problems = given
    .filter(({ manifest }) => !names.includes(manifest.sourceBucket))
    .map(
      ({ manifest }) =>
        `must be an inventory of ${names.join(" or ")}, got ${printable(manifest.place)}, which is one of ${printable(manifest.sourceBucket)}`,
    );
  if (problems.length > 0) throw new InvalidInputError("inventory", problems);
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

/** Outcomes that somebody can do something about. */
export function missedOutcomes({ outcomes }: Decision): number[] {
  return outcomes.flatMap(({ cause }, place) =>
    ["none", "wait"].includes(CAUSES[cause].remedy) ? [] : [place],
  );
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
