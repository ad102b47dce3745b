/**
 * What each side brings into the join. A join costs by what it carries: a text that is held against constants alone is
 * decided on before, and only the truth of it is carried.
 */
import type { Column, Version } from "../meaning/row";
import {
  type ColumnSql,
  type Comparison,
  comparisonSql,
  factsOf,
  isComparison,
  type Leaf,
} from "./conditions";
import { type Dialect, literal } from "./dialects";
import type { Listing } from "./listing";

export type Side = "source" | "destination";

export interface JoinedSides {
  /** Each column that a side brings, by its name there, with its SQL. */
  readonly columns: Readonly<Record<Side, readonly (readonly [name: string, sql: string])[]>>;
  /** Columns as they stand behind the join. */
  readonly columnSql: ColumnSql;
  readonly truthSql: (comparison: Comparison) => string | undefined;
}

/**
 * @param leaves Everything that is asked of a row.
 * @param counted Columns whose values are needed.
 */
export function joinedSides(
  listings: Readonly<Record<Side, Listing>>,
  leaves: readonly Leaf[],
  counted: readonly Column[],
  dialect: Dialect,
): JoinedSides {
  const columns = { source: new Map<string, string>(), destination: new Map<string, string>() };
  const truths = new Map<string, string>();
  const fieldOf = (column: Column) => {
    const { side, field } = factsOf(column);
    const sql = side === "both" || field === undefined ? undefined : listings[side].fields[field];
    return side === "both" || field === undefined || sql === undefined ? undefined : { side, field, sql };
  };
  const carry = (column: Column) => {
    const found = fieldOf(column);
    if (found === undefined) return;
    columns[found.side].set(snake(found.field), carriedSql(column, found.sql));
  };
  const valued = new Set([...counted, ...leaves.flatMap(valuesOf)]);
  valued.forEach(carry);
  for (const leaf of leaves) {
    const isCarried = isComparison(leaf) && valued.has(leaf.column) && !isCoded(leaf.column);
    if (!isComparison(leaf) || isCarried) continue;
    const found = fieldOf(leaf.column);
    if (found === undefined) continue;
    const text = JSON.stringify(leaf);
    if (truths.has(text)) continue;
    const name = `is_${truths.size}`;
    columns[found.side].set(name, comparisonSql(leaf, found.sql, dialect));
    truths.set(text, behindJoin(found.side, name));
  }
  return {
    columns: { source: [...columns.source], destination: [...columns.destination] },
    columnSql: (column) => {
      if (column === "key") return "k";
      if (column === "versionId") return "v";
      if (column === "source.isThere") return "(s_there IS NOT NULL)";
      if (column === "destination.isThere") return "(d_there IS NOT NULL)";
      const found = fieldOf(column);
      return found === undefined ? undefined : behindJoin(found.side, snake(found.field));
    },
    truthSql: (comparison) => truths.get(JSON.stringify(comparison)),
  };
}

/** A text of few values is carried as a number: whether two are the same is all that is asked behind the join. */
const isCoded = (column: Column) => factsOf(column).values !== undefined;

function carriedSql(column: Column, sql: string): string {
  const { values } = factsOf(column);
  if (values === undefined) return sql;
  const known = values.map((value, place) => `WHEN ${literal(value)} THEN ${place + 1}`).join(" ");
  return `CAST(CASE ${sql} ${known} ELSE CASE WHEN ${sql} IS NOT NULL THEN 0 END END AS TINYINT)`;
}

/** Columns whose values a question needs: all of it, but not a text that is only held against constants. */
function valuesOf(leaf: Leaf): Column[] {
  if (leaf.kind === "same") return [leaf.column, leaf.other];
  if (leaf.kind === "isUnread") return [];
  return factsOf(leaf.column).type === "text" ? [] : [leaf.column];
}

/** The one letter that a side's names begin with behind the join. */
export const SHORT: Readonly<Record<Side, "s" | "d">> = { source: "s", destination: "d" };

const behindJoin = (side: Side, name: string) => `${SHORT[side]}_${name}`;

/** A field as a name that needs no quotes in either dialect. */
function snake(field: keyof Version): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
