/** The exit code after Ctrl-C, as shells have it. */
export const INTERRUPTED = 130;
const TERMINATED = 143;

/**
 * Ctrl-C: the first asks the work to stop and clean up; a second one ends the process at once.
 * @param notice What the first one says.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  notice = "stopping, and cleaning up",
): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(signal === "SIGINT" ? INTERRUPTED : TERMINATED);
    process.stderr.write(`\n${notice}; once more ends at once\n`);
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
