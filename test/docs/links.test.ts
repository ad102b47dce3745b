/** Links within the repository resolve, every page is reached from README, and README stays short. */
import { deepStrictEqual, ok } from "node:assert";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { page, pages, ROOT } from "./support/markdown";

const isElsewhere = (link: string) => /^[a-z]+:/.test(link);

/** What is wrong with a link within the repository; nothing where it resolves. */
function problemOf(from: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? from : relative(ROOT, join(ROOT, dirname(from), decodeURIComponent(path)));
  if (!existsSync(join(ROOT, target))) return `${from}: there is no ${link}`;
  if (anchor === undefined) return undefined;
  if (!target.endsWith(".md")) return `${from}: ${link} has an anchor, and is no page`;
  return page(target).anchors.includes(anchor) ? undefined : `${from}: there is no heading ${link}`;
}

describe("a page of the repository", () => {
  for (const { path, links } of pages()) {
    it(`links to what is there: ${path}`, () => {
      const problems = links.filter((link) => !isElsewhere(link)).map((link) => problemOf(path, link));
      deepStrictEqual(
        problems.filter((problem) => problem !== undefined),
        [],
      );
    });
  }

  it("can be reached from README by links", () => {
    const reached = new Set(["README.md"]);
    for (const path of reached) {
      for (const link of page(path).links.filter((each) => !isElsewhere(each))) {
        const target = relative(ROOT, join(ROOT, dirname(path), link.split("#")[0] ?? ""));
        if (target.endsWith(".md")) reached.add(target);
      }
    }
    const isForm = (path: string) => path.startsWith(".github");
    deepStrictEqual(
      pages()
        .map(({ path }) => path)
        .filter((path) => !reached.has(path) && !isForm(path)),
      [],
    );
  });
});

describe("README", () => {
  it("has fewer than 1,500 words", () => {
    const words = page("README.md")
      .source.split(/\s+/)
      .filter((word) => word !== "");
    ok(words.length < 1500, `${words.length} words`);
  });
});
