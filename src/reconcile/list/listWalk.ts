/** The way through all keys of several buckets: ranges side by side, and pauses in which no key is half done. */
import { setTimeout } from "node:timers/promises";
import { rest } from "../../util/pauses";
import { isAnyWaiting, KeyJoin, loadAll, nextKey, type OnJoined } from "./joinVersions";
import { type KeyRange, type Part, WorkingRange } from "./keyRanges";
import { type ListPage, VersionCursor } from "./versionPages";

export interface WalkOptions {
  /** What all keys begin with. */
  readonly prefix: string;
  readonly ranges: readonly KeyRange[];
  readonly signal: AbortSignal;
  readonly onJoined: OnJoined;
  /** Something to wait for before the next key. */
  readonly afterKey: () => Promise<unknown> | undefined;
  /** Milliseconds between two pauses. */
  readonly pauseEvery?: number;
  /** Nothing goes on before it ends. It gets the ranges that are left. */
  readonly onPause?: (ranges: readonly KeyRange[]) => Promise<void>;
}

/** Ranges that are listed at once. S3 takes thousands of requests a second; more would only wait in memory. */
const RANGES_AT_ONCE = 8;

/** Milliseconds after which a range that could not be split is looked at again. */
const NEXT_LOOK = 50;

export class ListWalk {
  private readonly left: Part[];
  private readonly working = new Set<WorkingRange>();
  private splitting: Promise<unknown> = Promise.resolve();
  /** While there is one, workers wait for it as soon as they are between two keys. */
  private gate: Promise<void> | undefined;
  private parked = 0;
  private atWork = 0;

  /** @param sides How to list each bucket, the source first. */
  constructor(
    private readonly sides: readonly ListPage[],
    private readonly options: WalkOptions,
  ) {
    this.left = options.ranges.map((range) => ({ range }));
  }

  async run(): Promise<void> {
    const ended = new AbortController();
    const workers = Array.from({ length: RANGES_AT_ONCE }, () => this.work());
    const all = Promise.all(workers).finally(() => ended.abort());
    await Promise.all([all, this.pauseNowAndThen(ended.signal)]);
  }

  private async work(): Promise<void> {
    this.atWork += 1;
    for (;;) {
      this.options.signal.throwIfAborted();
      if (this.gate !== undefined) await this.park(this.gate);
      const part = this.left.pop() ?? (await this.stolen());
      if (part !== undefined) await this.walk(part);
      else if (this.working.size === 0 && this.left.length === 0) break;
      else await setTimeout(NEXT_LOOK, undefined, { signal: this.options.signal });
    }
    this.atWork -= 1;
  }

  /** Half of what another worker has left. One worker at a time asks for it. */
  private stolen(): Promise<Part | undefined> {
    const part = this.splitting.then(() => this.splitOne());
    this.splitting = part.catch(() => undefined);
    return part;
  }

  private async splitOne(): Promise<Part | undefined> {
    const [source] = this.sides;
    for (const range of this.working) {
      const part = source === undefined ? undefined : await range.split(source, this.options.prefix);
      if (part !== undefined) return part;
    }
    return undefined;
  }

  private async walk({ range: given, firstPage }: Part): Promise<void> {
    const range = new WorkingRange(given);
    this.working.add(range);
    const after = given.after === undefined ? undefined : { key: given.after };
    const isBeyond = (key: string) => range.isBeyond(key);
    const cursors = this.sides.map(
      (list, side) => new VersionCursor(list, after, isBeyond, side === 0 ? firstPage : undefined),
    );
    const join = new KeyJoin(cursors, this.options.onJoined);
    const [source] = cursors;
    const load = async () => {
      await loadAll(cursors);
      range.reached = source?.lastKey ?? range.reached;
      range.hasMore = source?.hasMore === true;
    };
    for (;;) {
      if (isAnyWaiting(cursors)) await load();
      const key = nextKey(cursors);
      if (key === undefined || range.isBeyond(key)) break;
      while (!join.take(key)) await load();
      range.after = key;
      const room = this.options.afterKey();
      if (room !== undefined) await room;
      if (this.gate !== undefined) await this.park(this.gate);
      this.options.signal.throwIfAborted();
    }
    this.working.delete(range);
  }

  private async park(gate: Promise<void>): Promise<void> {
    this.parked += 1;
    await gate;
    this.parked -= 1;
  }

  private async pauseNowAndThen(ended: AbortSignal): Promise<void> {
    const { pauseEvery, onPause } = this.options;
    if (pauseEvery === undefined || onPause === undefined) return;
    while (!ended.aborted) {
      await rest(pauseEvery, ended);
      let open: () => void = () => undefined;
      this.gate = new Promise((resolve) => (open = resolve));
      while (!ended.aborted && this.parked < this.atWork) await rest(1, ended);
      if (!ended.aborted) {
        await onPause([...this.left.map(({ range }) => range), ...[...this.working].map(({ rest }) => rest)]);
      }
      this.gate = undefined;
      open();
    }
  }
}
