/**
 * A decision as two numbers of SQL: the branch that takes a row, and what is said in it. Rules with the same settings share
 * one tree, so that a query stays short however many rules there are.
 */
import type { Cause } from "../meaning/causes";
import { type Branch, isOutcome, outcomeName } from "../meaning/branches";
import type { Decision } from "../meaning/decision";
import { conditionSql, type Leaf, leavesOf, type Rendering } from "./conditions";

export interface DecisionSql {
  /** Number of the branch. */
  readonly branch: string;
  /** Number of the cause; asked of rows that have `branchColumn`. */
  readonly cause: string;
  /** @returns The place among the decision's outcomes that a branch and a cause stand for. */
  readonly outcomeOf: (branch: number, cause: number) => number;
}

/** @param branchColumn Name under which the branch's number stands where the cause is asked for. */
export function decisionSql(
  { branches, outcomes }: Decision,
  branchColumn: string,
  rendering: Rendering,
): DecisionSql {
  const causes = causesOf(outcomes);
  const places = new Map(outcomes.map((outcome, place) => [outcomeName(outcome), place]));
  const trees = new Map<string, { readonly then: Branch["then"]; readonly branches: number[] }>();
  branches.forEach(({ then }, number) => {
    const shape = JSON.stringify(then, (key, value: unknown) => (key === "rule" ? undefined : value));
    const tree = trees.get(shape) ?? { then, branches: [] };
    tree.branches.push(number);
    trees.set(shape, tree);
  });
  const when = (branch: Branch) => conditionSql(branch.when, rendering);
  const treeSql = (then: Branch["then"]): string =>
    isOutcome(then)
      ? String(causes.indexOf(then.cause))
      : cases(then.map((branch) => [when(branch), treeSql(branch.then)]));
  return {
    branch: cases(branches.map((branch, number) => [when(branch), String(number)])),
    cause: cases(
      [...trees.values()].map((tree) => [
        `${branchColumn} IN (${tree.branches.join(", ")})`,
        treeSql(tree.then),
      ]),
    ),
    outcomeOf: (branch, cause) => {
      const name = outcomeName(outcomeIn(branches[branch], causes[cause]));
      const place = places.get(name);
      if (place === undefined) throw new Error(`the decision lists no outcome '${name}'`);
      return place;
    },
  };
}

/** The causes of a decision: each is known by its place here. */
export function causesOf(outcomes: Decision["outcomes"]): Cause[] {
  return [...new Set(outcomes.map(({ cause }) => cause))];
}

function cases(branches: readonly (readonly [when: string, then: string])[]): string {
  return `CASE ${branches.map(([when, then]) => `WHEN ${when} THEN ${then}`).join(" ")} END`;
}

/** Every branch of a decision is of one rule, or of none. */
function outcomeIn(branch: Branch | undefined, cause: Cause | undefined) {
  if (branch === undefined || cause === undefined) throw new Error("a row has neither branch nor cause");
  let { then } = branch;
  while (!isOutcome(then)) {
    const [first] = then;
    if (first === undefined) throw new Error("a list of branches is empty");
    then = first.then;
  }
  return then.rule === undefined ? { cause } : { cause, rule: then.rule };
}

/** Everything that a decision asks of a row. */
export function leavesOfDecision(branches: readonly Branch[]): Leaf[] {
  return branches.flatMap(({ when, then }) => [
    ...leavesOf(when),
    ...(isOutcome(then) ? [] : leavesOfDecision(then)),
  ]);
}
