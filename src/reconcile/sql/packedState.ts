/**
 * What a version says in few values, packed into one whole number. A join costs by what it carries: one number goes through
 * it, and what is asked behind it is asked of the number's bits.
 */
import type { Column, Version } from "../meaning/row";
import { factsOf, type Leaf } from "./conditions";
import { type Dialect, literal } from "./dialects";

/** The bits of a field. None of them is set where there is no value. */
interface Bits {
  readonly lowest: number;
  readonly mask: number;
  readonly codes: ReadonlyMap<string | boolean, number>;
  /** What stands for every other value; left out where there is none. */
  readonly other?: number;
}

/** Where each field stands in the numbers of both sides. */
export type StateLayout = ReadonlyMap<keyof Version, Bits>;

/** @param leaves Everything that is asked of a row: a field is packed if it is held against constants, or has few values. */
export function stateLayout(leaves: readonly Leaf[]): StateLayout {
  const asked = new Map<keyof Version, Set<string | boolean>>();
  for (const leaf of leaves) {
    const { field, values } = factsOf(leaf.column);
    const constants = constantsOf(leaf) ?? (leaf.kind === "same" ? values : undefined);
    if (field === undefined || constants === undefined) continue;
    const known = asked.get(field) ?? new Set(values);
    constants.forEach((constant) => known.add(constant));
    asked.set(field, known);
  }
  const layout = new Map<keyof Version, Bits>();
  let lowest = 1;
  for (const [field, constants] of asked) {
    const isBoolean = [...constants].every((constant) => typeof constant === "boolean");
    const values = isBoolean ? [true, false] : commonestFirst([...constants]);
    const most = values.length + (isBoolean ? 0 : 1);
    const size = 2 ** Math.ceil(Math.log2(most + 1));
    layout.set(field, {
      lowest,
      mask: (size - 1) * lowest,
      codes: new Map(values.map((value, place) => [value, (place + 1) * lowest])),
      ...(isBoolean ? {} : { other: most * lowest }),
    });
    lowest *= size;
  }
  return layout;
}

/** What most versions say, which is compared first. */
const COMMONEST: readonly (string | boolean)[] = ["COMPLETED", "STANDARD"];

function commonestFirst<T extends string | boolean>(values: readonly T[]): T[] {
  return [
    ...values.filter((value) => COMMONEST.includes(value)),
    ...values.filter((value) => !COMMONEST.includes(value)),
  ];
}

function constantsOf(leaf: Leaf): readonly (string | boolean)[] | undefined {
  if (leaf.kind === "equals") return [leaf.value];
  return leaf.kind === "oneOf" ? leaf.values : undefined;
}

/**
 * The number of a version.
 * @param fields Fields that are asked of the version, with their SQL.
 */
export function stateSql(
  layout: StateLayout,
  fields: readonly (readonly [keyof Version, sql: string])[],
): string {
  const parts = fields.flatMap(([field, sql]) => {
    const bits = layout.get(field);
    return bits === undefined ? [] : [codeSql(bits, sql)];
  });
  return parts.length === 0 ? "0" : `CAST(${parts.join(" + ")} AS INTEGER)`;
}

function codeSql({ codes, other }: Bits, sql: string): string {
  const known = [...codes].map(([value, code]) =>
    typeof value === "boolean"
      ? `WHEN ${value ? sql : `NOT ${sql}`} THEN ${code}`
      : `WHEN ${sql} = ${literal(value)} THEN ${code}`,
  );
  const rest = other === undefined ? "" : ` WHEN ${sql} <> '' THEN ${other}`;
  return `CASE ${known.join(" ")}${rest} ELSE 0 END`;
}

/**
 * Whether a question comes out as wanted, asked of the numbers.
 * @param stateOf SQL of the number of a column's side.
 * @returns SQL that is true exactly there; undefined where the column is not packed.
 */
export function packedTruth(
  layout: StateLayout,
  leaf: Leaf,
  wanted: boolean,
  stateOf: (column: Column) => string,
  dialect: Dialect,
): string | undefined {
  const { field } = factsOf(leaf.column);
  const bits = field === undefined ? undefined : layout.get(field);
  if (bits === undefined) return undefined;
  const bitsOf = (column: Column) => dialect.maskedBy(stateOf(column), bits.mask);
  if (leaf.kind === "same") {
    const [one, other] = [bitsOf(leaf.column), bitsOf(leaf.other)];
    return `(${one} ${wanted ? "=" : "<>"} ${other} AND ${one} <> 0 AND ${other} <> 0)`;
  }
  const constants = constantsOf(leaf);
  if (constants === undefined) return undefined;
  const held = constants.map((constant) => bits.codes.get(constant));
  const all = [...bits.codes.values(), ...(bits.other === undefined ? [] : [bits.other])];
  const right = all.filter((code) => held.includes(code) === wanted);
  return oneOfCodes(bitsOf(leaf.column), right, bits.lowest);
}

/** Codes that follow each other are a range: that is one comparison for two or more. */
function oneOfCodes(sql: string, codes: readonly number[], step: number): string {
  const [first, last] = [codes[0], codes[codes.length - 1]];
  if (first === undefined || last === undefined) return "FALSE";
  if (first === last) return `(${sql} = ${first})`;
  const isRange = last - first === (codes.length - 1) * step;
  return isRange ? `(${sql} BETWEEN ${first} AND ${last})` : `(${sql} IN (${codes.join(", ")}))`;
}
