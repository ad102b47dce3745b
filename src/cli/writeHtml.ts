/** The file of --html. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { assertWritable } from "../files/writable";
import { InvalidInputError, show } from "../input/problems";

/** A kind of report as a page. */
export interface Page<Result> {
  /** Content of its `generator`, which tells it from other files. */
  readonly generator: string;
  readonly render: (result: Result) => string;
}

/**
 * Looks whether the file can be written, before the work is done.
 * @param file Undefined: nobody wants a page.
 * @param page Loaded only for a file.
 * @returns What writes the file. An earlier report is replaced, and nothing else.
 * @throws InvalidInputError
 */
export async function htmlWriter<Result>(
  file: string | undefined,
  page: () => Promise<Page<Result>>,
): Promise<(result: Result) => void> {
  if (file === undefined) return () => undefined;
  const { generator, render } = await page();
  assertReport(file, generator);
  assertWritable("--html", file);
  return (result) => {
    assertReport(file, generator);
    try {
      writeFileSync(file, render(result));
    } catch (error) {
      throw new InvalidInputError("--html", [`${mustBe(file)}: ${(error as Error).message}`]);
    }
  };
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
