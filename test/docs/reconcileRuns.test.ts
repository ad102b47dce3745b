/** What the page of 'reconcile' shows of its engines is what they print of the same two buckets. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESTINATION, DESTINATION_ACCOUNT, planted, SOURCE } from "../reconcile/support/buckets";
import { openTables } from "../reconcile/support/duckdbTables";
import { writeInventory } from "../reconcile/support/inventories";
import { LISTED_AT } from "../reconcile/support/randomRows";
import { S3StandIn } from "../reconcile/support/s3StandIn";
import { rowsOf } from "../reconcile/support/standInRows";
import { cli } from "../support/cli";
import { assertGenerated } from "./support/markdown";

const PAGE = "docs/commands/reconcile.md";

describe("a recorded run of 'reconcile' (write it anew with UPDATE_SCHEMAS=1)", function () {
  this.timeout(120_000);

  const { buckets } = planted(1_200);
  let standIn: S3StandIn;
  let root: string;

  before(async () => {
    standIn = await S3StandIn.start(buckets);
    root = mkdtempSync(join(tmpdir(), "reconcile-"));
  });
  after(async () => {
    await standIn.stop();
    rmSync(root, { recursive: true });
  });

  /** The time of the run and the directory of the test are others each time. */
  async function printed(...options: string[]): Promise<string> {
    const role = ["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`];
    const { code, stdout, stderr } = await cli(
      ["reconcile", SOURCE, ...role, "--no-explain", ...options],
      standIn.environment,
    );
    assert.equal(code, 1, stderr);
    return stdout.replace(/, \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m, ", <now>");
  }

  const fenced = (text: string) => `\`\`\`\n${text.trimEnd()}\n\`\`\``;

  it("by lists is what is printed", async () => {
    assertGenerated(PAGE, "list", fenced(await printed("--engine", "list")));
  });

  it("by inventories is what is printed", async () => {
    const connection = await openTables(rowsOf(buckets));
    const named: string[] = [];
    for (const [side, bucketName] of [
      ["source", SOURCE],
      ["destination", DESTINATION],
    ] as const) {
      const directory = join(root, side);
      await writeInventory(connection, side, directory, {
        format: "Parquet",
        bucketName,
        listedAt: LISTED_AT,
      });
      named.push(`--${side}-inventory`, directory);
    }
    const text = await printed(...named);
    // Its notes name the directory.
    const counts = text.replace(/Worth knowing\n[^]*?(?=Reconciled:)/, "");
    assertGenerated(PAGE, "inventory", fenced(counts));
  });
});
