import { ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAM_NAMES, startOf } from "../support/programs";

describe("an example program", () => {
  const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8").split("\n");

  for (const program of PROGRAM_NAMES) {
    it(`in ${program} starts with two lines that the README says as well`, () => {
      const start = startOf(program);
      strictEqual(start.length, 2);
      for (const line of start) ok(readme.includes(line), line);
    });
  }
});
