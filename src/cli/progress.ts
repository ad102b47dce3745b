/** Progress on a terminal, on standard error. */
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

  /** @param format As cli-progress has it. */
  constructor(
    private readonly total: number,
    private readonly format = "{bar} {value}/{total} {label}",
  ) {}

  /** Says what begins now, and counts what came before as done. */
  step(label: string): void {
    if (this.label !== "") this.done += 1;
    this.show(this.done, label);
  }

  /** Says what is at work now, and how much is done. @param total Where it was not known before. */
  show(done: number, label: string, total = this.total): void {
    this.done = done;
    this.label = label;
    if (!process.stderr.isTTY || Date.now() - this.began < QUIET_TIME) return;
    if (this.bar === undefined) {
      // Loaded only when there is something to show: most runs are over before.
      const { SingleBar } = load("cli-progress") as typeof import("cli-progress");
      this.bar = new SingleBar({
        format: this.format,
        stream: process.stderr,
        clearOnComplete: true,
      });
      this.bar.start(total, done, { label });
    }
    this.bar.setTotal(total);
    this.bar.update(done, { label });
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
