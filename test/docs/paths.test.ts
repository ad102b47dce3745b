/** Files and folders that pages name are there, and every room of the code is on the plan of the house. */
import { deepStrictEqual } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { page, pages, ROOT } from "./support/markdown";

/** A path of the repository as a page writes it; with angle brackets it is a path to be. */
const PATH = /^(src|test|policypack|bench|schemas|scripts|docs|examples|\.github|\.ci)\/[\w./-]*$/;

describe("a page that names files of the repository", () => {
  for (const { path, spans } of pages()) {
    it(`names those that are there: ${path}`, () => {
      const named = spans.filter((span) => PATH.test(span));
      deepStrictEqual(
        named.filter((span) => !existsSync(join(ROOT, span))),
        [],
      );
    });
  }
});

describe("ARCHITECTURE", () => {
  it("has a row for each room of src, and no other", () => {
    const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const rows = [...page("ARCHITECTURE.md").source.matchAll(/^\| `src\/(\w+)\/` \|/gm)].map(
      ([, name = ""]) => name,
    );
    deepStrictEqual(rows.sort(), rooms.sort());
  });
});
