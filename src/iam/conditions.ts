/** Whether a condition of a statement holds for what is known of a request. */
import { parseOperator } from "./operators";
import type { ParsedOperator, ValueTest } from "./operators";
import type { Lookup, PolicyVersion } from "./pattern";
import { every, keysBehind, not, some, someOf, undecided, undecidedBy } from "./truth";
import type { Truth } from "./truth";
import type { Condition } from "./types";

/** A condition made ready to be tested many times. */
export interface CompiledCondition {
  /** The key as the document writes it. */
  readonly key: string;
  readonly test: (lookup: Lookup) => Truth;
}

export function compileCondition(condition: Condition, version: PolicyVersion): CompiledCondition {
  const { key, values } = condition;
  const operator = parseOperator(condition.operator);
  if (operator === undefined) {
    throw new RangeError(`'${condition.operator}' is no condition operator`);
  }
  const { base } = operator;
  if (base.kind === "null") {
    return { key, test: (lookup) => testNull(key, values, lookup) };
  }
  const tests = values.map((value) => base.compile(value, key, version));
  return { key, test: (lookup) => testComparison(key, operator, base.negated, tests, lookup) };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null */
function testNull(key: string, values: readonly string[], lookup: Lookup): Truth {
  const found = lookup(key);
  if (found.state === "unknown") {
    return undecided(key);
  }
  const absent = found.state === "absent" || found.values.length === 0;
  return values.some((value) => value.toLowerCase() === String(absent));
}

/**
 * Values of a policy are alternatives (OR); for a negated operator none of them may match (NOR).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
function testComparison(
  key: string,
  operator: ParsedOperator,
  negated: boolean,
  tests: readonly ValueTest[],
  lookup: Lookup,
): Truth {
  const found = lookup(key);
  if (found.state === "unknown") {
    return undecided(key);
  }
  const values = found.state === "known" ? found.values : [];
  if (values.length === 0) {
    return holdsOnAbsentKey(key, operator, negated);
  }
  const results = values.map((value) => {
    const matches = someOf(tests, (test) => test(value, lookup));
    return negated ? not(matches) : matches;
  });
  if (operator.quantifier !== undefined) {
    return operator.quantifier === "all" ? every(results) : some(results);
  }
  return agreed(key, results);
}

/**
 * A key that is absent makes `ForAnyValue` fail and `IfExists` hold. AWS does not say which of the two counts where they
 * meet.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 */
function holdsOnAbsentKey(key: string, { ifExists, quantifier }: ParsedOperator, negated: boolean): Truth {
  if (quantifier === "any") return ifExists ? undecided(key) : false;
  return ifExists || quantifier === "all" || negated;
}

/**
 * A key of several values needs a set operator. AWS does not say how it compares one without, so that only what fails for
 * every value is certain to fail.
 */
function agreed(key: string, results: readonly Truth[]): Truth {
  const [first = false] = results;
  if (results.length === 1) return first;
  return results.every((result) => result === false)
    ? false
    : undecidedBy([key, ...results.flatMap(keysBehind)]);
}
