/** Runs in a process of its own: one measurement, told to the parent as one line of JSON. */

/** What one process found. */
export interface Measurement {
  /** From before anything is loaded to the end of the work, in milliseconds. */
  readonly totalMs: number;
  /** The work alone, in milliseconds. */
  readonly workMs: number;
  /** Most memory that the process had at a time, in MB. */
  readonly peakMb: number;
  /** What the work added to it, in MB. */
  readonly workMb: number;
}

export async function measured<T>(
  load: () => Promise<(given: T) => unknown> | ((given: T) => unknown),
  given: T,
): Promise<void> {
  const began = performance.now();
  const work = await load();
  const loadedMb = peakMb();
  const loaded = performance.now();
  await work(given);
  const ended = performance.now();
  tell({
    totalMs: ended - began,
    workMs: ended - loaded,
    peakMb: peakMb(),
    workMb: peakMb() - loadedMb,
  });
}

function tell(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
