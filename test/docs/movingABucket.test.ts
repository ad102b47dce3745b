/** The page on moving a bucket to another account. */
import { deepStrictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RehearsalResult } from "../../src/rehearsal/report/text";
import { cli } from "../support/cli";
import { page } from "./support/markdown";
import { shellBlocks } from "./support/shellBlocks";

const PAGE = page("docs/moving-a-bucket.md");

describe("the page on moving a bucket", () => {
  it("moves it by commands of ours alone", () => {
    const others = shellBlocks(PAGE)
      .flatMap((block) => block.split("\n"))
      .filter((line) => line !== "" && !line.startsWith("s3-replication "));
    deepStrictEqual(others, []);
  });

  it("has stack configurations that are proven but for the policy of the bucket that no stack makes", async () => {
    const directory = mkdtempSync(join(tmpdir(), "moving-"));
    try {
      for (const { language, text } of PAGE.blocks) {
        const [, file] = /^# (Pulumi\.\w+\.yaml)\n/.exec(text) ?? [];
        if (language === "yaml" && file !== undefined) writeFileSync(join(directory, file), text);
      }
      const { stdout } = await cli(["rehearse", "--directory", directory, "--json"]);
      const report = JSON.parse(stdout) as RehearsalResult;
      const open = report.permissions.filter(({ decision }) => decision !== "allowed");
      deepStrictEqual([...new Set(open.map(({ resource }) => resource))], ["arn:aws:s3:::acme-desk/*"]);
      deepStrictEqual([report.verdict, report.unusedGrants], ["unproven", []]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
