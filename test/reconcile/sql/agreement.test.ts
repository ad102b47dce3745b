/** The decision in SQL is the decision in JavaScript, row by row. */
import { strict as assert } from "node:assert";
import { outcomeName } from "../../../src/reconcile/meaning/branches";
import { type Decision, decisionOf, destinationsOf } from "../../../src/reconcile/meaning/decision";
import { deciderOf } from "../../../src/reconcile/meaning/evaluate";
import type { Row, Version } from "../../../src/reconcile/meaning/row";
import { type Example, prefixOf, type Tally, Tallying } from "../../../src/reconcile/meaning/tally";
import { DUCKDB } from "../../../src/reconcile/sql/dialects";
import { tallyQuery, versionsQuery } from "../../../src/reconcile/sql/queries";
import { readTally, type TallyRow } from "../../../src/reconcile/sql/readTally";
import { openTables, tableListing } from "../support/duckdbTables";
import {
  DESTINATION_ARN,
  randomConfiguration,
  randomFacts,
  randomNumbers,
  randomRow,
} from "../support/randomRows";

/** Rows in all; RECONCILE_ROWS sets another number. */
const ROWS = Number(process.env.RECONCILE_ROWS ?? 20_000);
const CONFIGURATIONS = 20;

/** Columns that listings are without, one set a configuration. */
const MISSING: readonly (readonly string[])[] = [
  [],
  ["object_tags"],
  ["object_tags", "replication_status"],
  ["encryption_status", "object_owner"],
  ["size", "last_modified_date", "storage_class", "is_latest", "intelligent_tiering_access_tier"],
];
const FIELDS: Readonly<Record<string, keyof Version>> = {
  object_tags: "tags",
  replication_status: "replicationStatus",
  encryption_status: "encryption",
  object_owner: "owner",
  size: "size",
  last_modified_date: "lastModified",
  storage_class: "storageClass",
  is_latest: "isLatest",
  intelligent_tiering_access_tier: "archiveStatus",
};

/** The version as a listing without these columns says it. */
function without(version: Version | undefined, missing: readonly string[]): Version | undefined {
  if (version === undefined) return undefined;
  const gone = new Set(missing.map((column) => FIELDS[column]));
  return Object.fromEntries(
    Object.entries(version).filter(([field]) => !gone.has(field as keyof Version)),
  ) as unknown as Version;
}

const nameOf = ({ key, versionId }: Pick<Row, "key" | "versionId">) => JSON.stringify([key, versionId]);

describe(`${ROWS.toLocaleString("en")} random versions decided in JavaScript and in DuckDB`, function () {
  this.timeout(120_000);

  it("agree row by row, and in what is counted", async () => {
    const random = randomNumbers(18);
    const met = new Set<string>();
    for (let number = 0; number < CONFIGURATIONS; number++) {
      const rows = Array.from({ length: ROWS / CONFIGURATIONS }, (_, index) => randomRow(random, index));
      let configuration = randomConfiguration(random);
      while (destinationsOf(configuration).length === 0) configuration = randomConfiguration(random);
      const decision = decisionOf(configuration, DESTINATION_ARN, randomFacts(random));
      const missing = MISSING[number % MISSING.length] ?? [];
      const read = rows.map((row): Row => ({
        key: row.key,
        versionId: row.versionId,
        ...(row.source === undefined ? {} : { source: without(row.source, missing) }),
        ...(row.destination === undefined ? {} : { destination: without(row.destination, missing) }),
      }));
      const connection = await openTables(rows);
      const setting = {
        dialect: DUCKDB,
        decision,
        source: tableListing("source", missing),
        destination: tableListing("destination", missing),
        prefix: "",
      };
      await comparesRows(setting, read, connection, met);
      await comparesTally(setting, read, connection);
    }
    assert.ok(met.size > 30, `only ${[...met].sort().join(", ")} were met`);
  });
});

type Setting = Parameters<typeof tallyQuery>[0];
type Connection = Awaited<ReturnType<typeof openTables>>;

async function comparesRows(
  setting: Setting,
  rows: readonly Row[],
  connection: Connection,
  met: Set<string>,
): Promise<void> {
  const { decision } = setting;
  const decide = deciderOf(decision);
  const query = versionsQuery(setting);
  const found = new Map<string, number>();
  for (const [branch, cause, key, versionId] of await (await connection.run(query.sql)).getRows()) {
    found.set(
      nameOf({ key: String(key), versionId: String(versionId) }),
      query.outcomeOf(Number(branch), Number(cause)),
    );
  }
  assert.equal(found.size, rows.length);
  for (const row of rows) {
    const expected = outcome(decision, decide(row));
    met.add(decision.outcomes[decide(row)]?.cause ?? "");
    assert.equal(outcome(decision, found.get(nameOf(row))), expected, JSON.stringify(row));
  }
}

const outcome = (decision: Decision, place: number | undefined) =>
  JSON.stringify(decision.outcomes[place ?? -1]);

async function comparesTally(setting: Setting, rows: readonly Row[], connection: Connection): Promise<void> {
  const { decision } = setting;
  const decide = deciderOf(decision);
  const tallying = new Tallying([decision]);
  for (const row of rows) {
    tallying.addSource(row);
    tallying.add(0, decide(row), row);
  }
  const query = tallyQuery(setting);
  const counted = (await (await connection.run(query.sql)).getRowObjects()) as unknown as TallyRow[];
  const tally = readTally([{ decision, query, rows: counted }], true);
  assert.deepEqual(withoutExamples(tally), withoutExamples(tallying.tally(true)));
  for (const count of tally.destinations[0]?.counts ?? []) {
    const alike = rows.filter((row) => outcomeName(decision.outcomes[decide(row)]!) === outcomeName(count));
    const sorted = alike.map(({ key, versionId }) => ({ key, versionId })).sort(byBytes);
    const isFirst = ({ key }: Example) =>
      sorted.find((other) => prefixOf(other.key) === prefixOf(key))?.key === key;
    const smallest = sorted.filter(isFirst).slice(0, 3);
    assert.deepEqual(count.examples, count.state === "in place" ? [] : smallest);
  }
}

const byBytes = (one: Row, other: Row) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key));

/** Which examples are kept is the engine's own: here those with the smallest keys. */
function withoutExamples(tally: Tally): Tally {
  const destinations = tally.destinations.map(({ destinationArn, counts }) => ({
    destinationArn,
    counts: counts.map((count) => ({ ...count, examples: [] })),
  }));
  const held = [...tally.held].sort((one, other) => (one.status < other.status ? -1 : 1));
  return { ...tally, destinations, held };
}
