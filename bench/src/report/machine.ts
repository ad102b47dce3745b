/** What the machine is that measures, and the day. */
import { cpus, loadavg, totalmem } from "node:os";

/** Class of the machine, without its name: `2 cores of AMD EPYC 7763, 24 GB, Node.js 20.20.2, linux`. */
export function machineClass(): string {
  const cores = cpus();
  const model = (cores[0]?.model ?? "unknown").replace(/\s+/g, " ").trim();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores of ${model}, ${memory} GB, Node.js ${process.versions.node}, ${process.platform}`;
}

export const today = (): string => new Date().toISOString().slice(0, 10);

/** How busy the machine was in the last quarter of an hour. */
export const load = (): string =>
  `with ${loadavg()[2]?.toFixed(0)} processes waiting for a processor at a time`;
