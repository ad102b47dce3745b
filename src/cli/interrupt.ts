/** Stops a command on Ctrl-C and on SIGTERM, with the exit codes that shells use. */
const STOPPED: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 130, SIGTERM: 143 };

export function isStopped(exitCode: number): boolean {
  return Object.values(STOPPED).includes(exitCode);
}

/**
 * Runs work that Ctrl-C or a scheduler can stop. The first signal asks the work to stop and clean up. The second one ends
 * the process at once.
 * @param work Gives the exit code of a run that nobody stops.
 * @param notice What the first signal says.
 * @returns The exit code: that of the signal, where there was one.
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<number>,
  notice = "stopping, and cleaning up",
): Promise<number> {
  const controller = new AbortController();
  let stopped: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stopped !== undefined) process.exit(STOPPED[signal]);
    stopped = STOPPED[signal];
    process.stderr.write(`\n${notice}; once more ends at once\n`);
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const code = await work(controller.signal);
    return stopped ?? code;
  } catch (error) {
    // What fails after a signal fails for it.
    if (stopped !== undefined) return stopped;
    throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
