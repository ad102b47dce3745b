/** The repository has one name and one place, which stand in package.json, and what is packed has no dead link. */
import { deepStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { UPDATES } from "../support/writtenFiles";
import { page, pages, ROOT } from "./support/markdown";

const { repository } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  repository: { url: string };
};

describe("the repository", () => {
  it("is named as package.json names it, where a page uses its action (write it anew with UPDATE_SCHEMAS=1)", () => {
    const [, slug = ""] = /github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(repository.url) ?? [];
    for (const { path, source } of pages()) {
      const wanted = source.replaceAll(/\buses: [\w.-]+\/s3-replication@/g, `uses: ${slug}@`);
      if (UPDATES && wanted !== source) {
        writeFileSync(join(ROOT, path), wanted);
      } else {
        strictEqual(source, wanted, path);
      }
    }
  });
});

describe("the packed package", () => {
  it("holds everything that its pages link to", () => {
    const [{ files }] = JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
        cwd: ROOT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    ) as [{ files: { path: string }[] }];
    const packed = new Set(files.map(({ path }) => path));
    const isThere = (target: string) =>
      packed.has(target) || [...packed].some((path) => path.startsWith(`${target}/`));
    const dead = [...packed]
      .filter((path) => path.endsWith(".md"))
      .flatMap((path) =>
        page(path)
          .links.filter((link) => !/^[a-z]+:/.test(link) && !link.startsWith("#"))
          .map((link) =>
            relative(ROOT, join(ROOT, dirname(path), decodeURIComponent(link.split("#")[0] ?? ""))),
          )
          .filter((target) => !isThere(target.replace(/\/$/, "")))
          .map((target) => `${path}: ${target}`),
      );
    deepStrictEqual(dead, []);
  });
});
