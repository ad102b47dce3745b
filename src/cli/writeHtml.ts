/** The file of --html. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { InvalidInputError, show } from "../input/problems";
import { GENERATOR, renderHtml } from "../rehearsal/report/html/page";
import type { RehearsalResult } from "../rehearsal/report/text";

/** An earlier report may be replaced, and nothing else. */
export function writeHtml(file: string, result: RehearsalResult): void {
  const mustBe = `must be a new file or an earlier report, got ${show(file)}`;
  try {
    if (existsSync(file) && !isReport(file)) {
      throw new InvalidInputError("--html", [`${mustBe}, which is something else and is left as it is`]);
    }
    writeFileSync(file, renderHtml(result));
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError("--html", [`${mustBe}: ${(error as Error).message}`]);
  }
}

/** A device or a pipe is none, and would be read without end. */
function isReport(file: string): boolean {
  return statSync(file).isFile() && readFileSync(file, "utf8").includes(`content="${GENERATOR}"`);
}
