/** The worlds that the alternatives of a request span. */
import type { Alternative, Context } from "./types";

/**
 * A request whose alternatives span more worlds than this is decided once, with all keys that they set as unknown:
 * still sound, but less often decided.
 */
export const MAX_WORLDS = 1024;

export interface World {
  /** The option taken of each alternative. */
  readonly options: readonly number[];
  readonly contexts: readonly Context[];
}

/**
 * Alternatives that can make a difference: those that set a condition key which a document reads. Leaving out the
 * others changes no decision.
 *
 * @param read condition keys in lower case
 */
export function relevantAlternatives(
  alternatives: readonly Alternative[],
  read: ReadonlySet<string>,
): readonly Alternative[] {
  const isRead = (key: string) => {
    const name = key.toLowerCase();
    return name.endsWith("*") ? [...read].some((each) => each.startsWith(name.slice(0, -1))) : read.has(name);
  };
  return alternatives.filter(({ options }) =>
    options.some(({ context }) => Object.keys(context).some(isRead)),
  );
}

export function countWorlds(alternatives: readonly Alternative[]): number {
  return alternatives.reduce((count, { options }) => count * options.length, 1);
}

/** One world for each combination of options; where two alternatives set the same key, the later one counts. */
export function worldsOf(alternatives: readonly Alternative[]): readonly World[] {
  let worlds: readonly World[] = [{ options: [], contexts: [] }];
  for (const alternative of alternatives) {
    worlds = worlds.flatMap(({ options, contexts }) =>
      alternative.options.map(({ context }, index) => ({
        options: [...options, index],
        contexts: [...contexts, context],
      })),
    );
  }
  return worlds;
}

/** One world in which every key that an alternative sets is unknown. */
export function blurredWorld(alternatives: readonly Alternative[]): World {
  const keys = alternatives.flatMap(({ options }) => options.flatMap(({ context }) => Object.keys(context)));
  return {
    options: [],
    contexts: [Object.fromEntries(keys.map((key) => [key, { state: "unknown" } as const]))],
  };
}

/** Names of the alternatives on which an outcome depends: worlds that differ in nothing else have different ones. */
export function decisiveAlternatives(
  alternatives: readonly Alternative[],
  worlds: readonly World[],
  outcomes: readonly string[],
): readonly string[] {
  return alternatives
    .filter((_, place) => {
      const outcomeOfOthers = new Map<string, string | undefined>();
      return worlds.some(({ options }, index) => {
        const others = options.filter((_option, at) => at !== place).join();
        const outcome = outcomes[index];
        const before = outcomeOfOthers.get(others);
        outcomeOfOthers.set(others, outcome);
        return before !== undefined && before !== outcome;
      });
    })
    .map(({ name }) => name);
}
