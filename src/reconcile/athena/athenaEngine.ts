/** The athena engine: the same queries, run by Athena over the inventories where they are. */
import type { AwsAccount } from "../../aws/account";
import { type Engine, type EngineAsk, type EngineResult, NotAgreed } from "../engine";
import { listedOf, type LocateSetting, locateInventories } from "../inventory/locate";
import { TRINO } from "../sql/dialects";
import {
  countListings,
  type CountSetting,
  type Listed,
  type SqlRunner,
  VERSION_COLUMNS,
} from "../sql/countListings";
import { TALLY_COLUMNS } from "../sql/queries";
import type { TallyRow } from "../sql/readTally";
import { costSentence } from "./cost";
import { columnsOf, type QueryPlace, rowsOf, runQuery } from "./queries";
import { given } from "../../util/optional";
import { type GivenTable, isLiveInventory, listingOfGiven, nameOfGiven, runName, tableOfRun } from "./tables";

export interface AthenaSetting extends LocateSetting, CountSetting {
  /** Account and Region of the workgroup. */
  readonly account: AwsAccount;
  readonly region: string;
  readonly workGroup: string;
  /** Database in which the tables of the run are made. */
  readonly database: string;
  /** Tables that are there already: the source's, and those of the destinations in their order. */
  readonly tables?: { readonly source: GivenTable; readonly destinations: readonly GivenTable[] };
  /** Asked before anything is made or scanned. @returns Whether to go on. */
  readonly agrees: (sentence: string) => Promise<boolean>;
  /** The first pause between two looks at a query, in milliseconds. */
  readonly pause?: number;
  /** Default: the time now, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * A live inventory table shows what changed within the hour, typically. In milliseconds.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html
 */
const LIVE_DELAY = 3_600_000;

export function athenaEngine(setting: AthenaSetting): Engine {
  return { name: "athena", run: (ask) => run(setting, ask) };
}

async function run(setting: AthenaSetting, ask: EngineAsk): Promise<EngineResult> {
  const { account, region, workGroup, database, pause } = setting;
  const place: QueryPlace = {
    athena: await account.athena(region),
    workGroup,
    database,
    callerArn: account.callerArn,
    signal: ask.signal,
    ...(pause === undefined ? {} : { pause }),
  };
  const scans = ask.onMissed === undefined ? 1 : 2;
  if (setting.tables !== undefined) {
    await agreed(setting, `${costSentence([undefined], scans)}; nothing is made`);
    return count(setting, ask, place, await givenTables(setting, setting.tables, place));
  }
  const inventories = await locateInventories({ ...setting, readsOrc: true }, ask);
  const name = runName();
  const tables = inventories.map((inventory, index) => tableOfRun(`${name}_${index}`, database, inventory));
  await agreed(
    setting,
    `${costSentence(inventories, scans)}; ${tables.length} tables named ${name}_* are made in database '${database}' and dropped at the end`,
  );
  try {
    for (const { create } of tables) await runQuery(place, create);
    const listed = tables.flatMap(({ listing }, index) => {
      const inventory = inventories[index];
      return inventory === undefined ? [] : [listedOf(inventory, listing, index)];
    });
    return await count(setting, ask, place, listed);
  } finally {
    // A signal that was aborted would end these too.
    const untilDone = { ...place, signal: new AbortController().signal };
    for (const { drop } of tables) await runQuery(untilDone, drop);
  }
}

async function agreed({ agrees, workGroup }: AthenaSetting, sentence: string): Promise<void> {
  if (!(await agrees(`workgroup '${workGroup}': ${sentence}`)))
    throw new NotAgreed("nothing was made or scanned");
}

async function givenTables(
  { source, destinations, now = Date.now }: AthenaSetting,
  tables: NonNullable<AthenaSetting["tables"]>,
  place: QueryPlace,
): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const [index, bucket] of [source, ...destinations].entries()) {
    const table = index === 0 ? tables.source : tables.destinations[index - 1];
    if (table === undefined) throw new Error(`there is no table of ${bucket.name}`);
    const looked = await runQuery(place, `SELECT * FROM ${nameOfGiven(table)} LIMIT 0`);
    const types = await columnsOf(place, looked);
    const missing = ["replication_status", "object_owner", "intelligent_tiering_access_tier"].filter(
      (column) => !types.has(column) && (index === 0 || column === "object_owner"),
    );
    listed.push({
      listing: listingOfGiven(table, types),
      ...given("ownList", isLiveInventory(table) ? undefined : table.parts.join(".")),
      listedAt: now() - LIVE_DELAY,
      notCompared: missing.map((column) => `${table.parts.join(".")} has no column ${column}`),
      notes: [
        `${table.parts.join(".")} is taken to list every version of ${bucket.name} as it was an hour ago`,
      ],
    });
  }
  return listed;
}

async function count(
  setting: AthenaSetting,
  ask: EngineAsk,
  place: QueryPlace,
  listed: readonly Listed[],
): Promise<EngineResult> {
  let scanned = 0;
  const runner: SqlRunner = {
    dialect: TRINO,
    tally: async (sql, destinationArn) => {
      const finished = await runQuery(place, sql, (bytes) =>
        ask.onProgress(Math.round((scanned + bytes) / 1e6), `MB scanned by Athena (${destinationArn})`),
      );
      scanned += finished.scanned;
      const rows: TallyRow[] = [];
      for await (const values of rowsOf(place, finished)) {
        rows.push(
          Object.fromEntries(TALLY_COLUMNS.map((name, at) => [name, values[at] ?? null])) as TallyRow,
        );
      }
      return rows;
    },
    eachVersion: async (sql, order, take) => {
      const inOrder =
        order === "" ? sql : `SELECT ${VERSION_COLUMNS.join(", ")} FROM (${sql}) AS lists ORDER BY ${order}`;
      const finished = await runQuery(place, inOrder);
      for await (const row of rowsOf(place, finished)) take(row.map((value) => value ?? ""));
      scanned += finished.scanned;
    },
  };
  const counted = await countListings(setting, ask, runner, listed);
  const sentence = `Athena scanned ${(scanned / 1e6).toFixed(1)} MB in workgroup '${place.workGroup}'`;
  return { engine: "athena", ...counted, notes: [...counted.notes, sentence] };
}
