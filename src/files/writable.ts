/** Whether a file can be written, before the work is done whose result it is to hold. */
import { closeSync, existsSync, lstatSync, openSync, realpathSync, rmSync } from "node:fs";
import { InvalidInputError, show } from "../input/problems";

/**
 * Leaves what is there as it is, and nothing where nothing was.
 * @param option Name of the option, for messages. @param given What the option says, if it is not the file itself.
 * @throws InvalidInputError
 */
export function assertWritable(option: string, file: string, given = file): void {
  const isThere = existsSync(file);
  try {
    // What is written to a link that leads nowhere is written where it leads.
    closeSync(openSync(file, isThere ? "r+" : stands(file) ? "a" : "wx"));
    if (!isThere) rmSync(realpathSync(file));
  } catch (error) {
    throw new InvalidInputError(option, [
      `must be a file that can be written, in a directory that is there, got ${show(given)}: ${(error as Error).message}`,
    ]);
  }
}

/** Whether anything has this name, if only a link that leads nowhere. */
export function stands(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
