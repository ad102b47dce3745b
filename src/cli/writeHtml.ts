/** The file of --html. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { InvalidInputError, show } from "../input/problems";

/** A report as a page, and what tells it from other files. */
export interface Page {
  /** Content of its `generator`. */
  readonly generator: string;
  readonly render: () => string;
}

/** An earlier report may be replaced, and nothing else. */
export function writeHtml(file: string, { generator, render }: Page): void {
  const mustBe = `must be a new file or an earlier report, got ${show(file)}`;
  try {
    if (existsSync(file) && !isReport(file, generator)) {
      throw new InvalidInputError("--html", [`${mustBe}, which is something else and is left as it is`]);
    }
    writeFileSync(file, render());
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError("--html", [`${mustBe}: ${(error as Error).message}`]);
  }
}

/** A device or a pipe is none, and would be read without end. */
function isReport(file: string, generator: string): boolean {
  return statSync(file).isFile() && readFileSync(file, "utf8").includes(`content="${generator}"`);
}
