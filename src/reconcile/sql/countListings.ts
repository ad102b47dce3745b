/** Counts listings by SQL, destination after destination: the same whichever engine runs the queries. */
import type { ReplicationConfiguration } from "../../replication/rules";
import type { EngineAsk, EngineResult } from "../engine";
import { missedOutcomes } from "../missedOutcomes";
import type { KnownFacts } from "../meaning/bucketFacts";
import { decisionOf, destinationsOf } from "../meaning/decision";
import type { Dialect } from "./dialects";
import type { Listing } from "./listing";
import { keptQueries, type Query, type QuerySetting, tallyQuery, versionsQuery } from "./queries";
import { repeated, repeatsQuery } from "./repeats";
import { readTally, type TalliedDestination, type TallyRow } from "./readTally";

/** The listing of one bucket, and what is to be said of it. */
export interface Listed {
  readonly listing: Listing;
  /** Where it stands, if S3 did not write it. */
  readonly ownList?: string;
  /** When the listing began, in milliseconds since 1970. */
  readonly listedAt: number;
  readonly notCompared: readonly string[];
  readonly notes: readonly string[];
}

/** Where the queries run. */
export interface SqlRunner {
  readonly dialect: Dialect;
  readonly tally: (sql: string, destinationArn: string) => Promise<TallyRow[]>;
  /** Hands over the rows of `sql`, as `VERSION_COLUMNS` names them. @param order What stands behind ORDER BY, or nothing. */
  readonly eachVersion: (
    sql: string,
    order: string,
    take: (row: readonly unknown[]) => void,
  ) => Promise<void>;
  /**
   * Keeps what a query finds in a table of this run. An engine without it runs a second query for the list.
   * @returns The table as it stands behind FROM.
   */
  readonly keep?: (sql: string, destinationArn: string) => Promise<string>;
}

export interface CountSetting {
  readonly configuration: ReplicationConfiguration;
  /** What is known of each destination, beside the times of the listings. */
  readonly facts: readonly KnownFacts[];
}

/** @param listed The source's listing, and then those of the destinations in the order of `destinationsOf`. */
export async function countListings(
  { configuration, facts }: CountSetting,
  ask: EngineAsk,
  runner: SqlRunner,
  listed: readonly Listed[],
): Promise<Omit<EngineResult, "engine">> {
  const [source, ...destinations] = listed;
  if (source === undefined) throw new Error("the source has no listing");
  for (const each of listed) await assertOnce(runner, each, ask.prefix);
  const tallied: TalliedDestination[] = [];
  const lists: MissedQuery[] = [];
  for (const [index, arn] of destinationsOf(configuration).entries()) {
    const destination = destinations[index];
    if (destination === undefined) throw new Error("a destination has no listing");
    const decision = decisionOf(configuration, arn, {
      ...facts[index],
      sourceListedAt: source.listedAt,
      destinationListedAt: destination.listedAt,
    });
    const setting: QuerySetting = {
      dialect: runner.dialect,
      decision,
      source: source.listing,
      destination: destination.listing,
      prefix: ask.prefix,
    };
    const { tally, versions } = await queriesOf(runner, setting, ask, arn);
    tallied.push({ decision, query: tally, rows: await runner.tally(tally.sql, arn) });
    if (versions !== undefined) lists.push({ ...versions, destination: index });
  }
  await tellMissed(runner, lists, ask);
  return {
    decisions: tallied.map(({ decision }) => decision),
    tally: readTally(tallied, true),
    sourceListedAt: source.listedAt,
    destinationListedAt: destinations.map(({ listedAt }) => listedAt),
    notCompared: [
      ...listed.flatMap(({ notCompared }) => notCompared),
      ...(source.listing.fields.tags === undefined ? ["tags: S3 Inventory does not list them"] : []),
    ],
    notes: listed.flatMap(({ notes }) => notes),
  };
}

/** @throws InvalidInputError where somebody's own list holds a version twice: it would count twice, or be that of two days. */
async function assertOnce(
  { eachVersion }: SqlRunner,
  { listing, ownList }: Listed,
  prefix: string,
): Promise<void> {
  if (ownList === undefined) return;
  const repeats: { key: string; versionId: string }[] = [];
  await eachVersion(repeatsQuery(listing, prefix), "", ([, , key, versionId]) => {
    repeats.push({ key: String(key), versionId: String(versionId) });
  });
  if (repeats.length > 0) throw repeated(ownList, repeats);
}

/** What is asked for one destination: the counts, and the list where somebody wants it. */
async function queriesOf(
  { keep }: SqlRunner,
  setting: QuerySetting,
  { onMissed }: EngineAsk,
  arn: string,
): Promise<{ readonly tally: Query; readonly versions?: Query }> {
  if (onMissed === undefined) return { tally: tallyQuery(setting) };
  const places = missedOutcomes(setting.decision);
  if (keep === undefined) return { tally: tallyQuery(setting), versions: versionsQuery(setting, places) };
  const { groups, tally, versions } = keptQueries(setting, places);
  const table = await keep(groups, arn);
  return { tally: tally(table), versions: versions(table) };
}

interface MissedQuery extends Query {
  readonly destination: number;
}

/** The columns of a list of versions, in their order. */
export const VERSION_COLUMNS = ["branch", "cause", "k", "v", "destination"] as const;

/** Versions that several destinations miss come one after the other, so that whoever lists them can tell. */
async function tellMissed(
  runner: SqlRunner,
  lists: readonly MissedQuery[],
  { onMissed }: EngineAsk,
): Promise<void> {
  if (onMissed === undefined || lists.length === 0) return;
  const sql = lists
    .map(({ sql: list, destination }) => `SELECT *, ${destination} AS destination FROM (${list}) AS list`)
    .join(" UNION ALL ");
  const order = lists.length > 1 ? "k, v" : "";
  await runner.eachVersion(sql, order, ([branch, cause, key, versionId, place]) => {
    const destination = Number(place);
    const list = lists.find((each) => each.destination === destination);
    if (list === undefined) throw new Error("a version is of a destination that nobody asked about");
    onMissed({
      destination,
      outcome: list.outcomeOf(Number(branch), Number(cause)),
      key: String(key),
      versionId: String(versionId),
    });
  });
}
