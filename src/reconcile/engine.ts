/** What every engine is asked, and what it hands over. */
import type { Decision } from "./meaning/decision";
import type { Tally } from "./meaning/tally";

export const ENGINES = ["list", "inventory", "athena"] as const;
export type EngineName = (typeof ENGINES)[number];

/** A version that is not as the rules want it, for the lists that mend it. */
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
  /** Takes every version that is missing. It is awaited, so that none wait in memory. Left out: nobody wants them. */
  readonly onMissed?: (missed: Missed) => Promise<void> | void;
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
}
