/** Versions that lifecycle deletes in both buckets between two inventories of different times. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileResult } from "../../src/reconcile/result";
import { cli } from "../support/cli";
import { DESTINATION, DESTINATION_ACCOUNT, pair, SOURCE } from "./support/buckets";
import { openTables } from "./support/duckdbTables";
import { writeInventory } from "./support/inventories";
import { LISTED_AT } from "./support/randomRows";
import { S3StandIn } from "./support/s3StandIn";
import { rowsOf } from "./support/standInRows";

const DELETING = `<Rule><ID>old</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter><NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration></Rule>`;

describe("reconcile by inventories of different times", () => {
  let root: string;

  before(() => (root = mkdtempSync(join(tmpdir(), "reconcile-"))));
  after(() => rmSync(root, { recursive: true }));

  async function causes(lifecycle: string | undefined, hoursLater: number) {
    const versions = ["logs/1", "documents/1"].map((key) => ({
      key,
      versionId: "v1",
      status: "COMPLETED" as const,
    }));
    const { [SOURCE]: source, [DESTINATION]: destination } = pair(versions, []);
    const buckets = {
      [SOURCE]: { ...source!, lifecycle },
      [DESTINATION]: { ...destination!, lifecycle },
    };
    const rows = rowsOf(buckets).map((row) => ({ ...row, source: { ...row.source!, isLatest: false } }));
    const connection = await openTables(rows);
    const places: string[] = [];
    for (const [side, bucketName] of [
      ["source", SOURCE],
      ["destination", DESTINATION],
    ] as const) {
      const listedAt = LISTED_AT + (side === "source" ? 0 : hoursLater * 3_600_000);
      const place = mkdtempSync(join(root, `${side}-`));
      await writeInventory(connection, side, place, { format: "Parquet", bucketName, listedAt });
      places.push(`--${side}-inventory`, place);
    }
    const standIn = await S3StandIn.start(buckets);
    try {
      const role = ["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`];
      const { stdout, stderr } = await cli(
        ["reconcile", SOURCE, ...role, "--no-explain", "--json", ...places],
        standIn.environment,
      );
      assert.ok(stdout.startsWith("{"), stderr);
      const { destinations } = JSON.parse(stdout) as ReconcileResult;
      return Object.fromEntries(destinations[0]!.counts.map(({ cause, versions: n }) => [cause, n]));
    } finally {
      await standIn.stop();
    }
  }

  it("does not call gone what lifecycle may have deleted in both buckets meanwhile", async () => {
    assert.deepEqual(await causes(DELETING, 2), { gone: 1, "maybe-expired": 1 });
  });

  it("reads the largest number of days that a lifecycle rule takes", async () => {
    assert.deepEqual(await causes(DELETING.replace(">7<", ">2147483647<"), 2), { gone: 2 });
  });

  it("calls it gone where both were listed at one time, or nothing expires", async () => {
    assert.deepEqual(await causes(DELETING, 0), { gone: 2 });
    assert.deepEqual(await causes(undefined, 2), { gone: 2 });
  });
});
