/** A sample of rows that is the same in whatever order they come: those whose names have the smallest hashes. */
import type { Row } from "../meaning/row";

export interface SampledRow {
  readonly hash: number;
  readonly destination: number;
  readonly outcome: number;
  readonly row: Row;
}

export class RowSample {
  private rows: SampledRow[] = [];
  /** A row with a larger hash is not taken. */
  private largest = Infinity;

  /** @param onDropped Takes every row that is not in the sample, sooner or later. */
  constructor(
    private readonly size: number,
    private readonly onDropped: (dropped: SampledRow) => void,
  ) {}

  offer(destination: number, outcome: number, row: Row): void {
    const hash = this.size === 0 ? Infinity : hashOf(row.key, row.versionId, destination);
    const offered = { hash, destination, outcome, row };
    if (hash >= this.largest || this.size === 0) return this.onDropped(offered);
    this.rows.push(offered);
    if (this.rows.length >= 2 * this.size) this.shrink();
  }

  /** The sampled rows, by their hashes. */
  all(): readonly SampledRow[] {
    this.shrink();
    return this.rows;
  }

  restore(rows: readonly SampledRow[]): void {
    this.rows = [...rows];
    this.shrink();
  }

  private shrink(): void {
    this.rows.sort((one, other) => one.hash - other.hash || (one.row.key < other.row.key ? -1 : 1));
    for (const dropped of this.rows.splice(this.size)) this.onDropped(dropped);
    if (this.rows.length === this.size) this.largest = this.rows.at(-1)?.hash ?? Infinity;
  }
}

/** FNV-1a over the UTF-16 units of both texts. */
function hashOf(key: string, versionId: string, destination: number): number {
  let hash = 0x811c9dc5 ^ destination;
  for (const text of [key, versionId]) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
  return hash >>> 0;
}
