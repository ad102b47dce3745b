/** What each side brings into the join: its state as one number, and the values that are asked for themselves. */
import type { Column, Version } from "../meaning/row";
import { factsOf, type Leaf, type Rendering } from "./conditions";
import type { Dialect } from "./dialects";
import type { Listing } from "./listing";
import { packedTruth, stateLayout, stateSql } from "./packedState";

export type Side = "source" | "destination";

export interface JoinedSides extends Rendering {
  /** Each column that a side brings, by its name there, with its SQL. */
  readonly columns: Readonly<Record<Side, readonly (readonly [name: string, sql: string])[]>>;
  /** The value of a field that a side's listing has, as it writes it. */
  readonly writtenSql: (side: Side, field: keyof Version) => string;
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
  const layout = stateLayout(leaves);
  const asked = leaves.flatMap((leaf) => (leaf.kind === "same" ? [leaf.column, leaf.other] : [leaf.column]));
  const isPacked = (column: Column) => {
    const { field } = factsOf(column);
    return field !== undefined && layout.has(field);
  };
  const columnsOf = (side: Side) => {
    const listed = (columns: readonly Column[]) => listedFields(columns, side, listings[side]);
    return [
      [STATE, stateSql(layout, listed(asked))] as const,
      ...listed([...counted, ...asked.filter((column) => !isPacked(column))]).map(
        ([field, sql]) => [snake(field), sql] as const,
      ),
    ];
  };
  const writtenSql = (side: Side, field: keyof Version) => behindJoin(side, snake(field));
  return {
    dialect,
    columns: { source: columnsOf("source"), destination: columnsOf("destination") },
    has: (column) => {
      const { side, field } = factsOf(column);
      return side === "both" || field === undefined || listings[side].fields[field] !== undefined;
    },
    valueSql: (column) => {
      const { side, field } = factsOf(column);
      if (side === "both") return column === "key" ? "k" : "v";
      if (field === undefined) return `(${stateOf(column)} IS NOT NULL)`;
      const written = writtenSql(side, field);
      return field === "lastModified" ? dialect.milliseconds(written, listings[side].time) : written;
    },
    writtenSql,
    packedSql: (leaf, wanted) => packedTruth(layout, leaf, wanted, stateOf, dialect),
  };
}

/** The fields that some columns are of one side's listing, with their SQL. */
function listedFields(columns: readonly Column[], of: Side, { fields }: Listing): [keyof Version, string][] {
  const asked = columns.map(factsOf).flatMap(({ side, field }) => (side === of ? (field ?? []) : []));
  return [...new Set(asked)].flatMap((field) => {
    const sql = fields[field];
    return sql === undefined ? [] : [[field, sql]];
  });
}

/** A side brings its state wherever it has the version. */
const STATE = "state";

function stateOf(column: Column): string {
  const { side } = factsOf(column);
  if (side === "both") throw new Error(`${column} is of no side`);
  return behindJoin(side, STATE);
}

/** The one letter that a side's names begin with behind the join. */
export const SHORT: Readonly<Record<Side, "s" | "d">> = { source: "s", destination: "d" };

const behindJoin = (side: Side, name: string) => `${SHORT[side]}_${name}`;

/** A field as a name that needs no quotes in either dialect. */
function snake(field: keyof Version): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
