/** What a program registered: in a process of ours, or as an engine wrote it down. */
import type { Snapshot } from "../snapshot/snapshot";

/** What one stack registered. */
export interface StackRun {
  readonly name: string;
  readonly resources: readonly RegisteredResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the program warned of. */
  readonly warnings?: readonly string[];
}

export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  /** Account of its provider; undefined for components and providers. */
  readonly accountId: string | undefined;
  /** Where it is; left out: not known, or nowhere in particular. */
  readonly region?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface ProgramRun {
  readonly snapshot: Snapshot;
  readonly stacks: readonly StackRun[];
  /** What was made up in reading: a sentence each. */
  readonly assumptions?: readonly string[];
  /** What was left out in reading: a sentence each. */
  readonly warnings?: readonly string[];
}
