/** Asking again until something is there, less and less often. */
import { describe, isRefused } from "../aws/failures";
import { longer, rest } from "../util/pauses";

export interface Patience {
  /** How long at most, in milliseconds. */
  readonly timeout: number;
  /** Before asking a second time, in milliseconds. */
  readonly firstPause: number;
  readonly signal: AbortSignal;
}

export type Waited<T> =
  | { readonly found: T; readonly seconds: number }
  /** @param why A sentence: the deadline, Ctrl-C, or that asking is not allowed. */
  | { readonly why: string };

/**
 * Asks until there is an answer. What fails is asked again, but for what is not allowed.
 * @param ask Undefined: not yet.
 */
export async function waitFor<T>(patience: Patience, ask: () => Promise<T | undefined>): Promise<Waited<T>> {
  const { timeout, signal } = patience;
  const began = performance.now();
  let failure = "";
  for (let pause = patience.firstPause; ; pause = longer(pause)) {
    if (signal.aborted) return { why: "it was stopped" };
    try {
      const found = await ask();
      if (found !== undefined) return { found, seconds: secondsSince(began) };
      failure = "";
    } catch (error) {
      if (isRefused(error)) return { why: `it cannot be followed: ${describe(error)}` };
      failure = `; the last answer was ${describe(error)}`;
    }
    const timeLeft = timeout - (performance.now() - began);
    if (timeLeft <= 0) return { why: `it had not finished after ${timeout / 1000} seconds${failure}` };
    await rest(Math.min(pause, timeLeft), signal);
  }
}

/** To a tenth of a second. */
const secondsSince = (began: number) => Math.round((performance.now() - began) / 100) / 10;
