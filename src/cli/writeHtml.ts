/** The file of --html. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { InvalidInputError, show } from "../problems";
import { GENERATOR } from "../rehearsal/html/page";

/** An earlier report may be replaced, and nothing else. */
export function writeHtml(file: string, html: string): void {
  const mustBe = `must be a new file or an earlier report, got ${show(file)}`;
  try {
    if (existsSync(file) && !readFileSync(file, "utf8").includes(`content="${GENERATOR}"`)) {
      throw new InvalidInputError("--html", [`${mustBe}, which is something else and is left as it is`]);
    }
    writeFileSync(file, html);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError("--html", [`${mustBe}: ${(error as Error).message}`]);
  }
}
