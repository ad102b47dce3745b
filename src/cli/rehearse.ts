import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { ProgramRun } from "../accounts/readers/fromProgram";
import { type AccountSources, readSources } from "../accounts/readers/readAccounts";
import { InvalidInputError, show } from "../problems";
import { describeAccounts } from "../rehearsal/accounts";
import { permissionTable } from "../rehearsal/permissions";
import { rehearse } from "../rehearsal/rehearse";
import { EXIT_CODES } from "../rehearsal/report";
import { renderText } from "../rehearsal/text";
import { Progress } from "./progress";
import type { ReadyMadeOptions } from "./readyMadeProgram";

interface RehearseOptions extends AccountSources, ReadyMadeOptions {
  readonly writeSnapshot?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** @returns The exit code. */
export async function rehearseCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as RehearseOptions;
  const { snapshot, stacks } = await readAccounts(options);
  if (options.writeSnapshot !== undefined) {
    const { writeSnapshotFile } = await import("../accounts/readers/snapshotFile");
    writeSnapshotFile(options.writeSnapshot, snapshot);
  }
  const report = rehearse(snapshot);
  const result = {
    ...report,
    accounts: describeAccounts(snapshot, stacks),
    permissions: permissionTable(report),
  };
  if (options.html !== undefined) {
    const { GENERATOR, renderHtml } = await import("../rehearsal/html/page");
    writeHtml(options.html, renderHtml(result), GENERATOR);
  }
  process.stdout.write(
    options.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : renderText(result),
  );
  return EXIT_CODES[report.verdict];
}

/** An earlier report may be replaced, and nothing else. */
function writeHtml(file: string, html: string, generator: string): void {
  const mustBe = `must be a new file or an earlier report, got ${show(file)}`;
  try {
    if (existsSync(file) && !readFileSync(file, "utf8").includes(`content="${generator}"`)) {
      throw new InvalidInputError("--html", [`${mustBe}, which is something else and is left as it is`]);
    }
    writeFileSync(file, html);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError("--html", [`${mustBe}: ${(error as Error).message}`]);
  }
}

async function readAccounts(options: RehearseOptions): Promise<ProgramRun> {
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
