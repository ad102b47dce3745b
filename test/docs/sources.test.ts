/** What every source file has: a first line that says what it holds, and one form for defaults. */
import { deepStrictEqual } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./support/markdown";

const SOURCES = ["src", "policypack", "bench/src", "scripts"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|mjs|js)$/.test(file) && !/node_modules|\.d\.ts$/.test(file))
    .map((file) => `${folder}/${file}`),
);

/** The file without a line that says what runs it. */
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8").replace(/^#!.*\n/, "");

describe("a source file", () => {
  it("says in its first line what it holds", () => {
    deepStrictEqual(
      SOURCES.filter((file) => !/^(\/\/ |\/\*\* ?)/.test(textOf(file))),
      [],
    );
  });

  it("writes what an argument is when it is left out as 'Default:', which other languages see too", () => {
    deepStrictEqual(
      SOURCES.filter((file) => textOf(file).includes("@default")),
      [],
    );
  });
});
