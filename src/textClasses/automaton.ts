/**
 * Many patterns read a text together: a state is the set of places in patterns that are still open, and the patterns
 * that match whatever comes. A pattern that can no longer match is in no state, so that a thousand prefixes cost about
 * the length of all prefixes together.
 */
import { advance, ANY, ANY_IN_SEGMENT, COLON, END, type Glob, ONE_IN_SEGMENT } from "./glob";

/** A pattern that matches where one of its globs does. */
export type Pattern = readonly Glob[];

export interface State {
  /** Open places, ascending. */
  readonly active: readonly number[];
  /** Patterns that match whatever follows, as a set's number. */
  readonly settled: number;
  /** Patterns that match the text so far, as a set's number. */
  readonly matches: number;
  moves?: Moves;
}

export interface Moves {
  /** By code point: every character that some open place mentions. */
  readonly mentioned: ReadonlyMap<number, State>;
  /** After any other character. */
  readonly other: State;
}

/** Ascending sets of numbers, each kept once and called by its number; 0 is the empty set. */
class NumberSets {
  private readonly sets: (readonly number[])[] = [[]];
  private readonly numbers = new Map<string, number>([["", 0]]);

  members(set: number): readonly number[] {
    return this.sets[set] ?? [];
  }

  with(set: number, more: readonly number[]): number {
    if (more.length === 0) return set;
    const members = ascending([...this.members(set), ...more]);
    const id = members.join();
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    this.numbers.set(id, this.sets.length);
    return this.sets.push(members) - 1;
  }
}

export class Automaton {
  readonly start: State;
  /** Places looked at and reached so far. */
  steps = 0;
  private readonly tokens: number[] = [];
  private readonly patternOf: number[] = [];
  private readonly globOf: number[] = [];
  private readonly folded: boolean[] = [];
  private readonly sets = new NumberSets();
  private readonly states = new Map<string, State>();

  constructor(patterns: readonly Pattern[]) {
    const starts: number[] = [];
    patterns.forEach((globs, pattern) => {
      for (const { tokens, starts: places, ignoreCase } of globs) {
        const offset = this.tokens.length;
        starts.push(...places.map((place) => offset + place));
        for (const token of [...tokens, END]) {
          this.tokens.push(token);
          this.patternOf.push(pattern);
          this.globOf.push(offset);
          this.folded.push(ignoreCase);
        }
      }
    });
    // Not among the states that are looked up: a text that leads back here is not the empty text.
    this.start = this.make(starts, 0);
  }

  /** Number of tokens of all patterns. */
  get size(): number {
    return this.tokens.length;
  }

  /** Patterns that match the text which leads to a state, ascending. */
  matchesOf(state: State): readonly number[] {
    return this.sets.members(state.matches);
  }

  /** Patterns that a state has open places of. */
  openIn(state: State): readonly number[] {
    return [...new Set(state.active.map((place) => this.patternOf[place] ?? 0))];
  }

  /** The state that a text leads to. */
  read(text: string): State {
    let state = this.start;
    for (const character of text) {
      const { mentioned, other } = this.movesOf(state);
      state = mentioned.get(character.codePointAt(0) ?? 0) ?? other;
    }
    return state;
  }

  movesOf(state: State): Moves {
    state.moves ??= this.computeMoves(state);
    return state.moves;
  }

  private computeMoves({ active, settled }: State): Moves {
    const exact = new Map<number, number[]>();
    const folded = new Map<number, number[]>();
    const wild: number[] = [];
    let minded = false;
    this.steps += active.length;
    for (const place of active) {
      const token = this.tokens[place] ?? END;
      if (token >= 0) {
        const places = this.folded[place] === true ? folded : exact;
        const next = places.get(token);
        if (next === undefined) places.set(token, [place + 1]);
        else next.push(place + 1);
      } else if (token !== END) {
        wild.push(place);
        minded ||= token === ANY_IN_SEGMENT || token === ONE_IN_SEGMENT;
      }
    }
    const characters = new Set(exact.keys());
    for (const lower of folded.keys()) {
      for (const character of casesOf(lower)) characters.add(character);
    }
    if (minded) characters.add(COLON);
    const after = (character: number): State => {
      const passed = wild.flatMap((place) => advance(this.tokens[place] ?? END, place, character));
      const next = [
        ...(exact.get(character) ?? []),
        ...(folded.size === 0 ? [] : (folded.get(lowerCaseOf(character)) ?? [])),
        ...passed,
      ];
      this.steps += next.length + 1;
      return this.find(next, settled);
    };
    return {
      mentioned: new Map([...characters].map((character) => [character, after(character)])),
      // No token is this number, and none of the wildcards minds it.
      other: after(Number.MAX_SAFE_INTEGER),
    };
  }

  private find(places: readonly number[], settled: number): State {
    const state = this.make(places, settled);
    const id = `${state.settled}|${state.active.join()}`;
    const known = this.states.get(id);
    if (known !== undefined) return known;
    this.states.set(id, state);
    return state;
  }

  private make(places: readonly number[], settledBefore: number): State {
    const reached: number[] = [];
    const done = new Set<number>();
    for (const place of places) {
      for (let at = place; ; at += 1) {
        const token = this.tokens[at];
        if (token === ANY && this.tokens[at + 1] === END) {
          done.add(this.patternOf[at] ?? 0);
          break;
        }
        reached.push(at);
        if (token !== ANY && token !== ANY_IN_SEGMENT) break;
      }
    }
    const open = done.size === 0 ? reached : reached.filter((place) => !done.has(this.patternOf[place] ?? 0));
    const active = this.withoutSubsumed(ascending(open));
    const settled = this.sets.with(settledBefore, [...done]);
    const ended = active.filter((place) => this.tokens[place] === END);
    return {
      active,
      settled,
      matches: this.sets.with(
        settled,
        ended.map((place) => this.patternOf[place] ?? 0),
      ),
    };
  }

  /** What matches from before a star matches from the star as well: earlier places of the same glob say nothing more. */
  private withoutSubsumed(places: readonly number[]): readonly number[] {
    const kept: number[] = [];
    let glob = -1;
    for (let index = places.length - 1; index >= 0; index -= 1) {
      const place = places[index] ?? 0;
      if (this.globOf[place] === glob) continue;
      kept.push(place);
      if (this.tokens[place] === ANY) glob = this.globOf[place] ?? -1;
    }
    return kept.reverse();
  }
}

function ascending(numbers: readonly number[]): readonly number[] {
  let last = -1;
  for (const each of numbers) {
    if (each <= last) return [...new Set(numbers)].sort((left, right) => left - right);
    last = each;
  }
  return numbers;
}

/** Characters whose lower case a Unicode table would not find by way of the upper case: the Kelvin sign and its like. */
const ODD_CASES = ["\u212a", "\u212b", "\u2126", "\u03f4", "\u1e9e"];

/** Every character that a letter without regard to case stands for. Case is folded character by character. */
function casesOf(lower: number): readonly number[] {
  const character = String.fromCodePoint(lower);
  return [character, character.toUpperCase(), ...ODD_CASES]
    .filter((each) => each.toLowerCase() === character)
    .map((each) => each.codePointAt(0) ?? 0);
}

function lowerCaseOf(character: number): number {
  return character > 0x10ffff
    ? character
    : (String.fromCodePoint(character).toLowerCase().codePointAt(0) ?? 0);
}
