/**
 * Many patterns read a text together: a state is the set of places in patterns that are still open, and the patterns
 * that match whatever comes. Stars stay open from one state to the next, so that states share the sets of them. A pattern that can no longer match is in no state, so that a thousand prefixes cost about
 * the length of all prefixes together.
 */
import { grouped } from "../util/grouping";
import { advance, ANY, ANY_IN_SEGMENT, COLON, END, type Glob, ONE_IN_SEGMENT } from "./glob";

/** A pattern that matches where one of its globs does. */
export type Pattern = readonly Glob[];

export interface State {
  /** Stars that were passed and take whatever comes, as a set's number: many states share a set. */
  readonly resident: Residents;
  /** Other open places, ascending. */
  readonly transient: readonly number[];
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

/** A set of stars, the last one passed of each glob, and what their globs wait for. */
interface Residents {
  readonly id: number;
  /** By glob, in the order of the places. */
  readonly stars: ReadonlyMap<number, number>;
  /** Places that the next character leads to. */
  readonly next: NextPlaces;
}

/** Where characters lead to from some places: by the character itself, and by its lower case. */
interface NextPlaces {
  readonly exact: Map<number, number[]>;
  readonly folded: Map<number, number[]>;
  /** Wildcards. */
  readonly wild: number[];
}

/** Ascending sets of numbers, each kept once and called by its number; 0 is the empty set. */
class NumberSets {
  private readonly sets: (readonly number[])[] = [[]];
  private readonly numbers = new Map<string, number>([["", 0]]);

  members(set: number): readonly number[] {
    return this.sets[set] ?? [];
  }

  with(set: number, more: readonly number[]): number {
    return more.length === 0 ? set : this.numberOf(ascending([...this.members(set), ...more]));
  }

  numberOf(members: readonly number[]): number {
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
  private readonly starSets = new NumberSets();
  private readonly residents = new Map<number, Residents>();
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
    this.start = this.make(starts, this.residentsOf([]), 0);
  }

  /** Number of tokens of all patterns. */
  get size(): number {
    return this.tokens.length;
  }

  /** Patterns that match the text which leads to a state, ascending. */
  matchesOf(state: State): readonly number[] {
    return this.sets.members(state.matches);
  }

  /** In how many of some states each pattern has open places. */
  countOpen(states: readonly State[]): Map<number, number> {
    const counts = new Map<number, number>();
    const count = (pattern: number, more: number) => counts.set(pattern, (counts.get(pattern) ?? 0) + more);
    const patternsOf = (places: Iterable<number>) =>
      new Set(Array.from(places, (place) => this.patternOf[place] ?? 0));
    for (const [{ stars }, alike] of grouped(states, ({ resident }) => resident)) {
      const settled = patternsOf(stars.values());
      for (const pattern of settled) count(pattern, alike.length);
      for (const { transient } of alike) {
        for (const pattern of patternsOf(transient)) if (!settled.has(pattern)) count(pattern, 1);
      }
    }
    return counts;
  }

  /** The state that a text leads to. @param from Where it begins: the state of what comes before it. */
  read(text: string, from = this.start): State {
    let state = from;
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

  private computeMoves({ resident, transient, settled }: State): Moves {
    this.steps += transient.length;
    const own = this.nextOf(transient);
    const both = [own, resident.next];
    const wild = both.flatMap((next) => next.wild);
    const characters = new Set(both.flatMap(({ exact }) => [...exact.keys()]));
    const lowers = both.flatMap(({ folded }) => [...folded.keys()]);
    for (const lower of lowers) for (const character of casesOf(lower)) characters.add(character);
    if (wild.some((place) => this.isSegmentWildcard(place))) characters.add(COLON);
    const after = (character: number): State => {
      const lower = lowers.length === 0 ? character : lowerCaseOf(character);
      const next = [
        ...both.flatMap(({ exact }) => exact.get(character) ?? []),
        ...both.flatMap(({ folded }) => folded.get(lower) ?? []),
        ...wild.flatMap((place) => advance(this.tokens[place] ?? END, place, character)),
      ];
      this.steps += next.length + 1;
      return this.find(next, resident, settled);
    };
    return {
      mentioned: new Map([...characters].map((character) => [character, after(character)])),
      // No token is this number, and none of the wildcards minds it.
      other: after(Number.MAX_SAFE_INTEGER),
    };
  }

  private isSegmentWildcard(place: number): boolean {
    const token = this.tokens[place];
    return token === ANY_IN_SEGMENT || token === ONE_IN_SEGMENT;
  }

  private nextOf(places: readonly number[]): NextPlaces {
    const next: NextPlaces = { exact: new Map(), folded: new Map(), wild: [] };
    for (const place of places) {
      const token = this.tokens[place] ?? END;
      if (token >= 0) {
        const byCharacter = this.folded[place] === true ? next.folded : next.exact;
        const known = byCharacter.get(token);
        if (known === undefined) byCharacter.set(token, [place + 1]);
        else known.push(place + 1);
      } else if (token !== END) {
        next.wild.push(place);
      }
    }
    return next;
  }

  private find(places: readonly number[], resident: Residents, settled: number): State {
    const state = this.make(places, resident, settled);
    const id = `${state.settled}|${state.resident.id}|${state.transient.join()}`;
    const known = this.states.get(id);
    if (known !== undefined) return known;
    this.states.set(id, state);
    return state;
  }

  private make(places: readonly number[], residentBefore: Residents, settledBefore: number): State {
    const reached: number[] = [];
    const stars: number[] = [];
    const done = new Set<number>();
    for (const place of places) {
      for (let at = place; ; at += 1) {
        const token = this.tokens[at];
        if (token === ANY) {
          if (this.tokens[at + 1] === END) done.add(this.patternOf[at] ?? 0);
          else stars.push(at);
          break;
        }
        reached.push(at);
        if (token !== ANY_IN_SEGMENT) break;
      }
    }
    const resident = this.residentsWith(residentBefore, stars, done);
    // What matches from before a star matches from the star as well: earlier places of a glob say nothing more.
    const isOpen = (place: number) =>
      !(done.size > 0 && done.has(this.patternOf[place] ?? 0)) &&
      (resident.stars.get(this.globOf[place] ?? 0) ?? -1) < place;
    const transient = ascending(reached.filter(isOpen));
    const settled = this.sets.with(settledBefore, [...done]);
    const ended = transient.filter((place) => this.tokens[place] === END);
    return {
      resident,
      transient,
      settled,
      matches: this.sets.with(
        settled,
        ended.map((place) => this.patternOf[place] ?? 0),
      ),
    };
  }

  private residentsWith(before: Residents, stars: readonly number[], done: ReadonlySet<number>): Residents {
    const isNew = (place: number) => (before.stars.get(this.globOf[place] ?? 0) ?? -1) < place;
    if (done.size === 0 && !stars.some(isNew)) return before;
    const last = new Map(before.stars);
    for (const place of stars) {
      const glob = this.globOf[place] ?? 0;
      last.set(glob, Math.max(place, last.get(glob) ?? -1));
    }
    const isOpen = (place: number) => !done.has(this.patternOf[place] ?? 0);
    return this.residentsOf(ascending([...last.values()].filter(isOpen)));
  }

  private residentsOf(places: readonly number[]): Residents {
    const id = this.starSets.numberOf(places);
    let residents = this.residents.get(id);
    if (residents === undefined) {
      this.steps += places.length;
      residents = {
        id,
        stars: new Map(places.map((place) => [this.globOf[place] ?? 0, place])),
        next: this.nextOf(places.map((place) => place + 1)),
      };
      this.residents.set(id, residents);
    }
    return residents;
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
