import { ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAM_NAMES, startOf } from "../support/programs";

describe("an example program", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "languages.md"), "utf8").split("\n");

  for (const program of PROGRAM_NAMES) {
    it(`in ${program} starts with two lines that docs/languages.md says as well`, () => {
      const start = startOf(program);
      strictEqual(start.length, 2);
      for (const line of start) ok(page.includes(line), line);
    });
  }
});
