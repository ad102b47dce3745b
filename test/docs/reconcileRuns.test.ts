/** What the page of 'reconcile' shows of its engines is what they print of the same two buckets. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESTINATION, DESTINATION_ACCOUNT, planted, SOURCE } from "../reconcile/support/buckets";
import { AthenaCommand } from "../reconcile/support/athenaCommand";
import { openTables } from "../reconcile/support/duckdbTables";
import { writeInventory } from "../reconcile/support/inventories";
import { LISTED_AT } from "../reconcile/support/randomRows";
import { S3StandIn } from "../reconcile/support/s3StandIn";
import { trinoInDuckDb } from "../reconcile/support/trinoInDuckDb";
import { rowsOf } from "../reconcile/support/standInRows";
import { cli } from "../support/cli";
import { assertGenerated } from "./support/markdown";

const withoutTime = (text: string) => text.replace(/, \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m, ", <now>");
const withoutNotes = (text: string) => text.replace(/Worth knowing\n[^]*?(?=Reconciled:)/, "");
const athenaOptions = ({ inBucket }: AthenaCommand) => [
  ...["--engine", "athena", "--workgroup", "audits", "--yes"],
  ...inBucket,
];

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
    return withoutTime(stdout);
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
    assertGenerated(PAGE, "inventory", fenced(withoutNotes(text)));
  });

  it("by Athena is what is printed", async () => {
    const directory = join(root, "athena");
    const command = await AthenaCommand.start(directory, await trinoInDuckDb(directory), {
      versions: 1_200,
      format: "Parquet",
    });
    try {
      const { code, stdout, stderr } = await command.run(...athenaOptions(command));
      assert.equal(code, 1, stderr);
      assertGenerated(PAGE, "athena", fenced(withoutNotes(withoutTime(stdout))));
    } finally {
      await command.stop();
    }
  });
});
