import { SingleBar } from "cli-progress";

/** How far a job is, on stderr and on a terminal only. */
export class JobProgress {
  private bar: SingleBar | undefined;

  /** Takes what is known of the job now; before S3 has listed the objects their number is not. */
  show(status: string, total: number, succeeded: number, failed: number): void {
    if (!process.stderr.isTTY) return;
    const payload = { status, failed: failed.toLocaleString("en") };
    if (this.bar === undefined) {
      this.bar = new SingleBar({
        format: "{bar} {value}/{total} {status}, {failed} failed, {duration_formatted}",
        stream: process.stderr,
        clearOnComplete: true,
      });
      this.bar.start(total, succeeded + failed, payload);
    }
    this.bar.setTotal(total);
    this.bar.update(succeeded + failed, payload);
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
