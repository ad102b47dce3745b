/**
 * The classes that patterns cut the object keys into: two keys are in one class where the same patterns match them. Each
 * class comes with its shortest key, found by a search through the automaton of all patterns by length.
 */
import { Automaton, type Pattern, type State } from "./automaton";

export type { Pattern } from "./automaton";

/** Which texts there are, and how their length counts. */
export interface TextSpace {
  readonly minLength: number;
  readonly maxLength: number;
  readonly lengthOf: (character: number) => number;
  readonly allows: (character: number) => boolean;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const OBJECT_KEYS: TextSpace = {
  minLength: 1,
  maxLength: 1024,
  lengthOf: (character) => (character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4),
  // Half of a character outside the basic plane has no form in UTF-8.
  allows: (character) => character < 0xd800 || character > 0xdfff,
};

/** More classes than this are too many to decide on each, and to report; prefixes of rules come on top. */
export const MAX_CLASSES = 4096;

/** More states than this are too many to search; what patterns that only go forward need comes on top. */
export const MAX_STATES = 20_000;

export interface TextClass {
  /** Patterns that match, by their place, ascending. */
  readonly matches: readonly number[];
  /** The shortest text of the class. */
  readonly witness: string;
  /** Places of the witness (in characters) at which any character does that no pattern mentions there. */
  readonly free: readonly number[];
}

export interface TextClasses {
  /** Shortest witness first. */
  readonly classes: readonly TextClass[];
  readonly includes: (textClass: TextClass, text: string) => boolean;
  /** Work done, for those who want to see that it stays within bounds. */
  readonly steps: number;
}

/** Classes or states passed their limit. */
export interface TooManyClasses {
  /** Patterns that make it so, by their place, worst first. */
  readonly blame: readonly number[];
  readonly steps: number;
}

export function isTooMany(result: TextClasses | TooManyClasses): result is TooManyClasses {
  return "blame" in result;
}

interface Visit {
  readonly length: number;
  readonly from?: State;
  readonly character: number;
  readonly isFree: boolean;
}

/** @param maxSteps Work after which a search gives up, for callers that search for many buckets. */
export function textClasses(
  patterns: readonly Pattern[],
  space: TextSpace,
  maxSteps = Infinity,
): TextClasses | TooManyClasses {
  const automaton = new Automaton(patterns);
  const maxStates = MAX_STATES + 2 * automaton.size;
  const maxClasses = MAX_CLASSES + patterns.length;
  const visits = new Map<State, Visit>([[automaton.start, { length: 0, character: 0, isFree: false }]]);
  const byLength: State[][] = [[automaton.start]];
  const found = new Map<number, State>();
  for (let length = 0; length < byLength.length; length += 1) {
    for (const state of byLength[length] ?? []) {
      // It was reached by a shorter text after it had been put down for this length.
      if (visits.get(state)?.length !== length) continue;
      if (length >= space.minLength && !found.has(state.matches)) found.set(state.matches, state);
      if (length < space.maxLength) visitNext(automaton, state, length, space, visits, byLength);
      if (found.size > maxClasses || visits.size > maxStates || automaton.steps > maxSteps) {
        return { blame: blameFor(automaton, [...visits.keys()]), steps: automaton.steps };
      }
    }
    byLength[length] = [];
  }
  const ends = new Map<TextClass, State>();
  for (const state of found.values()) {
    ends.set({ matches: automaton.matchesOf(state), ...witnessOf(state, visits) }, state);
  }
  return {
    classes: [...ends.keys()],
    includes: (textClass, text) => {
      const end = ends.get(textClass);
      // Most texts that are asked for begin with the witness, which was read already.
      const isLonger = end !== undefined && text.startsWith(textClass.witness);
      const rest = isLonger ? text.slice(textClass.witness.length) : text;
      const characters = Array.from(rest, (character) => character.codePointAt(0) ?? 0);
      const before = isLonger ? (visits.get(end)?.length ?? 0) : 0;
      const length = characters.reduce((sum, character) => sum + space.lengthOf(character), before);
      if (length < space.minLength || length > space.maxLength || !characters.every(space.allows))
        return false;
      return automaton.read(rest, isLonger ? end : automaton.start).matches === end?.matches;
    },
    steps: automaton.steps,
  };
}

function visitNext(
  automaton: Automaton,
  state: State,
  length: number,
  space: TextSpace,
  visits: Map<State, Visit>,
  byLength: State[][],
): void {
  const { mentioned, other } = automaton.movesOf(state);
  const visit = (next: State, character: number, isFree: boolean) => {
    const reached = length + space.lengthOf(character);
    const before = visits.get(next);
    if (reached > space.maxLength || (before !== undefined && before.length <= reached)) return;
    visits.set(next, { length: reached, from: state, character, isFree });
    (byLength[reached] ??= []).push(next);
  };
  const free = freeCharacter(mentioned, space);
  // Letters before anything else, so that of several shortest texts the readable one is found first.
  if (free !== undefined) visit(other, free, true);
  for (const [character, next] of [...mentioned].sort(([left], [right]) => byReadability(left, right))) {
    if (space.allows(character)) visit(next, character, false);
  }
}

const READABLE = Array.from(
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ =+@:",
  (each) => each.charCodeAt(0),
);

/** A character that no open place mentions: a readable one, or else the next printable one of Unicode. */
function freeCharacter(mentioned: ReadonlyMap<number, State>, space: TextSpace): number | undefined {
  const isFree = (character: number) => !mentioned.has(character) && space.allows(character);
  const readable = READABLE.find(isFree);
  if (readable !== undefined) return readable;
  for (let character = 0x21; character <= 0x10ffff; character += 1) {
    if ((character < 0x7f || character > 0xa0) && isFree(character)) return character;
  }
  return undefined;
}

function byReadability(left: number, right: number): number {
  const rank = (character: number) => {
    const place = READABLE.indexOf(character);
    return place < 0 ? READABLE.length : place;
  };
  return rank(left) - rank(right) || left - right;
}

function witnessOf(end: State, visits: ReadonlyMap<State, Visit>): Pick<TextClass, "witness" | "free"> {
  const characters: Visit[] = [];
  for (let state = end; ;) {
    const visit = visits.get(state);
    if (visit?.from === undefined) break;
    characters.push(visit);
    state = visit.from;
  }
  characters.reverse();
  return {
    witness: String.fromCodePoint(...characters.map(({ character }) => character)),
    free: characters.flatMap(({ isFree }, place) => (isFree ? [place] : [])),
  };
}

/** A pattern that goes forward only is open in few states; one that can begin anywhere multiplies the states of others. */
function blameFor(automaton: Automaton, states: readonly State[]): number[] {
  const counts = automaton.countOpen(states);
  const worst = Math.max(0, ...counts.values());
  return [...counts]
    .filter(([, count]) => count * 4 >= worst)
    .sort(([, left], [, right]) => right - left)
    .map(([pattern]) => pattern);
}
