/** Decides rows in JavaScript: a decision is compiled once to functions, so that a row costs no walk over data. */
import type { Condition } from "./conditions";
import { type Branch, isOutcome, outcomeName } from "./branches";
import type { Decision } from "./decision";
import { columnReader, type ColumnValue, type Row, type Tags } from "./row";

/** True, false, or null for unknown. */
type Truth = boolean | null;
type Test = (row: Row) => Truth;

/** @returns The place of a row's outcome in the outcomes of the decision. */
export type Decider = (row: Row) => number;

/** Compiles a decision. */
export function deciderOf({ branches, outcomes }: Decision): Decider {
  const places = new Map(outcomes.map((outcome, place) => [outcomeName(outcome), place]));
  return compileBranches(branches, places);
}

function compileBranches(branches: readonly Branch[], places: ReadonlyMap<string, number>): Decider {
  const compiled = branches.map(({ when, then }) => {
    const decide = isOutcome(then) ? placeOf(then, places) : compileBranches(then, places);
    return { test: compile(when), decide };
  });
  return (row) => {
    for (const { test, decide } of compiled) {
      if (test(row) === true) return typeof decide === "number" ? decide : decide(row);
    }
    throw new Error("a decision ends in a branch that holds for every row");
  };
}

function placeOf(outcome: Parameters<typeof outcomeName>[0], places: ReadonlyMap<string, number>): number {
  const place = places.get(outcomeName(outcome));
  if (place === undefined) throw new Error(`the decision lists no outcome '${outcomeName(outcome)}'`);
  return place;
}

/** Compiles a condition. Null is unknown: a comparison with nothing, as in SQL. */
export function compile(condition: Condition): Test {
  switch (condition.kind) {
    case "and":
      return allOf(condition.of.map(compile));
    case "or":
      return anyOf(condition.of.map(compile));
    case "not": {
      const test = compile(condition.of);
      return (row) => {
        const truth = test(row);
        return truth === null ? null : !truth;
      };
    }
    case "holds": {
      const test = compile(condition.of);
      return (row) => test(row) === true;
    }
    case "equals": {
      const { value } = condition;
      return comparing(condition.column, (found) => found === value);
    }
    case "oneOf": {
      const values = new Set<ColumnValue>(condition.values);
      return comparing(condition.column, (found) => values.has(found));
    }
    case "startsWith": {
      const { prefix } = condition;
      return comparing(condition.column, (found) => (found as string).startsWith(prefix));
    }
    case "laterThan": {
      const { time } = condition;
      return comparing(condition.column, (found) => (found as number) > time);
    }
    case "hasTag": {
      const { key, value } = condition;
      return comparing(condition.column, (found) => {
        const tags = found as Tags;
        return Object.hasOwn(tags, key) && tags[key] === value;
      });
    }
    case "same": {
      const other = columnReader(condition.other);
      const read = columnReader(condition.column);
      return (row) => {
        const one = read(row);
        const two = other(row);
        return one === undefined || one === null || two === undefined || two === null
          ? null
          : isSame(one, two);
      };
    }
    case "isUnread": {
      const read = columnReader(condition.column);
      return (row) => read(row) === undefined;
    }
  }
}

function allOf(tests: readonly Test[]): Test {
  return (row) => {
    let truth: Truth = true;
    for (const test of tests) {
      const found = test(row);
      if (found === false) return false;
      if (found === null) truth = null;
    }
    return truth;
  };
}

function anyOf(tests: readonly Test[]): Test {
  return (row) => {
    let truth: Truth = false;
    for (const test of tests) {
      const found = test(row);
      if (found === true) return true;
      if (found === null) truth = null;
    }
    return truth;
  };
}

function comparing(
  column: Parameters<typeof columnReader>[0],
  test: (value: NonNullable<ColumnValue>) => boolean,
): Test {
  const read = columnReader(column);
  return (row) => {
    const value = read(row);
    return value === undefined || value === null ? null : test(value);
  };
}

function isSame(one: NonNullable<ColumnValue>, other: NonNullable<ColumnValue>): boolean {
  if (typeof one !== "object" || typeof other !== "object") return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && one[key] === other[key])
  );
}
