/** Conditions on the columns of a row, as data: one engine decides them in JavaScript, the others render them to SQL. */
import type { Column } from "./row";

/**
 * A condition is true, false or unknown, as in SQL. A comparison with a column that has no value, or that the listing
 * does not have, is unknown. `isUnread` and `holds` never are.
 */
export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  /** True where the condition is; false where it is false or unknown. */
  | { readonly kind: "holds"; readonly of: Condition }
  | { readonly kind: "equals"; readonly column: Column; readonly value: string | boolean }
  | { readonly kind: "oneOf"; readonly column: Column; readonly values: readonly string[] }
  | { readonly kind: "startsWith"; readonly column: Column; readonly prefix: string }
  /** Two columns have the same value; tags, whatever their order. */
  | { readonly kind: "same"; readonly column: Column; readonly other: Column }
  /** @property time Milliseconds since 1970. */
  | { readonly kind: "laterThan"; readonly column: Column; readonly time: number }
  | { readonly kind: "hasTag"; readonly column: Column; readonly key: string; readonly value: string }
  /** The listing does not have the column. It is asked of a side only where that side has the version. */
  | { readonly kind: "isUnread"; readonly column: Column };

export const and = (...of: readonly Condition[]): Condition => ({ kind: "and", of });
export const or = (...of: readonly Condition[]): Condition => ({ kind: "or", of });
export const not = (of: Condition): Condition => ({ kind: "not", of });
export const holds = (of: Condition): Condition => ({ kind: "holds", of });
export const equals = (column: Column, value: string | boolean): Condition => ({
  kind: "equals",
  column,
  value,
});
export const oneOf = (column: Column, values: readonly string[]): Condition => ({
  kind: "oneOf",
  column,
  values,
});
export const startsWith = (column: Column, prefix: string): Condition => ({
  kind: "startsWith",
  column,
  prefix,
});
export const same = (column: Column, other: Column): Condition => ({ kind: "same", column, other });
export const laterThan = (column: Column, time: number): Condition => ({ kind: "laterThan", column, time });
export const hasTag = (column: Column, key: string, value: string): Condition => ({
  kind: "hasTag",
  column,
  key,
  value,
});
export const isUnread = (column: Column): Condition => ({ kind: "isUnread", column });

/** Always true: what is left when nothing before it held. */
export const OTHERWISE: Condition = and();
