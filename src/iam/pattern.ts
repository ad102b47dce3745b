/**
 * Patterns of policy documents: `*`, `?`, their escapes, and policy variables.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { undecided, undecidedBy } from "./truth";
import type { Truth, Undecided } from "./truth";
import type { ContextValue, PolicyDocument } from "./types";

export type PolicyVersion = PolicyDocument["version"];

/** What is known of a condition key, in any case. */
export type Lookup = (key: string) => ContextValue;

/** One piece of a pattern, as plain data. */
export type PatternPart =
  | { readonly kind: "text"; readonly text: string }
  /** `*`: any number of characters, none included. */
  | { readonly kind: "any" }
  /** `?`: exactly one character. */
  | { readonly kind: "one" }
  /** `${key}` or `${key, 'default'}`. */
  | { readonly kind: "variable"; readonly key: string; readonly default?: string };

export interface PatternOptions {
  /**
   * Version of the document: the older one has no policy variables.
   *
   * Default: "2012-10-17".
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
   */
  readonly version?: PolicyVersion;
  /**
   * Whether `*` and `?` stand for other characters, as they do not in `StringEquals`.
   *
   * Default: true.
   */
  readonly wildcards?: boolean;
  /** Default: false. */
  readonly ignoreCase?: boolean;
}

/** Counts the comparisons of a match, for those who want to see that they stay within bounds. */
export interface StepCounter {
  steps: number;
}

type Codes = readonly number[];

/** A pattern made ready to be matched many times. */
export interface Pattern {
  readonly parts: readonly PatternPart[];
  readonly ignoreCase: boolean;
  /** The pattern as code units and wildcards, where no policy variable has to be put in first. */
  readonly codes?: Codes;
  /** The same, cut at its first five colons. */
  readonly segments?: readonly Codes[];
  /** The whole pattern, where it holds neither wildcard nor variable. */
  readonly literal?: string;
  /** What stands before the first wildcard: a text that begins otherwise is none, which is soonest seen. */
  readonly head?: string;
}

const ANY = -1;
const ONE = -2;
const COLON = 58;
const VARIABLE = /\$\{([^{}',]*)(?:,\s*'([^']*)'\s*)?\}/y;
const SPECIAL = /[*?$]/g;
const ESCAPES: Readonly<Record<string, string>> = { "${*}": "*", "${?}": "?", "${$}": "$" };

/** Cuts a pattern into its parts. A `${` that is no variable stands for itself. */
export function parsePattern(text: string, options: PatternOptions = {}): readonly PatternPart[] {
  const { version = "2012-10-17", wildcards = true } = options;
  const parts: PatternPart[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") {
      parts.push({ kind: "text", text: plain });
      plain = "";
    }
  };
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "$" && version === "2012-10-17" && text.charAt(at + 1) === "{") {
      const escape = ESCAPES[text.slice(at, at + 4)];
      if (escape !== undefined) {
        plain += escape;
        at += 4;
        continue;
      }
      VARIABLE.lastIndex = at;
      const found = VARIABLE.exec(text);
      if (found !== null) {
        flush();
        const key = (found[1] ?? "").trim();
        parts.push({ kind: "variable", key, ...(found[2] === undefined ? {} : { default: found[2] }) });
        at = VARIABLE.lastIndex;
        continue;
      }
    }
    if (wildcards && (character === "*" || character === "?")) {
      flush();
      // Stars in a row match what one star matches, and would cost a step each.
      if (character === "?" || parts.at(-1)?.kind !== "any") {
        parts.push({ kind: character === "*" ? "any" : "one" });
      }
      at += 1;
    } else {
      const end = nextSpecial(text, at + 1);
      plain += text.slice(at, end);
      at = end;
    }
  }
  flush();
  return parts;
}

function nextSpecial(text: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.test(text) ? SPECIAL.lastIndex - 1 : text.length;
}

export function compilePattern(text: string, options: PatternOptions = {}): Pattern {
  return compileParts(parsePattern(text, options), options.ignoreCase);
}

export function compileParts(parts: readonly PatternPart[], ignoreCase = false): Pattern {
  if (parts.some(({ kind }) => kind === "variable")) {
    return { parts, ignoreCase };
  }
  const [first] = parts;
  if (first === undefined || (parts.length === 1 && first.kind === "text")) {
    const literal = first?.kind === "text" ? first.text : "";
    return { parts, ignoreCase, literal: ignoreCase ? literal.toLowerCase() : literal };
  }
  const codes = codesOf(parts, ignoreCase);
  const head = first.kind === "text" && !ignoreCase ? first.text : "";
  return { parts, ignoreCase, codes, segments: segmentsOf(codes), head };
}

/**
 * Whether a text matches a pattern without policy variables.
 *
 * @example
 * matchesPattern("logs/*.gz", "logs/2024/a.gz"); // true
 */
export function matchesPattern(pattern: string, text: string, counter?: StepCounter): boolean {
  return matchCodes(codesOf(parsePattern(pattern, { version: "2008-10-17" }), false), text, counter);
}

/** Whether a text matches; undecided where that hangs on a policy variable whose value nobody knows. */
export function testPattern(pattern: Pattern, text: string, lookup: Lookup): Truth {
  const subject = pattern.ignoreCase ? text.toLowerCase() : text;
  if (pattern.literal !== undefined) {
    return pattern.literal === subject;
  }
  if (pattern.codes !== undefined) {
    return subject.startsWith(pattern.head ?? "") && matchCodes(pattern.codes, subject);
  }
  return testResolved(pattern, subject, lookup, matchCodes);
}

/**
 * Whether an ARN matches segment by segment: a wildcard does not reach over a colon, except in the last segment that
 * the pattern has.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function testArnPattern(pattern: Pattern, arn: string, lookup: Lookup): Truth {
  if (pattern.literal !== undefined) {
    return pattern.literal === arn;
  }
  if (pattern.segments !== undefined) {
    return arn.startsWith(pattern.head ?? "") && matchSegments(pattern.segments, arn);
  }
  return testResolved(pattern, arn, lookup, (codes, text) => matchSegments(segmentsOf(codes), text));
}

/** Number of colon-separated segments that a pattern for an ARN has, six at most. */
export function segmentCount({ parts, segments }: Pattern): number {
  return (segments ?? segmentsOf(codesOf(parts, false))).length;
}

function testResolved(
  pattern: Pattern,
  text: string,
  lookup: Lookup,
  matches: (codes: Codes, text: string) => boolean,
): Truth {
  const resolved = resolve(pattern, lookup);
  if (resolved === undefined) {
    return false;
  }
  const codes = codesOf(resolved.parts, pattern.ignoreCase);
  if (resolved.unknownKeys.length === 0) {
    return matches(codes, text);
  }
  // With `*` for each unknown value, no match is no match for every value. It is tried over the whole text, because an
  // unknown value may hold colons.
  return matchCodes(codes, text) && undecidedBy(resolved.unknownKeys);
}

/** Puts the values of policy variables in, `*` for those that nobody knows; undefined where one has none, because then the pattern matches nothing. */
export function resolve(
  pattern: Pattern,
  lookup: Lookup,
): { readonly parts: readonly PatternPart[]; readonly unknownKeys: readonly string[] } | undefined {
  const parts: PatternPart[] = [];
  const unknownKeys: string[] = [];
  for (const part of pattern.parts) {
    if (part.kind !== "variable") {
      parts.push(part);
      continue;
    }
    const value = variableValue(part.key, part.default, lookup);
    if (value === undefined) {
      return undefined;
    }
    if (typeof value === "string") {
      parts.push({ kind: "text", text: value });
    } else {
      parts.push({ kind: "any" });
      unknownKeys.push(part.key);
    }
  }
  return { parts, unknownKeys };
}

/** A key of several values cannot be a policy variable: it counts as one without a value. */
function variableValue(
  key: string,
  fallback: string | undefined,
  lookup: Lookup,
): string | Undecided | undefined {
  // A name without a service prefix is no condition key, so that it never has a value.
  const found: ContextValue = key.includes(":") ? lookup(key) : { state: "absent" };
  if (found.state === "unknown") {
    return undecided(key);
  }
  const [value, ...others] = found.state === "known" ? found.values : [];
  return value === undefined || others.length > 0 ? fallback : value;
}

function codesOf(parts: readonly PatternPart[], ignoreCase: boolean): Codes {
  const codes: number[] = [];
  for (const part of parts) {
    if (part.kind === "any" || part.kind === "variable") {
      codes.push(ANY);
    } else if (part.kind === "one") {
      codes.push(ONE);
    } else {
      const text = ignoreCase ? part.text.toLowerCase() : part.text;
      for (let at = 0; at < text.length; at += 1) {
        codes.push(text.charCodeAt(at));
      }
    }
  }
  return codes;
}

function segmentsOf(codes: Codes): readonly Codes[] {
  const segments: Codes[] = [];
  let start = 0;
  while (segments.length < 5) {
    const end = codes.indexOf(COLON, start);
    if (end < 0) {
      break;
    }
    segments.push(codes.slice(start, end));
    start = end + 1;
  }
  return [...segments, codes.slice(start)];
}

function matchSegments(segments: readonly Codes[], text: string): boolean {
  let start = 0;
  return segments.every((segment, index) => {
    if (index === segments.length - 1) {
      return matchCodes(segment, text.slice(start));
    }
    const end = text.indexOf(":", start);
    const part = text.slice(start, end);
    start = end + 1;
    return end >= 0 && matchCodes(segment, part);
  });
}

/**
 * Walks pattern and text together, and goes back to the last `*` only: an earlier one can never have to take more than
 * it took, so that the steps stay within pattern length times text length.
 */
function matchCodes(codes: Codes, text: string, counter?: StepCounter): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let starPosition = 0;
  let steps = 0;
  let matches = true;
  while (position < text.length) {
    steps += 1;
    const code = codes[at];
    if (code === ANY) {
      star = at;
      starPosition = position;
      at += 1;
    } else if (code === ONE) {
      at += 1;
      position += characterLength(text, position);
    } else if (code === text.charCodeAt(position)) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      starPosition += characterLength(text, starPosition);
      position = starPosition;
      at = star + 1;
    } else {
      matches = false;
      break;
    }
  }
  while (matches && codes[at] === ANY) {
    steps += 1;
    at += 1;
  }
  if (counter !== undefined) {
    counter.steps += steps;
  }
  return matches && at === codes.length;
}

/** Characters outside the basic plane take two code units, and `?` stands for both. */
function characterLength(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}
