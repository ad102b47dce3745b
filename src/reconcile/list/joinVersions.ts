/** Listings of several buckets joined by key and version id, in memory that does not grow with them. */
import type { Version } from "../meaning/row";
import { compareKeys } from "./keyOrder";
import type { VersionCursor } from "./versionPages";

/** What the sides have of one version, in the order of the sides. */
export type Joined = (Version | undefined)[];

/** Takes one version with what every side has of it. */
export type OnJoined = (key: string, versionId: string, sides: Joined) => void;

/** The smallest key that some side is at; undefined where all are at their end. Every side's page must have come. */
export function nextKey(cursors: readonly VersionCursor[]): string | undefined {
  let key: string | undefined;
  for (const { head } of cursors) {
    if (head !== undefined && (key === undefined || compareKeys(head.key, key) < 0)) key = head.key;
  }
  return key;
}

/** Brings the pages that sides wait for. */
export async function loadAll(cursors: readonly VersionCursor[]): Promise<void> {
  if (!cursors.some(({ isWaiting }) => isWaiting)) return;
  await Promise.all(cursors.map((cursor) => cursor.load()));
}

export function isAnyWaiting(cursors: readonly VersionCursor[]): boolean {
  for (const cursor of cursors) if (cursor.isWaiting) return true;
  return false;
}

/**
 * Takes every version of one key from every side. All sides go through the key's versions at the same pace, and a version
 * is handed on once no side can have it any more. So a key with a million versions waits for few of them.
 */
export class KeyJoin {
  private readonly waiting = new Map<string, Joined>();
  /** For each side, whether it may have more of the key. */
  private at: boolean[] = [];

  constructor(
    private readonly cursors: readonly VersionCursor[],
    private readonly onJoined: OnJoined,
  ) {}

  /** @returns Whether the key is done. False: a page has to come first, and then it is called again. */
  take(key: string): boolean {
    for (;;) {
      const sidesBefore = count(this.at);
      if (isAnyWaiting(this.cursors)) return false;
      this.lookAround(key);
      const sides = count(this.at);
      if (sides < sidesBefore) for (const versionId of [...this.waiting.keys()]) this.handOn(key, versionId);
      if (sides === 0) break;
      const taken = this.takeOneOfEach();
      this.lookAround(key);
      for (const versionId of taken) this.handOn(key, versionId);
    }
    for (const [versionId, joined] of this.waiting) this.onJoined(key, versionId, joined);
    this.waiting.clear();
    this.at = [];
    return true;
  }

  private lookAround(key: string): void {
    this.at = this.cursors.map(({ head, isWaiting }) => isWaiting || head?.key === key);
  }

  private takeOneOfEach(): string[] {
    const taken: string[] = [];
    for (const [side, cursor] of this.cursors.entries()) {
      const { head } = cursor;
      if (this.at[side] !== true || head === undefined) continue;
      cursor.take();
      taken.push(head.versionId);
      const joined: Joined = this.waiting.get(head.versionId) ?? this.cursors.map(() => undefined);
      joined[side] = head.version;
      this.waiting.set(head.versionId, joined);
    }
    return taken;
  }

  /** Hands a version on if every side has it that may. */
  private handOn(key: string, versionId: string): void {
    const joined = this.waiting.get(versionId);
    if (joined === undefined) return;
    for (let side = 0; side < joined.length; side += 1) {
      if (this.at[side] === true && joined[side] === undefined) return;
    }
    this.waiting.delete(versionId);
    this.onJoined(key, versionId, joined);
  }
}

function count(flags: readonly boolean[]): number {
  let number = 0;
  for (const flag of flags) if (flag) number += 1;
  return number;
}
