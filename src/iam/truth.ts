/** Kleene's three-valued logic, where a truth that nobody can tell remembers the condition keys that it hangs on. */

/** True, false, or undecided. */
export type Truth = boolean | Undecided;

export interface Undecided {
  /** Condition keys that would decide, as the documents write them; empty where a document could not be read. */
  readonly keys: readonly string[];
}

export function undecided(...keys: readonly string[]): Undecided {
  return { keys };
}

/** The same for a list, which may be too long to be passed as arguments. */
export function undecidedBy(keys: readonly string[]): Undecided {
  return { keys: unique(keys) };
}

export function isUndecided(truth: Truth): truth is Undecided {
  return typeof truth !== "boolean";
}

/** Keys that an undecided truth hangs on; none for a decided one. */
export function keysBehind(truth: Truth): readonly string[] {
  return isUndecided(truth) ? truth.keys : [];
}

/** Holds where every part holds; one part that fails settles it, whatever the others would turn out to be. */
export function every(truths: Iterable<Truth>): Truth {
  return combine(truths, (truth) => truth, false);
}

/** Holds where one part holds. */
export function some(truths: Iterable<Truth>): Truth {
  return combine(truths, (truth) => truth, true);
}

/** Whether the test holds for every item; it is not run any more once that is settled. */
export function everyOf<Item>(items: Iterable<Item>, test: (item: Item) => Truth): Truth {
  return combine(items, test, false);
}

/** Whether the test holds for one item; it is not run any more once that is settled. */
export function someOf<Item>(items: Iterable<Item>, test: (item: Item) => Truth): Truth {
  return combine(items, test, true);
}

export function not(truth: Truth): Truth {
  return isUndecided(truth) ? truth : !truth;
}

function combine<Item>(items: Iterable<Item>, test: (item: Item) => Truth, settles: boolean): Truth {
  let keys: string[] | undefined;
  for (const item of items) {
    const truth = test(item);
    if (truth === settles) {
      return settles;
    }
    if (isUndecided(truth)) {
      keys = keys ?? [];
      for (const key of truth.keys) {
        keys.push(key);
      }
    }
  }
  return keys === undefined ? !settles : { keys: unique(keys) };
}

/** Each text once, in the order of its first appearance. */
export function unique(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)];
}
