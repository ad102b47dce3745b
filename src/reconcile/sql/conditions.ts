/** Conditions of the decision as SQL. */
import type { Condition } from "../meaning/conditions";
import { type Column, type ColumnFacts, COLUMNS } from "../meaning/row";
import { type Dialect, literal } from "./dialects";

/** @returns SQL of a column; undefined where the listing does not have it. */
export type ColumnSql = (column: Column) => string | undefined;

/** A comparison with what nobody listed. */
const UNKNOWN = "CAST(NULL AS BOOLEAN)";

/** What a condition is rendered with. */
export interface Rendering {
  readonly columnSql: ColumnSql;
  readonly dialect: Dialect;
  /** @returns SQL that stands for the truth of a comparison with constants; undefined where the column itself does. */
  readonly truthSql?: (comparison: Comparison) => string | undefined;
}

/** The same truth as `compile` of `meaning/evaluate` gives: NULL stands for unknown. */
export function conditionSql(condition: Condition, rendering: Rendering): string {
  const { columnSql, dialect, truthSql } = rendering;
  const of = (inner: Condition) => conditionSql(inner, rendering);
  switch (condition.kind) {
    case "and":
      return condition.of.length === 0 ? "TRUE" : `(${condition.of.map(of).join(" AND ")})`;
    case "or":
      return condition.of.length === 0 ? "FALSE" : `(${condition.of.map(of).join(" OR ")})`;
    case "not":
      return `(NOT ${of(condition.of)})`;
    case "holds":
      return `coalesce(${of(condition.of)}, FALSE)`;
    case "isUnread":
      return columnSql(condition.column) === undefined ? isThere(condition.column, columnSql) : "FALSE";
    case "same": {
      const one = columnSql(condition.column);
      const other = columnSql(condition.other);
      if (one === undefined || other === undefined) return UNKNOWN;
      return factsOf(condition.column).type === "tags"
        ? `(${dialect.isSameMap(one, other)})`
        : `(${one} = ${other})`;
    }
    case "equals":
    case "oneOf":
    case "startsWith":
    case "laterThan":
    case "hasTag": {
      const truth = truthSql?.(condition);
      if (truth !== undefined) return truth;
      const sql = columnSql(condition.column);
      return sql === undefined ? UNKNOWN : comparisonSql(condition, sql, dialect);
    }
  }
}

/** A column held against constants. */
export type Comparison = Extract<
  Condition,
  { kind: "equals" | "oneOf" | "startsWith" | "laterThan" | "hasTag" }
>;

export function comparisonSql(condition: Comparison, sql: string, dialect: Dialect): string {
  switch (condition.kind) {
    case "equals": {
      const { value } = condition;
      if (typeof value === "boolean") return value ? `(${sql})` : `(NOT ${sql})`;
      return `(${sql} = ${literal(value)})`;
    }
    case "oneOf":
      return condition.values.length === 0
        ? `(${sql} <> ${sql})`
        : `(${sql} IN (${condition.values.map(literal).join(", ")}))`;
    case "startsWith":
      return `starts_with(${sql}, ${literal(condition.prefix)})`;
    case "laterThan":
      return `(${sql} > ${whole(condition.time)})`;
    case "hasTag": {
      const value = dialect.valueOfTag(sql, literal(condition.key));
      return `CASE WHEN ${sql} IS NOT NULL THEN coalesce(${value} = ${literal(condition.value)}, FALSE) END`;
    }
  }
}

function isThere(column: Column, columnSql: ColumnSql): string {
  const { side } = factsOf(column);
  if (side === "both") return "FALSE";
  return columnSql(`${side}.isThere`) ?? "FALSE";
}

/** What a column is, and of which side. */
export function factsOf(column: Column): ColumnFacts {
  return COLUMNS[column] as ColumnFacts;
}

/** A number of milliseconds as SQL. */
export function whole(time: number): string {
  if (!Number.isSafeInteger(time)) throw new Error(`a time is a whole number of milliseconds, got ${time}`);
  return String(time);
}

/** A condition that is not made of others. */
export type Leaf = Exclude<Condition, { kind: "and" | "or" | "not" | "holds" }>;

export function isComparison(leaf: Leaf): leaf is Comparison {
  return leaf.kind !== "same" && leaf.kind !== "isUnread";
}

/** Everything that a condition asks. */
export function leavesOf(condition: Condition): Leaf[] {
  if (!("of" in condition)) return [condition];
  return [condition.of].flat().flatMap(leavesOf);
}
