/** Pauses between two looks at what takes its time: soon at first, then less and less often. */
import { setTimeout } from "node:timers/promises";

/** Milliseconds. */
const LONGEST_PAUSE = 15_000;

/** The pause after a pause, in milliseconds: half as long again. */
export function longer(pause: number): number {
  return Math.min(pause * 1.5, LONGEST_PAUSE);
}

/** Waits, in milliseconds, or until it is stopped: whoever waits looks at the signal. */
export async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
