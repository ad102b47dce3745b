/** The queries of a reconciliation, over two listings: how many versions are decided on how, and which they are. */
import type { Decision } from "../meaning/decision";
import type { Column } from "../meaning/row";
import { isLocated, MOST_EXAMPLES, MOST_PREFIXES } from "../meaning/tally";
import { conditionSql, type Leaf, type Rendering } from "./conditions";
import { causesOf, decisionSql, type DecisionSql, leavesOfDecision } from "./decision";
import type { Dialect } from "./dialects";
import { type JoinedSides, joinedSides, SHORT, type Side } from "./joinedSides";
import { type Listing, versionsSql } from "./listing";

export interface QuerySetting {
  readonly dialect: Dialect;
  readonly decision: Decision;
  readonly source: Listing;
  readonly destination: Listing;
  /** Only keys that begin with it; empty for all. */
  readonly prefix: string;
}

/** A query, and what the numbers in its rows stand for. */
export interface Query {
  readonly sql: string;
  readonly outcomeOf: DecisionSql["outcomeOf"];
}

/** What a row of the tally query holds. Numbers are texts or bigints, as the engine gives them. */
export const TALLY_COLUMNS = [
  "branch",
  "cause",
  "is_total",
  "prefix",
  "versions",
  "bytes",
  "oldest",
  "newest",
  "source_versions",
  "source_bytes",
  "failed_versions",
  "failed_bytes",
  "pending_versions",
  "pending_bytes",
  "examples",
] as const;

/** What is counted, beside what the decision looks at. */
const COUNTED = [
  "source.isThere",
  "source.size",
  "source.lastModified",
  "destination.size",
  "destination.lastModified",
] as const satisfies readonly Column[];

/** Statuses whose versions lifecycle holds. */
const HELD = (["FAILED", "PENDING"] as const).map((value) => ({
  kind: "equals" as const,
  column: "source.replicationStatus" as const,
  value,
}));

/** What is added up. */
const SUMMED = TALLY_COLUMNS.filter((name) => /(?:versions|bytes)$/.test(name));

/** What a group's `held` says: no version of the source, one that is not held, or the place of its status in HELD. */
const NO_SOURCE = 0;
const NOT_HELD = 1;
const heldNumber = (place: number) => NOT_HELD + 1 + place;

/** Rows of groups: how many versions are alike, their bytes and times, and the smallest of them. */
interface Groups {
  readonly sql: string;
  readonly outcomeOf: DecisionSql["outcomeOf"];
}

/**
 * Versions grouped once, by outcome, status and prefix. Each row has one key beside: what else is counted is added up of
 * the few groups.
 * @param listed Condition on versions that are groups of their own, with key and version id as `k` and `v`.
 */
function groupsOf(setting: QuerySetting, listed?: (outcomeOf: DecisionSql["outcomeOf"]) => string): Groups {
  const { dialect } = setting;
  const { decided, outcomeOf, rendering } = decidedRows(setting, COUNTED, HELD);
  const isSource = rendering.valueSql("source.isThere");
  const either = (sqlOf: (side: Side) => string) =>
    `CASE WHEN ${isSource} THEN ${sqlOf("source")} ELSE ${sqlOf("destination")} END`;
  const modified = modifiedOf(setting, rendering);
  const located = ifLocated(setting.decision);
  const held = `CASE WHEN NOT ${isSource} THEN ${NO_SOURCE} ${HELD.map((status, place) => `WHEN ${conditionSql(status, rendering)} THEN ${heldNumber(place)}`).join(" ")} ELSE ${NOT_HELD} END`;
  const own = listed === undefined ? [] : ["k", "v"];
  const isOwn = listed?.(outcomeOf) ?? "FALSE";
  const columns = [
    "branch",
    "cause",
    `${held} AS held`,
    `${located("coalesce(regexp_extract(k, '^[^/]*/([^/]*/)?'), '')")} AS prefix`,
    `${located(dialect.pair("k", "v"))} AS example`,
    `${either((side) => valueOf(rendering, `${side}.size`))} AS size`,
    `${either(modified.sqlOf)} AS modified`,
    ...own.map((name) => `CASE WHEN ${isOwn} THEN ${name} END AS ${name}`),
  ];
  const by = ["branch", "cause", "held", "prefix", ...own].join(", ");
  return {
    sql: `SELECT ${by}, count(*) AS versions, sum(size) AS bytes, ${modified.milliseconds("min(modified)")} AS oldest, ${modified.milliseconds("max(modified)")} AS newest, min(example) AS example FROM (SELECT ${columns.join(", ")} FROM (${decided}) AS decided) AS named GROUP BY ${by}`,
    outcomeOf,
  };
}

/** Times that both listings write alike are made milliseconds once a group, and not once a version. */
function modifiedOf({ dialect, source, destination }: QuerySetting, rendering: Omit<JoinedSides, "columns">) {
  const isAlike =
    source.time === destination.time &&
    rendering.has("source.lastModified") &&
    rendering.has("destination.lastModified");
  return {
    sqlOf: (side: Side) =>
      isAlike ? rendering.writtenSql(side, "lastModified") : valueOf(rendering, `${side}.lastModified`),
    milliseconds: (sql: string) => (isAlike ? dialect.milliseconds(sql, source.time) : sql),
  };
}

/**
 * A row for each outcome, and one for each of its largest prefixes. Trino would take NULL for the smallest example.
 */
export function tallyQuery(setting: QuerySetting): Query {
  const { sql, outcomeOf } = groupsOf(setting);
  return { sql: talliedGroups(`(${sql}) AS groups`, setting.dialect), outcomeOf };
}

/** The queries of an engine that keeps a table: the join runs once, and both the counts and the list come of it. */
export interface KeptQueries {
  /** What the table is made of. */
  readonly groups: string;
  readonly tally: (table: string) => Query;
  readonly versions: (table: string) => Query;
}

/** @param places Places among the decision's outcomes whose versions are listed. */
export function keptQueries(setting: QuerySetting, places: readonly number[]): KeptQueries {
  const { sql, outcomeOf } = groupsOf(setting, (of) => isOneOf(setting.decision, of, places));
  return {
    groups: sql,
    tally: (table) => ({ sql: talliedGroups(table, setting.dialect), outcomeOf }),
    versions: (table) => ({ sql: `SELECT branch, cause, k, v FROM ${table} WHERE k IS NOT NULL`, outcomeOf }),
  };
}

function talliedGroups(from: string, dialect: Dialect): string {
  const ofHeld = (name: string, condition: string) =>
    ["versions", "bytes"].map(
      (counted) => `sum(${counted}) FILTER (WHERE ${condition}) AS ${name}_${counted}`,
    );
  const sums = [
    "sum(versions) AS versions",
    "sum(bytes) AS bytes",
    ...ofHeld("source", `held <> ${NO_SOURCE}`),
    ...HELD.flatMap(({ value }, place) => ofHeld(value.toLowerCase(), `held = ${heldNumber(place)}`)),
  ];
  const times = "min(oldest) AS oldest, max(newest) AS newest";
  // An example for each prefix, before those of all prefixes are chosen from.
  const prefixes = `SELECT branch, cause, prefix, ${sums.join(", ")}, ${times}, min(example) AS example FROM ${from} GROUP BY branch, cause, prefix`;
  const totals = `SELECT branch, cause, prefix, grouping(prefix) AS is_total, ${SUMMED.map((name) => `sum(${name}) AS ${name}`).join(", ")}, ${times}, min(example, ${MOST_EXAMPLES}) FILTER (WHERE example IS NOT NULL) AS examples FROM (${prefixes}) AS prefixes GROUP BY GROUPING SETS ((branch, cause), (branch, cause, prefix))`;
  const ranked = `SELECT *, row_number() OVER (PARTITION BY branch, cause, is_total ORDER BY versions DESC, prefix) AS place FROM (${totals}) AS totals`;
  const columns = TALLY_COLUMNS.map((name) =>
    name === "examples"
      ? `CASE WHEN is_total = 1 THEN ${dialect.pairsAsJson("examples")} END AS examples`
      : name,
  );
  return `SELECT ${columns.join(", ")} FROM (${ranked}) AS ranked WHERE place <= ${MOST_PREFIXES} AND (is_total = 1 OR prefix IS NOT NULL)`;
}

/** Nobody looks for where the versions in place are, and telling it would take a third of the time. */
function ifLocated({ outcomes }: Decision): (sql: string) => string {
  const others = causesOf(outcomes).flatMap((cause, number) => (isLocated(cause) ? [] : [number]));
  return (sql) =>
    others.length === 0 ? sql : `CASE WHEN cause NOT IN (${others.join(", ")}) THEN ${sql} END`;
}

/**
 * A row of branch, cause, key and version id for every version of some outcomes.
 * @param places Places among the decision's outcomes; left out for all.
 */
export function versionsQuery(setting: QuerySetting, places?: readonly number[]): Query {
  const { decided, outcomeOf } = decidedRows(setting, [], []);
  const where = places === undefined ? "" : ` WHERE ${isOneOf(setting.decision, outcomeOf, places)}`;
  return { sql: `SELECT branch, cause, k, v FROM (${decided}) AS decided${where}`, outcomeOf };
}

/** Whether a row's branch and cause stand for one of some outcomes. */
function isOneOf(
  { branches, outcomes }: Decision,
  outcomeOf: DecisionSql["outcomeOf"],
  places: readonly number[],
): string {
  const causes = causesOf(outcomes);
  const wanted = branches.flatMap((_, branch) => {
    const numbers = causes.flatMap((__, cause) =>
      places.includes(placeOrNone(outcomeOf, branch, cause)) ? [cause] : [],
    );
    return numbers.length === 0 ? [] : [`(branch = ${branch} AND cause IN (${numbers.join(", ")}))`];
  });
  return wanted.length === 0 ? "FALSE" : `(${wanted.join(" OR ")})`;
}

function placeOrNone(outcomeOf: Query["outcomeOf"], branch: number, cause: number): number {
  try {
    return outcomeOf(branch, cause);
  } catch {
    return -1;
  }
}

function valueOf({ has, valueSql }: Rendering, column: Column): string {
  return has(column) ? valueSql(column) : "CAST(NULL AS BIGINT)";
}

/** Every version of both sides with the numbers of its branch and its cause. */
function decidedRows(setting: QuerySetting, counted: readonly Column[], asked: readonly Leaf[]) {
  const { dialect, decision, prefix } = setting;
  const leaves = [...leavesOfDecision(decision.branches), ...asked];
  const { columns, ...rendering } = joinedSides(setting, leaves, counted, dialect);
  const { branch, cause, outcomeOf } = decisionSql(decision, "branch", rendering);
  const side = (name: Side) => {
    const brought = columns[name].map(([column, sql]) => `${sql} AS ${column}`);
    return `(${versionsSql(setting[name], prefix, brought)}) AS ${SHORT[name]}`;
  };
  const names = (["source", "destination"] as const).flatMap((name) =>
    columns[name].map(([column]) => `${SHORT[name]}.${column} AS ${SHORT[name]}_${column}`),
  );
  const joined = `SELECT coalesce(s.k, d.k) AS k, coalesce(s.v, d.v) AS v, ${names.join(", ")} FROM ${side("source")} FULL OUTER JOIN ${side("destination")} ON s.k = d.k AND s.v = d.v`;
  const branched = `SELECT *, ${branch} AS branch FROM (${joined}) AS joined`;
  return { decided: `SELECT *, ${cause} AS cause FROM (${branched}) AS branched`, outcomeOf, rendering };
}
