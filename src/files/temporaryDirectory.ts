/** Directories of one run alone, which leave no file behind however the run ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export class TemporaryDirectory {
  private static readonly open = new Set<TemporaryDirectory>();
  readonly path: string;

  /** @param parent Default: the system's directory for temporary files. */
  constructor(parent = tmpdir()) {
    if (TemporaryDirectory.open.size === 0) TemporaryDirectory.watch("on");
    this.path = mkdtempSync(join(parent, "s3-replication-"));
    TemporaryDirectory.open.add(this);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    TemporaryDirectory.open.delete(this);
    if (TemporaryDirectory.open.size === 0) TemporaryDirectory.watch("off");
  }

  private static watch(change: "on" | "off"): void {
    process[change]("exit", removeAll);
    for (const signal of SIGNALS) process[change](signal, end);
  }

  static removeAll(): void {
    for (const directory of TemporaryDirectory.open) {
      try {
        directory.remove();
      } catch {
        // A program may still write there; the others are removed all the same.
      }
    }
  }
}

const removeAll = () => TemporaryDirectory.removeAll();

/** A signal that nobody else waits for ends the process, as it would without a directory. */
function end(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
}
