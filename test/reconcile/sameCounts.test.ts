/** The command by lists and by inventories of the same buckets, from its beginning to its end. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileResult } from "../../src/reconcile/result";
import { cli, type Result } from "../support/cli";
import { AthenaCommand } from "./support/athenaCommand";
import { DESTINATION, DESTINATION_ACCOUNT, planted, SOURCE } from "./support/buckets";
import { openTables } from "./support/duckdbTables";
import { writeInventory, type Written } from "./support/inventories";
import { LISTED_AT } from "./support/randomRows";
import { S3StandIn } from "./support/s3StandIn";
import { rowsOf } from "./support/standInRows";
import { trinoInDuckDb } from "./support/trinoInDuckDb";

describe("reconcile by lists and by inventories of the same buckets", function () {
  this.timeout(120_000);

  const { buckets } = planted(3_000);
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

  function run(...options: string[]): Promise<Result> {
    const role = ["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`];
    return cli(["reconcile", SOURCE, ...role, "--no-explain", ...options], standIn.environment);
  }

  const counted = ({ stdout }: Result) => {
    const { destinations, held, verdict, versions, bytes } = JSON.parse(stdout) as ReconcileResult;
    return { counts: destinations.map(({ counts }) => counts), held, verdict, versions, bytes };
  };

  async function inventories(format: Written["format"]): Promise<string[]> {
    const connection = await openTables(rowsOf(buckets));
    const places: string[] = [];
    for (const [side, bucketName] of [
      ["source", SOURCE],
      ["destination", DESTINATION],
    ] as const) {
      const place = mkdtempSync(join(root, `${side}-`));
      await writeInventory(connection, side, place, { format, bucketName, listedAt: LISTED_AT });
      places.push(`--${side}-inventory`, place);
    }
    return places;
  }

  for (const format of ["Parquet", "CSV"] as const) {
    it(`counts the same with ${format}: versions, bytes, times, folders and examples`, async () => {
      const listed = await run("--json", "--engine", "list");
      const joined = await run("--json", "--engine", "inventory", ...(await inventories(format)));
      assert.deepEqual([listed.code, joined.code], [1, 1], listed.stderr + joined.stderr);
      const { counts } = counted(listed);
      assert.ok(counts[0]!.length >= 6, JSON.stringify(counts));
      assert.deepEqual(counted(joined), counted(listed));
    });
  }

  it("counts the same with Athena, whose queries another engine runs here, and makes the same lists", async () => {
    const directory = join(root, "athena");
    const command = await AthenaCommand.start(directory, await trinoInDuckDb(directory), {
      versions: 3_000,
      format: "CSV",
    });
    try {
      const athena = ["--engine", "athena", "--workgroup", "audits", "--yes", ...command.inBucket];
      const results: Result[] = [];
      for (const [name, options] of [
        ["athena", athena],
        ["directories", command.inDirectories],
      ] as const) {
        results.push(await command.run("--json", "--manifest", join(root, `${name}.list.csv`), ...options));
      }
      const [asked, joined] = results;
      assert.match(
        asked!.stderr,
        /^workgroup 'audits': Athena scans at most [\d.]+ GB, which costs at most USD 0\.0002/,
      );
      assert.deepEqual(counted(asked!), counted(joined!));
      const [ofAthena, ofDirectories] = results.map(({ stdout }) => listsOf(stdout));
      assert.ok(ofAthena!.length >= 3);
      assert.deepEqual(ofAthena, ofDirectories);
      assert.equal(command.athena.queries.filter((sql) => sql.startsWith("DROP TABLE")).length, 2);
    } finally {
      await command.stop();
    }
  });

  it("makes the same lists of what is missing", async () => {
    const files = async (name: string, ...options: string[]) => {
      const { stdout, stderr } = await run("--json", "--manifest", join(root, name), ...options);
      assert.ok(stdout.startsWith("{"), stderr);
      return listsOf(stdout);
    };
    const listed = await files("listed.csv", "--engine", "list");
    assert.ok(listed.length >= 3);
    assert.deepEqual(await files("joined.csv", ...(await inventories("Parquet"))), listed);
  });
});

/** The lists that a run wrote. */
function listsOf(json: string): unknown[] {
  const { manifests } = JSON.parse(json) as ReconcileResult;
  return manifests.map(({ files: [file], cause, versions }) => ({
    cause,
    versions,
    lines: readFileSync(file!, "utf8").trimEnd().split("\n").sort(),
  }));
}
