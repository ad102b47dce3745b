/** For programs that are measured: each runs once, in a process of its own. */
import type { Measurement } from "./measurement";

/** Measures the work of this process and tells the parent. */
export async function measured(load: () => Promise<() => unknown>): Promise<void> {
  const began = performance.now();
  const work = await load();
  const loaded = performance.now();
  const used = process.cpuUsage();
  await work();
  const ended = performance.now();
  const { user, system } = process.cpuUsage(used);
  tell({
    totalMs: ended - began,
    workMs: ended - loaded,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  });
}

export function tell(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}
