/** What each engine asks of S3 is what the rows of its permissions say. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMAND_ACTIONS } from "../../src/callers/commandActions";
import { cli } from "../support/cli";
import { DESTINATION, DESTINATION_ACCOUNT, pair, SOURCE, SOURCE_ACCOUNT } from "./support/buckets";
import { openTables } from "./support/duckdbTables";
import { writeInventory } from "./support/inventories";
import { LISTED_AT } from "./support/randomRows";
import { S3StandIn } from "./support/s3StandIn";
import { rowsOf } from "./support/standInRows";

const LISTS = "acme-lists";
const SIDES = { source: SOURCE, destination: DESTINATION } as const;
const keyOf = (name: string) => `${name}/all/2026-11-20T00-00Z/manifest.json`;

/** The IAM action of a line of the stand-in's log. */
function actionOf(line: string): string {
  const [, method = "", bucket = "", what = ""] = /^(\w+) (\S*) (.*)$/s.exec(line) ?? [];
  if (bucket === "") return "sts";
  const ofBucket: Record<string, string> = {
    "": "s3:ListBucket",
    "list-type": "s3:ListBucket",
    delimiter: "s3:ListBucket",
    replication: "s3:GetReplicationConfiguration",
    lifecycle: "s3:GetLifecycleConfiguration",
    versions: "s3:ListBucketVersions",
    "encoding-type": "s3:ListBucketVersions",
    inventory: "s3:GetInventoryConfiguration",
    id: "s3:GetInventoryConfiguration",
  };
  const action = ofBucket[what] ?? (bucket === LISTS ? "s3:GetObject" : "s3:GetObjectVersion");
  return method === "PUT" ? "s3:PutObject" : action;
}

describe("reconcile asks of S3", () => {
  let standIn: S3StandIn;
  let root: string;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "reconcile-"));
    const versions = ["a", "b"].map((key) => ({ key, versionId: "v1", status: "COMPLETED" as const }));
    const buckets = pair(versions, [{ ...versions[0]!, status: "REPLICA" as const }]);
    const connection = await openTables(rowsOf(buckets));
    const objects: Record<string, string | Buffer> = {};
    for (const [side, bucketName] of Object.entries(SIDES) as ["source", string][]) {
      const directory = join(root, side);
      await writeInventory(connection, side, directory, {
        format: "Parquet",
        bucketName,
        listedAt: LISTED_AT,
      });
      const manifest = readFileSync(join(directory, "manifest.json"), "utf8");
      objects[keyOf(bucketName)] = manifest.replaceAll("arn:aws:s3:::inventories", `arn:aws:s3:::${LISTS}`);
      for (const file of readdirSync(join(directory, "data"))) {
        objects[`inventories/${bucketName}/all/data/${file}`] = readFileSync(join(directory, "data", file));
      }
    }
    const inventory = `<Id>all</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule><Destination><S3BucketDestination><Bucket>arn:aws:s3:::${LISTS}</Bucket><Format>Parquet</Format></S3BucketDestination></Destination>`;
    standIn = await S3StandIn.start({
      [SOURCE]: { ...buckets[SOURCE]!, inventory },
      [DESTINATION]: { ...buckets[DESTINATION]!, inventory },
      [LISTS]: { accountId: SOURCE_ACCOUNT, versions: [], objects },
    });
  });
  after(async () => {
    await standIn.stop();
    rmSync(root, { recursive: true });
  });

  async function asked(...options: string[]) {
    standIn.log.length = 0;
    const role = ["--destination-role-arn", `arn:aws:iam::${DESTINATION_ACCOUNT}:role/entrance`];
    const { code, stderr } = await cli(
      ["reconcile", SOURCE, ...role, "--no-explain", ...options],
      standIn.environment,
    );
    assert.equal(code, 1, stderr);
    const of = (bucket: string) =>
      [...new Set(standIn.log.filter((line) => line.split(" ")[1] === bucket).map(actionOf))].sort();
    return { source: of(SOURCE), destination: of(DESTINATION), lists: of(LISTS) };
  }

  const settings = ["s3:GetLifecycleConfiguration", "s3:ListBucket"];
  const ofSource = [...settings, "s3:GetReplicationConfiguration"];
  const configured = "s3:GetInventoryConfiguration";

  it("by lists: versions, and those that are missing one by one", async () => {
    assert.deepEqual(await asked("--engine", "list", "--sample", "0"), {
      source: [...ofSource, "s3:ListBucketVersions", "s3:GetObjectVersion"].sort(),
      destination: [...settings, "s3:ListBucketVersions"].sort(),
      lists: [],
    });
  });

  it("by inventories that it finds: the configurations of all buckets, and the lists", async () => {
    assert.deepEqual(await asked("--engine", "inventory"), {
      source: [...ofSource, configured].sort(),
      destination: [...settings, configured].sort(),
      lists: ["s3:GetObject", "s3:ListBucket"],
    });
  });

  it("by named inventories: the same, where their configurations may tell what they leave out", async () => {
    const named = Object.entries(SIDES).flatMap(([side, name]) => [
      `--${side}-inventory`,
      `s3://${LISTS}/${keyOf(name)}`,
    ]);
    const found = await asked("--engine", "inventory", ...named);
    assert.deepEqual(
      [found.source, found.destination],
      [[...ofSource, configured].sort(), [...settings, configured].sort()],
    );
    assert.ok(!standIn.log.some((line) => line.startsWith(`GET ${LISTS} list-type`)));
  });

  it("nothing that its rows do not say", async () => {
    for (const engine of ["list", "inventory"]) {
      const found = await asked("--engine", engine);
      for (const side of ["source", "destination"] as const) {
        const rows = COMMAND_ACTIONS.reconcile.filter(
          (row) =>
            row.side === side &&
            row.on !== "elsewhere" &&
            row.when?.startsWith("versions are missing") !== true,
        );
        const said = rows.flatMap(({ actions }) => actions);
        assert.deepEqual(
          found[side].filter((action) => !said.includes(action)),
          [],
          `${engine}, ${side}`,
        );
      }
    }
  });
});
