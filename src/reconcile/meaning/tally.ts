/** What is counted of the versions: in bounded memory, however many there are. Every engine hands over the same. */
import { type Cause, CAUSES, MISSING_STATES, type State, STATES } from "./causes";
import { type Outcome, outcomeName } from "./branches";
import type { Decision } from "./decision";
import type { Row, Version } from "./row";

/** So many examples are kept of each count, and so many of its prefixes are shown. */
export const MOST_EXAMPLES = 3;
export const MOST_PREFIXES = 10;
/** So many prefixes of a count are followed at once. When there are more, the smallest half are no longer told apart. */
const MOST_FOLLOWED = 2_000;

export interface Example {
  readonly key: string;
  readonly versionId: string;
}

/** Versions whose keys begin alike. */
export interface PrefixCount {
  readonly prefix: string;
  readonly versions: number;
  /** Bytes. */
  readonly bytes: number;
}

/** Versions of one destination that were decided on alike. */
export interface Count extends Outcome {
  readonly state: State;
  readonly versions: number;
  /** Bytes of those whose size is known. */
  readonly bytes: number;
  /** Milliseconds since 1970; left out where no time is known. */
  readonly oldest?: number;
  readonly newest?: number;
  /** The smallest key of each prefix, of those with the smallest; none of versions in place. */
  readonly examples: readonly Example[];
  /** Those with most versions, most first; none of versions in place. */
  readonly prefixes: readonly PrefixCount[];
}

/** Whether it is told where versions are. Nobody looks for those in place, which are most of all. */
export function isLocated(cause: Cause): boolean {
  return CAUSES[cause].state !== "in place";
}

export interface DestinationTally {
  readonly destinationArn: string;
  /** In the order of the states, and then by versions, most first. */
  readonly counts: readonly Count[];
}

/** Versions of the source that lifecycle neither expires nor moves before their status is another. */
export interface Held {
  readonly status: "FAILED" | "PENDING";
  readonly versions: number;
  readonly bytes: number;
}

export interface Tally {
  readonly destinations: readonly DestinationTally[];
  readonly held: readonly Held[];
  /** Versions and delete markers of the source that were looked at. */
  readonly versions: number;
  readonly bytes: number;
  /** Whether every version of the source and of the destinations was looked at. */
  readonly isWhole: boolean;
}

export type Verdict = "complete" | "incomplete" | "undecided";

/**
 * Incomplete: something is missing. Undecided: nothing is known to be missing, and not everything could be told. What is
 * FAILED and in place is missing at another destination; where nothing is missing at any, something else of it failed.
 */
export function verdictOf({ destinations, isWhole }: Tally): Verdict {
  const counts = destinations.flatMap((destination) => destination.counts);
  const states = new Set(counts.map(({ state }) => state));
  if (MISSING_STATES.some((state) => states.has(state))) return "incomplete";
  const isOpen = states.has("undecided") || counts.some(({ cause }) => cause === "in-place-failed");
  return isWhole && !isOpen ? "complete" : "undecided";
}

/** A key up to its second slash, its first, or nothing: the folder that it is counted under. */
export function prefixOf(key: string): string {
  const first = key.indexOf("/");
  if (first < 0) return "";
  const second = key.indexOf("/", first + 1);
  return key.slice(0, (second < 0 ? first : second) + 1);
}

/** A count so far, as it is written to a file of an interrupted run. */
interface CounterState {
  readonly versions: number;
  readonly bytes: number;
  readonly oldest?: number;
  readonly newest?: number;
  readonly examples: readonly Example[];
  readonly prefixes: readonly (readonly [string, { readonly versions: number; readonly bytes: number }])[];
}

/** Everything that was counted so far. */
export interface TallyState {
  readonly counters: readonly (readonly CounterState[])[];
  readonly held: readonly (readonly [
    Held["status"],
    { readonly versions: number; readonly bytes: number },
  ])[];
  readonly versions: number;
  readonly bytes: number;
}

const textOrder = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1);

class Counter {
  versions = 0;
  bytes = 0;
  oldest: number | undefined;
  newest: number | undefined;
  readonly examples: Example[] = [];
  private readonly prefixes = new Map<string, { versions: number; bytes: number }>();

  private readonly isLocated: boolean;

  constructor(readonly outcome: Outcome) {
    this.isLocated = isLocated(outcome.cause);
  }

  add(row: Row): void {
    const { size, lastModified } = row.source ?? row.destination ?? {};
    const bytes = size ?? 0;
    this.versions += 1;
    this.bytes += bytes;
    if (lastModified !== undefined) {
      if (this.oldest === undefined || lastModified < this.oldest) this.oldest = lastModified;
      if (this.newest === undefined || lastModified > this.newest) this.newest = lastModified;
    }
    if (this.isLocated) this.locate(row, bytes);
  }

  private locate({ key, versionId }: Row, bytes: number): void {
    const prefix = prefixOf(key);
    this.exemplify({ key, versionId });
    const known = this.prefixes.get(prefix);
    if (known === undefined) this.follow(prefix, bytes);
    else {
      known.versions += 1;
      known.bytes += bytes;
    }
  }

  /** The same in whatever order rows come. */
  private exemplify(example: Example): void {
    const last = this.examples.at(-1);
    if (this.examples.length === MOST_EXAMPLES && last !== undefined && example.key > last.key) return;
    this.examples.splice(0, Infinity, ...firstExamples([...this.examples, example]));
  }

  private follow(prefix: string, bytes: number): void {
    if (this.prefixes.size >= MOST_FOLLOWED) {
      const smallest = [...this.prefixes].sort(([, one], [, other]) => one.versions - other.versions);
      for (const [name] of smallest.slice(0, MOST_FOLLOWED / 2)) this.prefixes.delete(name);
    }
    this.prefixes.set(prefix, { versions: 1, bytes });
  }

  state(): CounterState {
    const { versions, bytes, oldest, newest, examples, prefixes } = this;
    return { versions, bytes, oldest, newest, examples: [...examples], prefixes: [...prefixes] };
  }

  restore({ versions, bytes, oldest, newest, examples, prefixes }: CounterState): void {
    Object.assign(this, { versions, bytes, oldest, newest });
    this.examples.push(...examples);
    for (const [prefix, counts] of prefixes) this.prefixes.set(prefix, { ...counts });
  }

  count(): Count {
    const prefixes = [...this.prefixes].map(([prefix, counts]) => ({ prefix, ...counts }));
    return {
      ...this.outcome,
      state: CAUSES[this.outcome.cause].state,
      versions: this.versions,
      bytes: this.bytes,
      ...(this.oldest === undefined ? {} : { oldest: this.oldest }),
      ...(this.newest === undefined ? {} : { newest: this.newest }),
      examples: this.examples,
      prefixes: largest(prefixes),
    };
  }
}

/** The examples that are shown of all: the smallest of each prefix, so that they are not all of one folder. */
export function firstExamples(examples: readonly Example[]): Example[] {
  const ordered = [...examples].sort(
    (one, other) => textOrder(one.key, other.key) || textOrder(one.versionId, other.versionId),
  );
  const first: Example[] = [];
  for (const example of ordered) {
    const isNew = !first.some(({ key }) => prefixOf(key) === prefixOf(example.key));
    if (isNew && first.length < MOST_EXAMPLES) first.push(example);
  }
  return first;
}

/** The prefixes that are shown of all. */
export function largest(prefixes: readonly PrefixCount[]): PrefixCount[] {
  return [...prefixes]
    .sort((one, other) => other.versions - one.versions || (one.prefix < other.prefix ? -1 : 1))
    .slice(0, MOST_PREFIXES);
}

/** Counts row by row, for an engine that sees them. */
export class Tallying {
  private readonly counters: Counter[][];
  private readonly heldCounts = new Map<Held["status"], { versions: number; bytes: number }>();
  private versions = 0;
  private bytes = 0;

  constructor(private readonly decisions: readonly Decision[]) {
    this.counters = decisions.map(({ outcomes }) => outcomes.map((outcome) => new Counter(outcome)));
  }

  /** @param outcome Its place in the outcomes of the destination's decision. */
  add(destination: number, outcome: number, row: Row): void {
    this.counters[destination]?.[outcome]?.add(row);
  }

  /** Counts a version of the source, once for all destinations. */
  addSource({ source }: Row): void {
    if (source === undefined) return;
    this.versions += 1;
    this.bytes += source.size ?? 0;
    this.addHeld(source);
  }

  /** Counts a version whose status is read only after it was counted. */
  addHeld({ replicationStatus: status, size }: Version): void {
    if (status !== "FAILED" && status !== "PENDING") return;
    const held = this.heldCounts.get(status) ?? { versions: 0, bytes: 0 };
    this.heldCounts.set(status, { versions: held.versions + 1, bytes: held.bytes + (size ?? 0) });
  }

  /** Versions of the source so far. */
  get sourceVersions(): number {
    return this.versions;
  }

  state(): TallyState {
    const { versions, bytes } = this;
    return {
      counters: this.counters.map((counters) => counters.map((counter) => counter.state())),
      held: [...this.heldCounts],
      versions,
      bytes,
    };
  }

  /** Goes on from a state of the same decisions. */
  restore({ counters, held, versions, bytes }: TallyState): void {
    counters.forEach((states, destination) =>
      states.forEach((state, outcome) => this.counters[destination]?.[outcome]?.restore(state)),
    );
    for (const [status, counts] of held) this.heldCounts.set(status, { ...counts });
    Object.assign(this, { versions, bytes });
  }

  /** @param isWhole Whether everything was looked at. */
  tally(isWhole: boolean): Tally {
    return {
      destinations: this.decisions.map(({ destinationArn }, place) => ({
        destinationArn,
        counts: inOrder((this.counters[place] ?? []).flatMap((c) => (c.versions === 0 ? [] : [c.count()]))),
      })),
      held: (["FAILED", "PENDING"] as const).flatMap((status) => {
        const counts = this.heldCounts.get(status);
        return counts === undefined ? [] : [{ status, ...counts }];
      }),
      versions: this.versions,
      bytes: this.bytes,
      isWhole,
    };
  }
}

/** Counts as reports show them: by state, and then most first. */
export function inOrder(counts: readonly Count[]): Count[] {
  const order = ({ state }: Count) => STATES.indexOf(state);
  return [...counts].sort(
    (one, other) =>
      order(one) - order(other) ||
      other.versions - one.versions ||
      (outcomeName(one) < outcomeName(other) ? -1 : 1),
  );
}
