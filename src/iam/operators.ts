/**
 * Condition operators: how a value of a request is compared with a value that a policy states.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { containsAddress, parseAddress, parseCidr } from "./address";
import { parseDate } from "./date";
import { compilePattern, segmentCount, testArnPattern, testPattern } from "./pattern";
import type { Lookup, PatternOptions, PolicyVersion } from "./pattern";
import { splitArn } from "../naming/arn";
import { undecided } from "./truth";
import type { Truth } from "./truth";

/** Compares one value of the request with the value that the test was made from. */
export type ValueTest = (requestValue: string, lookup: Lookup) => Truth;

/** How the operator reads the values that a policy states. */
export interface ValueSyntax {
  readonly wildcards: boolean;
  readonly variables: boolean;
}

/**
 * What the values that a policy states compare a text with. Whoever looks for one text of each class cuts the classes by
 * it, so that an operator that does not say it would hide texts that it tells apart.
 */
export type Comparison =
  /** Each stated value is a pattern of texts; `ignoreCase`: of texts in any case. */
  | { readonly with: "patterns"; readonly ignoreCase: boolean }
  /** Each stated value is a pattern of ARNs, cut at its colons. */
  | { readonly with: "ARN patterns" }
  /** The same few texts in any case, whatever the policy states. */
  | { readonly with: "words"; readonly words: readonly string[] }
  /**
   * Something that is read from the text (a number, a date, an address, bytes), which no pattern describes; `isARN`:
   * whether that can be read from an ARN.
   */
  | { readonly with: "values"; readonly isARN: boolean };

export interface ComparisonOperator {
  readonly kind: "comparison";
  readonly name: string;
  /** Holds where no value matches, and where the request does not have the key. */
  readonly negated: boolean;
  readonly syntax: ValueSyntax;
  readonly compares: Comparison;
  /**
   * Whether a stated value without wildcards and variables holds for one value of the request alone (an address: for one
   * range). Only then can a condition keep a bucket policy from being public.
   */
  readonly fixes: boolean;
  readonly compile: (policyValue: string, key: string, version: PolicyVersion) => ValueTest;
}

/** What an operator and its negation share. */
type Compared = Pick<ComparisonOperator, "syntax" | "compares" | "fixes" | "compile">;

/** `Null`: whether the request lacks the key. */
export interface NullOperator {
  readonly kind: "null";
  readonly name: string;
}

export interface ParsedOperator {
  readonly base: ComparisonOperator | NullOperator;
  /** Set operators for keys of several values. */
  readonly quantifier?: "all" | "any";
  readonly ifExists: boolean;
}

type Compile = ComparisonOperator["compile"];

const TEXT: ValueSyntax = { wildcards: false, variables: true };
const PATTERN: ValueSyntax = { wildcards: true, variables: true };
/** Policy variables are for String and ARN operators only. */
const VALUE: ValueSyntax = { wildcards: false, variables: false };

function matchingText(options: PatternOptions): Compile {
  return (policyValue, _key, version) => {
    const pattern = compilePattern(policyValue, { ...options, version });
    return (requestValue, lookup) => testPattern(pattern, requestValue, lookup);
  };
}

/** `ArnEquals` and `ArnLike` behave alike. */
const matchingArn: Compile = (policyValue, key, version) => {
  const pattern = compilePattern(policyValue, { version });
  const hasSixSegments = segmentCount(pattern) === 6 || pattern.parts.some(({ kind }) => kind === "variable");
  return (requestValue, lookup) => {
    if (splitArn(requestValue) === undefined) {
      return false;
    }
    if (hasSixSegments) {
      return testArnPattern(pattern, requestValue, lookup);
    }
    // AWS compares six segments and does not say what becomes of a pattern that has fewer.
    return testPattern(pattern, requestValue, lookup) === false ? false : undecided(key);
  };
};

function comparing<Value>(
  parse: (text: string) => Value | undefined,
  holds: (requestValue: Value, policyValue: Value) => boolean,
): Compile {
  return (policyText) => {
    const policyValue = parse(policyText);
    return (requestText) => {
      const requestValue = parse(requestText);
      return policyValue !== undefined && requestValue !== undefined && holds(requestValue, policyValue);
    };
  };
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

const SERVICE_NAME = /\.amazonaws\.com(\.cn)?$/;

const inRange: Compile = (policyValue) => {
  const range = parseCidr(policyValue);
  return (requestValue) => {
    const address = parseAddress(requestValue);
    // An address that is known by the name of its service only is in the range of all addresses, and in no other.
    if (address === undefined) return range?.prefixLength === 0 && SERVICE_NAME.test(requestValue);
    return range !== undefined && containsAddress(range, address);
  };
};

const sameBytes = comparing(
  (text) => Buffer.from(text, "base64"),
  (requestValue, policyValue) => requestValue.equals(policyValue),
);

function ordered(family: string, parse: (text: string) => number | undefined): readonly ComparisonOperator[] {
  const compared = (fixes: boolean, holds: (a: number, b: number) => boolean): Compared => ({
    syntax: VALUE,
    compares: VALUES,
    fixes,
    compile: comparing(parse, holds),
  });
  return [
    ...pair(
      `${family}Equals`,
      `${family}NotEquals`,
      compared(true, (a, b) => a === b),
    ),
    operator(
      `${family}LessThan`,
      compared(false, (a, b) => a < b),
    ),
    operator(
      `${family}LessThanEquals`,
      compared(false, (a, b) => a <= b),
    ),
    operator(
      `${family}GreaterThan`,
      compared(false, (a, b) => a > b),
    ),
    operator(
      `${family}GreaterThanEquals`,
      compared(false, (a, b) => a >= b),
    ),
  ];
}

function operator(name: string, compared: Compared, negated = false): ComparisonOperator {
  return { kind: "comparison", name, negated, ...compared };
}

/** An operator and the one that holds where it does not. */
function pair(name: string, negatedName: string, compared: Compared): ComparisonOperator[] {
  return [operator(name, compared), operator(negatedName, compared, true)];
}

const TEXTS: Comparison = { with: "patterns", ignoreCase: false };
const TEXTS_IN_ANY_CASE: Comparison = { with: "patterns", ignoreCase: true };
const ARNS: Comparison = { with: "ARN patterns" };
const VALUES: Comparison = { with: "values", isARN: false };

const OPERATORS: readonly (ComparisonOperator | NullOperator)[] = [
  ...pair("StringEquals", "StringNotEquals", {
    syntax: TEXT,
    compares: TEXTS,
    fixes: true,
    compile: matchingText({ wildcards: false }),
  }),
  ...pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", {
    syntax: TEXT,
    compares: TEXTS_IN_ANY_CASE,
    fixes: true,
    compile: matchingText({ wildcards: false, ignoreCase: true }),
  }),
  ...pair("StringLike", "StringNotLike", {
    syntax: PATTERN,
    compares: TEXTS,
    fixes: true,
    compile: matchingText({}),
  }),
  ...ordered("Numeric", parseNumber),
  ...ordered("Date", parseDate),
  operator("Bool", {
    syntax: VALUE,
    compares: { with: "words", words: ["true", "false"] },
    fixes: true,
    compile: comparing(parseBoolean, (a, b) => a === b),
  }),
  operator("BinaryEquals", {
    syntax: VALUE,
    compares: { with: "values", isARN: true },
    fixes: true,
    compile: sameBytes,
  }),
  ...pair("IpAddress", "NotIpAddress", { syntax: VALUE, compares: VALUES, fixes: true, compile: inRange }),
  ...pair("ArnEquals", "ArnNotEquals", {
    syntax: PATTERN,
    compares: ARNS,
    fixes: true,
    compile: matchingArn,
  }),
  ...pair("ArnLike", "ArnNotLike", { syntax: PATTERN, compares: ARNS, fixes: true, compile: matchingArn }),
  { kind: "null", name: "Null" },
];

const BY_NAME = new Map(OPERATORS.map((operator) => [operator.name.toLowerCase(), operator]));

export const OPERATOR_NAMES: readonly string[] = OPERATORS.map(({ name }) => name);

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i;

/** Reads an operator such as `ForAnyValue:StringLikeIfExists`; undefined where there is no such operator. */
export function parseOperator(text: string): ParsedOperator | undefined {
  const [, quantifier, name, ifExists] = OPERATOR.exec(text) ?? [];
  const base = BY_NAME.get((name ?? "").toLowerCase());
  // Presence of a key cannot depend on whether the key is present.
  if (base === undefined || (base.kind === "null" && ifExists !== undefined)) {
    return undefined;
  }
  return {
    base,
    ifExists: ifExists !== undefined,
    ...(quantifier === undefined
      ? {}
      : { quantifier: quantifier.toLowerCase() === "forallvalues" ? "all" : "any" }),
  };
}
