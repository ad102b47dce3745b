/** Ranges of keys that are listed side by side. Whoever has nothing to do takes half of what another one has left. */
import { between, compareKeys } from "./keyOrder";
import type { ListPage, Page } from "./versionPages";

/** Keys behind `after` up to `upTo`. As it is written to a file of an interrupted run. */
export interface KeyRange {
  /** The last key that is done; left out at the beginning of the bucket. */
  readonly after?: string;
  /** Left out: to the end of the bucket. */
  readonly upTo?: string;
}

/** A range at work. */
export class WorkingRange {
  after: string | undefined;
  upTo: string | undefined;
  /** The last key of the pages at hand: the range is split behind it only. */
  reached: string | undefined;
  /** Whether the source has another page behind those at hand. */
  hasMore = false;
  /** The source has nothing in this range behind that key, as far as was looked. */
  private sourceEnd: string | undefined;

  constructor({ after, upTo }: KeyRange) {
    this.after = this.reached = after;
    this.upTo = this.sourceEnd = upTo;
  }

  isBeyond(key: string): boolean {
    return this.upTo !== undefined && compareKeys(key, this.upTo) > 0;
  }

  get rest(): KeyRange {
    return {
      ...(this.after === undefined ? {} : { after: this.after }),
      ...(this.upTo === undefined ? {} : { upTo: this.upTo }),
    };
  }

  /**
   * Gives away the upper part of the range. It is asked of one range at a time.
   * @param start What all keys begin with, behind which the middle is looked for.
   * @returns The part with the first page of the source in it. Undefined: the range is not worth splitting.
   */
  async split(list: ListPage, start: string): Promise<Part | undefined> {
    for (let probe = 0; probe < MOST_PROBES && this.hasMore; probe += 1) {
      const low = this.reached ?? start;
      const middle = between(low, this.sourceEnd ?? endOf(start));
      if (middle === undefined) return undefined;
      const firstPage = await list({ key: middle });
      // The worker of this range went on while the answer came.
      if (this.reached !== undefined && compareKeys(this.reached, middle) >= 0) continue;
      const [first] = firstPage.entries;
      if (first === undefined || this.isBeyond(first.key)) {
        this.sourceEnd = middle;
        continue;
      }
      const range = { after: middle, ...(this.upTo === undefined ? {} : { upTo: this.upTo }) };
      this.upTo = this.sourceEnd = middle;
      return { range, firstPage };
    }
    return undefined;
  }
}

/** A range to work on, and the first page of the source in it where it is at hand. */
export interface Part {
  readonly range: KeyRange;
  readonly firstPage?: Page;
}

const MOST_PROBES = 10;

/** A text behind all keys that begin so, or nothing for all keys. */
function endOf(start: string): string | undefined {
  return start === "" ? undefined : `${start}\u{ffff}`;
}
