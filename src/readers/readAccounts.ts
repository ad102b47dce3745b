/** Chooses the reader that was asked for. */
import { InvalidInputError } from "../input/problems";
import type { ProgramOptions } from "./program/fromProgram";
import { parseAccountNames } from "./providerAccounts";
import type { ProgramRun } from "./programRun";

/** Where accounts are read from, besides the stack configurations of the ready-made program. */
export interface AccountSources {
  readonly snapshot?: string;
  readonly state?: readonly string[];
  readonly preview?: readonly string[];
  readonly program?: string;
  readonly stack?: readonly string[];
  readonly account?: readonly string[];
}

/**
 * @returns undefined where none of these sources was asked for.
 * @throws InvalidInputError where options do not go together, or for what is wrong in a file.
 */
export async function readSources(
  sources: AccountSources,
  onStack?: ProgramOptions["onStack"],
): Promise<ProgramRun | undefined> {
  const { snapshot, state = [], preview = [], program, stack = [] } = sources;
  const accounts = parseAccountNames(sources.account ?? []);
  if (stack.length > 0 && program === undefined) {
    throw new InvalidInputError("--stack", [
      "must come with --program, the directory of the stacks' program",
    ]);
  }
  if (sources.account !== undefined && program === undefined && state.length + preview.length === 0) {
    throw new InvalidInputError("--account", ["must come with --program, --state or --preview"]);
  }
  if (snapshot !== undefined) {
    const { readSnapshotFile } = await import("../snapshot/snapshotFile");
    return { snapshot: await readSnapshotFile(snapshot), stacks: [] };
  }
  if (program !== undefined) {
    const { readOtherProgram } = await import("./program/otherProgram");
    return readOtherProgram(program, stack, accounts, onStack);
  }
  if (state.length + preview.length === 0) return undefined;
  if ([...state, ...preview].filter((file) => file === "-").length > 1) {
    throw new InvalidInputError("--state and --preview", ["must read the standard input ('-') once at most"]);
  }
  const { readStateFile } = await import("./engine/fromState");
  const { readPreviewFile } = await import("./engine/fromPreview");
  const { snapshotOfStacks } = await import("./engine/fromStacks");
  const files = [];
  for (const file of state) files.push(await readStateFile(file));
  for (const file of preview) files.push(await readPreviewFile(file));
  return snapshotOfStacks(files, accounts);
}
