/** Ends of a command without a verdict: the output cannot be written, or a program under rehearsal never ends or ends the process. */
import { writeSync } from "node:fs";
import { isStopped } from "./interrupt";

/**
 * Makes sure that the exit code is a verdict only if there is one. Three ends have none: the output cannot be written, a
 * program under rehearsal ends the process, or it waits for what never comes.
 * @param noVerdict Exit code of such an end.
 * @returns To be called when the work is done. Ends the process as soon as the output is written.
 */
export function watchEnding(noVerdict: number): () => void {
  let unwritten: string | undefined;
  let isDone = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      // A reader that has enough (`| head`) closes the pipe. The work goes on to its end, and the verdict stays.
      if (code !== "EPIPE") unwritten ??= `the output cannot be written: ${message}`;
    });
  }
  process.on("exit", (code) => {
    if (isStopped(code) || (isDone && unwritten === undefined)) return;
    process.exitCode = noVerdict;
    tell(
      unwritten ??
        "ended before the work was done: the program ended the process, or waits for what never comes",
    );
  });
  return () => {
    isDone = true;
    // What a program under rehearsal keeps open, such as a timer, would hold the process once all is written.
    process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => process.exit())));
  };
}

/** At once, since nothing is waited for any more. */
function tell(text: string): void {
  try {
    writeSync(process.stderr.fd, `${text}\n`);
  } catch {
    // Nobody can be told.
  }
}
