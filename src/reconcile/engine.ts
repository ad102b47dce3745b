/** What every engine is asked, and what it hands over. */
import type { Decision } from "./meaning/decision";
import type { Tally } from "./meaning/tally";

export const ENGINES = ["list", "inventory", "athena"] as const;
export type EngineName = (typeof ENGINES)[number];

/** A version that is not as the rules want it, for the lists of what mends it. */
export interface Missed {
  /** Its place among the destinations that were asked about. */
  readonly destination: number;
  /** Its place in the outcomes of that destination's decision. */
  readonly outcome: number;
  readonly key: string;
  readonly versionId: string;
}

export interface EngineAsk {
  /** Only keys that begin with it; empty for all. */
  readonly prefix: string;
  readonly signal: AbortSignal;
  /** Says how far it is: versions of the source so far, and how many there are where that is known. */
  readonly onProgress: (done: number, label: string, total?: number) => void;
  /**
   * Takes every version that something can be done about, whether a job or somebody else: each whose cause has a remedy
   * other than `none` and `wait`.
   */
  readonly onMissed?: (missed: Missed) => void;
  /** An engine that can be resumed is about to write its state. @returns Bytes of the list of missed versions so far. */
  readonly onPause?: () => number;
  /** An engine goes on from a state. @param listed What `onPause` returned then. */
  readonly onResumed?: (listed: number) => void;
}

export interface EngineResult {
  readonly engine: EngineName;
  readonly decisions: readonly Decision[];
  readonly tally: Tally;
  /** When each side was listed, in milliseconds since 1970. */
  readonly sourceListedAt: number;
  readonly destinationListedAt: readonly number[];
  /** What was not compared, a sentence each. */
  readonly notCompared: readonly string[];
  /** What to know of the run, a sentence each. */
  readonly notes: readonly string[];
}

/** An engine, ready to run on the accounts and listings that it was made with. */
export interface Engine {
  readonly name: EngineName;
  run(ask: EngineAsk): Promise<EngineResult>;
  /** Nothing is left to go on with: an engine that can be resumed removes its state. */
  forget?(): void;
}

/** Somebody who was asked said no. */
export class NotAgreed extends Error {
  override readonly name = "NotAgreed";
}
