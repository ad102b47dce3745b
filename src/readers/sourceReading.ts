/** What the reader of a source hands over, whatever tool wrote the source. */
import type { Call } from "../resources/calls";

export interface SourceReading {
  /** What was read, for people: `--cloudformation template.yaml`. */
  readonly subject: string;
  readonly calls: readonly Call[];
  /** What the source makes, by stack, for people. */
  readonly stacks: readonly ReadStack[];
  /** What may be otherwise than the calls say, a sentence each: nothing is proven then. */
  readonly doubts: readonly string[];
  /** What was made up to read it, a sentence each. */
  readonly assumptions?: readonly string[];
}

export interface ReadStack {
  readonly name: string;
  readonly resources: readonly { readonly type: string; readonly name: string; readonly accountId: string }[];
}
