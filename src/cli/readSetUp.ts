/** Reads the set-up that a command is about: what the options name, or the ready-made program. */
import type { AccountSources } from "../readers/sources";
import type { ProgramRun } from "../readers/programRun";
import { Progress } from "./progress";
import type { ReadyMadeOptions } from "./readyMadeProgram";

export type SetUpOptions = AccountSources & ReadyMadeOptions;

export async function readSetUp(options: SetUpOptions): Promise<ProgramRun> {
  const { readSources } = await import("../readers/readSources");
  const sources = new Progress((options.stack?.length ?? 1) + 1);
  try {
    const read = await readSources(options, (stack) => sources.step(`stack ${stack}`));
    if (read !== undefined) return read;
  } finally {
    sources.stop();
  }
  const { runReadyMadeProgram } = await import("./readyMadeProgram");
  return runReadyMadeProgram(options);
}
