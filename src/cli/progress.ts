import { createRequire } from "node:module";
import type { SingleBar } from "cli-progress";

const load = createRequire(__filename);

/** Work that is done sooner than this shows no progress, in milliseconds. */
const QUIET_TIME = 1000;

/** A progress bar on stderr, which appears only on a terminal and only when the work takes its time. */
export class Progress {
  private bar: SingleBar | undefined;
  private done = 0;
  private label = "";
  private readonly began = Date.now();

  constructor(private readonly total: number) {}

  /** Says what begins now, and counts what came before as done. */
  step(label: string): void {
    if (this.label !== "") this.done += 1;
    this.label = label;
    if (!process.stderr.isTTY || Date.now() - this.began < QUIET_TIME) return;
    if (this.bar === undefined) {
      // Loaded only when there is something to show: most runs are over before.
      const { SingleBar } = load("cli-progress") as typeof import("cli-progress");
      this.bar = new SingleBar({
        format: "{bar} {value}/{total} {label}",
        stream: process.stderr,
        clearOnComplete: true,
      });
      this.bar.start(this.total, this.done, { label });
    }
    this.bar.update(this.done, { label });
  }

  stop(): void {
    this.bar?.stop();
  }
}
