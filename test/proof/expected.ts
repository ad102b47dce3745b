/** What a case says, and what its report should. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import type { ObjectOutcome, ReportVerdict, Where } from "../../src/rehearsal/report/report";

export interface ProofCase {
  /** Name of the snapshot file, without its ending. */
  readonly file: string;
  /** The story, as a sentence. */
  readonly about: string;
  readonly snapshot: Snapshot;
  readonly verdict: ReportVerdict;
  /** Outcomes by object key; every object of the report is named. Left out: all are COMPLETED. */
  readonly outcomes?: Readonly<Record<string, ObjectOutcome>>;
  /** What is named first, of the first object that is not as its rule says. */
  readonly cause?: Cause;
  /** The sentence of that object. */
  readonly says?: RegExp;
  /** Ids of the findings about rules, accepted ones too. @default none */
  readonly findings?: readonly string[];
  /** What was observed and decides, in the report's order. @default any */
  readonly observations?: readonly RegExp[];
  /** What S3 would not take. */
  readonly refusals?: readonly RegExp[];
  /** Grants that nothing needs, as `grant` or `grant to principal`, in the report's order. @default none */
  readonly unused?: readonly string[] | "any";
  /** False where something could not be read, or only a person can choose. @default true */
  readonly mended?: boolean;
}

export interface Cause {
  /** S3's word for it. Left out: there is none. */
  readonly failureReason?: string;
  /** Left out: it is no permission. */
  readonly action?: string;
  readonly resource: string;
  readonly where: Where;
  /** Condition keys, settings, or what else decides. @default none */
  readonly keys?: readonly string[];
}

/** A file that is refused, and the words that it is refused with. */
export interface RefusedCase {
  readonly file: string;
  readonly about: string;
  readonly snapshot: Snapshot;
  readonly error: RegExp;
}
