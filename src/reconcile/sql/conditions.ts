/** Conditions of the decision as SQL. */
import type { Condition } from "../meaning/conditions";
import { type Column, type ColumnFacts, COLUMNS } from "../meaning/row";
import { type Dialect, literal } from "./dialects";

/** What a condition is rendered with. */
export interface Rendering {
  readonly dialect: Dialect;
  /** Whether the listing has a column. */
  readonly has: (column: Column) => boolean;
  /** SQL of the value of a column that the listing has. */
  readonly valueSql: (column: Column) => string;
  /** SQL that is true exactly where a leaf comes out as wanted; undefined where the values themselves are asked. */
  readonly packedSql: (leaf: Leaf, wanted: boolean) => string | undefined;
}

/** A condition that is not made of others. */
export type Leaf = Exclude<Condition, { kind: "and" | "or" | "not" | "holds" }>;

/**
 * SQL that is true exactly where the condition is true, or where it is false if that is wanted. Where `compile` of
 * `meaning/evaluate` says unknown it is never true.
 */
export function conditionSql(condition: Condition, rendering: Rendering, wanted = true): string {
  if (!("of" in condition)) return leafSql(condition, rendering, wanted);
  if (condition.kind === "not") return conditionSql(condition.of, rendering, !wanted);
  if (condition.kind === "holds") {
    const held = conditionSql(condition.of, rendering);
    return wanted ? held : `(NOT coalesce(${held}, FALSE))`;
  }
  const isAnd = (condition.kind === "and") === wanted;
  if (condition.of.length === 0) return isAnd ? "TRUE" : "FALSE";
  const parts = condition.of.map((inner) => conditionSql(inner, rendering, wanted));
  return `(${parts.join(isAnd ? " AND " : " OR ")})`;
}

function leafSql(leaf: Leaf, rendering: Rendering, wanted: boolean): string {
  const { has, packedSql } = rendering;
  const isListed = has(leaf.column) && (leaf.kind !== "same" || has(leaf.other));
  if (leaf.kind !== "isUnread" && !isListed) return "FALSE";
  const packed = packedSql(leaf, wanted);
  if (packed !== undefined) return packed;
  const sql = comparedSql(leaf, rendering);
  return wanted ? `(${sql})` : `(NOT ${sql})`;
}

function comparedSql(leaf: Leaf, { dialect, has, valueSql }: Rendering): string {
  if (leaf.kind === "isUnread") return has(leaf.column) ? "FALSE" : isThere(leaf.column, valueSql);
  const sql = valueSql(leaf.column);
  switch (leaf.kind) {
    case "same": {
      const other = valueSql(leaf.other);
      return factsOf(leaf.column).type === "tags" ? dialect.isSameMap(sql, other) : `${sql} = ${other}`;
    }
    case "equals":
      if (typeof leaf.value === "boolean") return leaf.value ? sql : `(NOT ${sql})`;
      return `(${sql} = ${literal(leaf.value)})`;
    case "oneOf":
      return leaf.values.length === 0
        ? `(${sql} <> ${sql})`
        : `(${sql} IN (${leaf.values.map(literal).join(", ")}))`;
    case "startsWith":
      return `starts_with(${sql}, ${literal(leaf.prefix)})`;
    case "laterThan":
      return `(${sql} > ${whole(leaf.time)})`;
    case "hasTag": {
      const value = dialect.valueOfTag(sql, literal(leaf.key));
      return `CASE WHEN ${sql} IS NOT NULL THEN coalesce(${value} = ${literal(leaf.value)}, FALSE) END`;
    }
  }
}

function isThere(column: Column, valueSql: Rendering["valueSql"]): string {
  const { side } = factsOf(column);
  return side === "both" ? "FALSE" : valueSql(`${side}.isThere`);
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

/** Everything that a condition asks. */
export function leavesOf(condition: Condition): Leaf[] {
  if (!("of" in condition)) return [condition];
  return [condition.of].flat().flatMap(leavesOf);
}
