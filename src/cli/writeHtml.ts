/** The file of --html. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { assertWritable } from "../files/writable";
import { InvalidInputError, show } from "../input/problems";

/** A report as a page, and what tells it from other files. */
export interface Page {
  /** Content of its `generator`. */
  readonly generator: string;
  readonly render: () => string;
}

/** The same as when it is written, before the work is done. @throws InvalidInputError */
export function assertHtmlFile(file: string, generator: string): void {
  assertReport(file, generator);
  assertWritable("--html", file);
}

/** An earlier report may be replaced, and nothing else. */
export function writeHtml(file: string, { generator, render }: Page): void {
  assertReport(file, generator);
  try {
    writeFileSync(file, render());
  } catch (error) {
    throw new InvalidInputError("--html", [`${mustBe(file)}: ${(error as Error).message}`]);
  }
}

const mustBe = (file: string) => `must be a new file or an earlier report, got ${show(file)}`;

function assertReport(file: string, generator: string): void {
  if (!existsSync(file) || isReport(file, generator)) return;
  throw new InvalidInputError("--html", [`${mustBe(file)}, which is something else and is left as it is`]);
}

/** A device or a pipe is none, and would be read without end. */
function isReport(file: string, generator: string): boolean {
  return statSync(file).isFile() && readFileSync(file, "utf8").includes(`content="${generator}"`);
}
