/** Files and folders that pages name are there, and every room of the code is on the plan of the house. */
import { deepStrictEqual } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
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

const { forbidden: RULES } = createRequire(__filename)("../../.dependency-cruiser.cjs") as {
  forbidden: readonly { readonly name: string; readonly to: { readonly pathNot?: string } }[];
};

describe("ARCHITECTURE", () => {
  const rows = [...page("ARCHITECTURE.md").source.matchAll(/^\| (\d+) \| `src\/(\w+)\/` \|/gm)].map(
    ([, floor, name = ""]) => ({ name, floor: Number(floor) }),
  );
  const nameOf = (row: { readonly name: string }) => row.name;

  it("has a row for each room of src, and no other", () => {
    const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    deepStrictEqual(rows.map(nameOf).sort(), rooms.map(nameOf).sort());
  });

  it("lets each room import the rooms of lower floors, as lint does", () => {
    for (const { name, floor } of rows) {
      const rule = RULES.find((each) => each.name === `${name}-imports-lower-floors-only`);
      const lower = rows.filter((row) => row.floor < floor).map(nameOf);
      deepStrictEqual(rule?.to.pathNot?.match(/\w+/g)?.slice(1).sort(), [...lower, name].sort(), name);
    }
  });
});
