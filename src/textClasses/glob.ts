/** Patterns with `*` and `?` as plain tokens, and what is left of one after a text that is always the same. */
import type { PatternPart } from "../iam";

/** `*`: any number of characters. */
export const ANY = -1;
/** `?`: exactly one character. */
export const ONE = -2;
/** The same in a segment of an ARN before the last, where they do not reach over a colon. */
export const ANY_IN_SEGMENT = -3;
export const ONE_IN_SEGMENT = -4;
/** Where a pattern is over. */
export const END = -5;
export const COLON = 58;

/** A token is a wildcard from above or a code point. */
export interface Glob {
  readonly tokens: readonly number[];
  /** Places in `tokens` from which the rest of the text is matched: several, where a `*` has been passed. */
  readonly starts: readonly number[];
  readonly ignoreCase: boolean;
}

export interface GlobOptions {
  /** Whether the first five colons of the pattern cut it into segments, as in Resource and the Arn operators. */
  readonly arn?: boolean;
  readonly ignoreCase?: boolean;
}

/** Parts without policy variables as tokens. Stars that match the same are written the same, so that globs can be compared. */
export function globOf(parts: readonly PatternPart[], options: GlobOptions = {}): Glob {
  const { arn = false, ignoreCase = false } = options;
  const tokens: number[] = [];
  for (const part of parts) {
    if (part.kind === "any") tokens.push(ANY);
    else if (part.kind === "one") tokens.push(ONE);
    else if (part.kind === "text") {
      for (const code of codePoints(ignoreCase ? part.text.toLowerCase() : part.text)) tokens.push(code);
    } else throw new TypeError(`'${part.key}' must be resolved before a pattern becomes a glob`);
  }
  return { tokens: withPlainRuns(arn ? withSegments(tokens) : tokens), starts: [0], ignoreCase };
}

export function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function withSegments(tokens: readonly number[]): number[] {
  const colons = tokens.flatMap((token, index) => (token === COLON ? [index] : []));
  const lastSegment = colons[Math.min(5, colons.length) - 1] ?? -1;
  return tokens.map((token, index) =>
    index >= lastSegment ? token : token === ANY ? ANY_IN_SEGMENT : token === ONE ? ONE_IN_SEGMENT : token,
  );
}

/** In a run of wildcards the order means nothing, and one star is as good as several. */
function withPlainRuns(tokens: readonly number[]): number[] {
  const plain: number[] = [];
  let star: number | undefined;
  for (const token of tokens) {
    if (token === ANY || token === ANY_IN_SEGMENT) {
      star = token;
    } else {
      if (star !== undefined && token >= 0) {
        plain.push(star);
        star = undefined;
      }
      plain.push(token);
    }
  }
  return star === undefined ? plain : [...plain, star];
}

/** What is left of a glob after a text; undefined where nothing that begins with the text can match. */
export function afterText(glob: Glob, text: string): Glob | undefined {
  const { tokens, ignoreCase } = glob;
  const characters = codePoints(ignoreCase ? text.toLowerCase() : text);
  let starts: readonly number[] = glob.starts;
  let read = 0;
  // Most patterns begin with a long text of their own.
  if (starts.length === 1) {
    let [at = 0] = starts;
    while (read < characters.length && (tokens[at] ?? ANY) >= 0) {
      if (tokens[at] !== characters[read]) return undefined;
      at += 1;
      read += 1;
    }
    starts = [at];
  }
  starts = closure(tokens, starts);
  for (const character of characters.slice(read)) {
    const next: number[] = [];
    for (const at of starts) next.push(...advance(tokens[at] ?? END, at, character));
    if (next.length === 0) return undefined;
    starts = closure(tokens, next);
  }
  const [first = 0] = starts;
  return { tokens: tokens.slice(first), starts: starts.map((at) => at - first), ignoreCase };
}

/** Where a token leads to when the character is read. */
export function advance(token: number, at: number, character: number): readonly number[] {
  switch (token) {
    case ANY:
      return [at];
    case ONE:
      return [at + 1];
    case ANY_IN_SEGMENT:
      return character === COLON ? [] : [at];
    case ONE_IN_SEGMENT:
      return character === COLON ? [] : [at + 1];
    default:
      return token === character ? [at + 1] : [];
  }
}

/**
 * Ascending, with what a star that takes nothing leads to. What matches from before a star over everything matches from
 * that star too, so that earlier places say nothing more.
 */
function closure(tokens: readonly number[], places: readonly number[]): number[] {
  const reached = new Set<number>();
  let lastStar = 0;
  for (const place of places) {
    let at = place;
    reached.add(at);
    while (tokens[at] === ANY || tokens[at] === ANY_IN_SEGMENT) {
      if (tokens[at] === ANY) lastStar = Math.max(lastStar, at);
      at += 1;
      reached.add(at);
    }
  }
  return [...reached].filter((at) => at >= lastStar).sort((left, right) => left - right);
}

/** Equal for globs that match the same texts by the same steps. */
export function globId({ tokens, starts, ignoreCase }: Glob): string {
  return `${ignoreCase ? "i" : ""}${starts.join()}:${tokens.join()}`;
}

/** Whether a glob matches every text. */
export function matchesAll({ tokens, starts }: Glob): boolean {
  return starts.some((at) => tokens[at] === ANY && at === tokens.length - 1);
}

/** Whether a text matches; for single questions, where no classes are worth making. */
export function matchesGlob(glob: Glob, text: string): boolean {
  const rest = afterText(glob, text);
  return rest?.starts.some((at) => at === rest.tokens.length) ?? false;
}
