/** A question that somebody at the terminal answers with yes or no. */
import { createInterface } from "node:readline/promises";
import { InvalidInputError } from "../input/problems";

/**
 * Asks on the terminal, and takes only yes for a yes.
 * @throws InvalidInputError where nobody can answer.
 */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new InvalidInputError("--yes", [
      "must be given where nobody can be asked (the standard input is no terminal)",
    ]);
  }
  // Without the terminal's raw mode Ctrl-C stays a signal.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  // At the end of the input (Ctrl-D) the question itself is never answered.
  const ended = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
