/** The queries of a reconciliation, over two listings: how many versions are decided on how, and which they are. */
import { CAUSES } from "../meaning/causes";
import type { Decision } from "../meaning/decision";
import type { Column, Version } from "../meaning/row";
import { MOST_EXAMPLES, MOST_PREFIXES } from "../meaning/tally";
import { columnsOfDecision, decisionSql, type DecisionSql } from "./decision";
import { type Dialect, literal } from "./dialects";
import { type ColumnSql, factsOf } from "./conditions";

/** Where the versions of one bucket stand, and the SQL of each field that the listing has. */
export interface Listing {
  /** What stands behind FROM. */
  readonly from: string;
  readonly key: string;
  readonly versionId: string;
  readonly fields: Readonly<Partial<Record<keyof Version, string>>>;
}

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
  "source.replicationStatus",
  "destination.size",
  "destination.lastModified",
] as const satisfies readonly Column[];

/** A row for each outcome, and one for each of its largest prefixes. */
export function tallyQuery(setting: QuerySetting): Query {
  const { dialect } = setting;
  const { decided, outcomeOf, sqlOf } = decidedRows(setting, COUNTED);
  const isSource = sqlOf("source.isThere") ?? "FALSE";
  const either = (field: "size" | "lastModified") =>
    `CASE WHEN ${isSource} THEN ${valueOf(sqlOf, `source.${field}`)} ELSE ${valueOf(sqlOf, `destination.${field}`)} END`;
  const sourceSize = valueOf(sqlOf, "source.size");
  const status = sqlOf("source.replicationStatus") ?? "CAST(NULL AS VARCHAR)";
  const counted = (name: string, condition: string) =>
    `count(*) FILTER (WHERE ${condition}) AS ${name}_versions, coalesce(sum(${sourceSize}) FILTER (WHERE ${condition}), 0) AS ${name}_bytes`;
  const groups = `SELECT branch, cause, prefix, grouping(prefix) AS is_total, count(*) AS versions, coalesce(sum(${either("size")}), 0) AS bytes, min(${either("lastModified")}) AS oldest, max(${either("lastModified")}) AS newest, ${counted("source", isSource)}, ${counted("failed", `${status} = 'FAILED'`)}, ${counted("pending", `${status} = 'PENDING'`)}, min(${dialect.pair("k", "v")}, ${MOST_EXAMPLES}) FILTER (WHERE ${isExemplified(setting.decision)}) AS examples FROM (SELECT *, coalesce(regexp_extract(k, '^[^/]*/([^/]*/)?'), '') AS prefix FROM (${decided}) AS decided) AS named GROUP BY GROUPING SETS ((branch, cause), (branch, cause, prefix))`;
  const ranked = `SELECT *, row_number() OVER (PARTITION BY branch, cause, is_total ORDER BY versions DESC, prefix) AS place FROM (${groups}) AS groups`;
  const columns = TALLY_COLUMNS.map((name) =>
    name === "examples"
      ? `CASE WHEN is_total = 1 THEN ${dialect.pairsAsJson("examples")} END AS examples`
      : name,
  );
  return {
    sql: `SELECT ${columns.join(", ")} FROM (${ranked}) AS ranked WHERE place <= ${MOST_PREFIXES}`,
    outcomeOf,
  };
}

/** Nobody looks for examples of what is in place, and finding them would take a third of the time. */
function isExemplified({ outcomes }: Decision): string {
  const causes = [...new Set(outcomes.map(({ cause }) => cause))];
  const inPlace = causes.flatMap((cause, number) => (CAUSES[cause].state === "in place" ? [number] : []));
  return inPlace.length === 0 ? "TRUE" : `cause NOT IN (${inPlace.join(", ")})`;
}

/**
 * A row of branch, cause, key and version id for every version of some outcomes.
 * @param places Places among the decision's outcomes; left out for all.
 */
export function versionsQuery(setting: QuerySetting, places?: readonly number[]): Query {
  const { decided, outcomeOf } = decidedRows(setting, []);
  const { branches, outcomes } = setting.decision;
  const causes = [...new Set(outcomes.map(({ cause }) => cause))];
  const wanted = branches.flatMap((_, branch) => {
    const numbers = causes.flatMap((__, cause) =>
      places?.includes(placeOrNone(outcomeOf, branch, cause)) === true ? [cause] : [],
    );
    return numbers.length === 0 ? [] : [`(branch = ${branch} AND cause IN (${numbers.join(", ")}))`];
  });
  const where = places === undefined ? "" : ` WHERE ${wanted.length === 0 ? "FALSE" : wanted.join(" OR ")}`;
  return { sql: `SELECT branch, cause, k, v FROM (${decided}) AS decided${where}`, outcomeOf };
}

function placeOrNone(outcomeOf: Query["outcomeOf"], branch: number, cause: number): number {
  try {
    return outcomeOf(branch, cause);
  } catch {
    return -1;
  }
}

function valueOf(sqlOf: ColumnSql, column: Column): string {
  return sqlOf(column) ?? "CAST(NULL AS BIGINT)";
}

/** Every version of both sides with the numbers of its branch and its cause. */
function decidedRows(setting: QuerySetting, counted: readonly Column[]) {
  const { dialect, decision } = setting;
  const columns = [...new Set([...columnsOfDecision(decision.branches), ...counted])];
  const fieldsOf = (side: "source" | "destination") =>
    columns.flatMap((column) => {
      const { side: owner, field } = factsOf(column);
      const sql = field === undefined ? undefined : setting[side].fields[field];
      return owner === side && field !== undefined && sql !== undefined ? [[field, sql] as const] : [];
    });
  const fields = { source: fieldsOf("source"), destination: fieldsOf("destination") };
  const sqlOf: ColumnSql = (column) => {
    if (column === "key") return "k";
    if (column === "versionId") return "v";
    if (column === "source.isThere") return "(s_there IS NOT NULL)";
    if (column === "destination.isThere") return "(d_there IS NOT NULL)";
    const [side, field] = column.split(".") as ["source" | "destination", keyof Version];
    if (!fields[side].some(([name]) => name === field)) return undefined;
    return `${side === "source" ? "s" : "d"}_${snake(field)}`;
  };
  const { branch, cause, outcomeOf } = decisionSql(decision, "branch", sqlOf, dialect);
  const names = (side: "source" | "destination", table: "s" | "d") =>
    [
      `${table}.there AS ${table}_there`,
      ...fields[side].map(([f]) => `${table}.${snake(f)} AS ${table}_${snake(f)}`),
    ].join(", ");
  const side = (name: "source" | "destination") => versionsOf(setting[name], fields[name], setting.prefix);
  const joined = `SELECT coalesce(s.k, d.k) AS k, coalesce(s.v, d.v) AS v, ${names("source", "s")}, ${names("destination", "d")} FROM (${side("source")}) AS s FULL OUTER JOIN (${side("destination")}) AS d ON s.k = d.k AND s.v = d.v`;
  const branched = `SELECT *, ${branch} AS branch FROM (${joined}) AS joined`;
  return {
    decided: `SELECT *, ${cause} AS cause FROM (${branched}) AS branched`,
    outcomeOf,
    sqlOf,
  };
}

function versionsOf(
  listing: Listing,
  fields: readonly (readonly [string, string])[],
  prefix: string,
): string {
  const columns = [
    `${listing.key} AS k`,
    `coalesce(nullif(${listing.versionId}, ''), 'null') AS v`,
    "TRUE AS there",
    ...fields.map(([field, sql]) => `${sql} AS ${snake(field)}`),
  ];
  const where = prefix === "" ? "" : ` WHERE starts_with(${listing.key}, ${literal(prefix)})`;
  return `SELECT ${columns.join(", ")} FROM ${listing.from}${where}`;
}

/** A field as a name that needs no quotes in either dialect. */
function snake(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
