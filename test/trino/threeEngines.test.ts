/** The same versions counted row by row, by DuckDB, and by a real Trino, which is what runs in Athena. */
import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AwsAccount } from "../../src/aws/account";
import { athenaEngine } from "../../src/reconcile/athena/athenaEngine";
import type { ReconcileResult } from "../../src/reconcile/result";
import type { Engine, EngineResult, Missed } from "../../src/reconcile/engine";
import { inventoryEngine } from "../../src/reconcile/inventory/inventoryEngine";
import { answerWith, AthenaCommand } from "../reconcile/support/athenaCommand";
import { AthenaStandIn } from "../reconcile/support/athenaStandIn";
import { openTables } from "../reconcile/support/duckdbTables";
import { writeInventory } from "../reconcile/support/inventories";
import { CONFIGURATION, counted, expectedTally, FACTS } from "../reconcile/support/plantedBuckets";
import { LISTED_AT, randomNumbers, randomRow } from "../reconcile/support/randomRows";
import { Trino } from "./server";
import { trinoTables } from "./tables";

const HOME = process.env.TRINO_HOME;
const DELIVERY = "2026-11-20T00-00Z";
const ROWS = Number(process.env.RECONCILE_ROWS ?? 20_000);

if (HOME === undefined) {
  describe("three engines count the same, with a real Trino", () => {
    it("is skipped: TRINO_HOME names no unpacked trino-server", function () {
      this.skip();
    });
  });
} else {
  describe(`three engines count the same of ${ROWS.toLocaleString("en")} versions, with the Trino of ${basename(HOME)}`, () => {
    const random = randomNumbers(476);
    const rows = Array.from({ length: ROWS }, (_, index) => randomRow(random, index));
    let directory: string;
    let trino: Trino;
    let athena: AthenaStandIn;
    let connection: DuckDBConnection;

    before(async () => {
      directory = mkdtempSync(join(tmpdir(), "trino-"));
      connection = await openTables(rows);
      trino = await Trino.start(HOME, directory);
      const engine = trinoTables(trino);
      athena = await AthenaStandIn.start((sql) => answerWith(engine, sql));
    });
    after(async () => {
      athena?.stop();
      await trino?.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    function accountWith(manifests: ReadonlyMap<string, string>): AwsAccount {
      const s3 = {
        send: ({ input: { Key = "" } }: { input: { Key?: string } }) => {
          const text = () => Promise.resolve(readFileSync(String(manifests.get(Key)), "utf8"));
          return Promise.resolve(
            Key === "" ? { BucketRegion: "eu-central-1" } : { Body: { transformToString: text } },
          );
        },
      };
      return {
        callerArn: "arn:aws:iam::111111111111:user/anna",
        s3: () => Promise.resolve(s3),
        athena: () => Promise.resolve(athena.client()),
      } as unknown as AwsAccount;
    }

    for (const format of ["Parquet", "CSV"] as const) {
      it(`from inventories in ${format}`, async () => {
        const manifests = new Map<string, string>();
        const directories = ["source", "destination"].map((side) =>
          join(directory, "warehouse", `${side}${format}`),
        );
        const names = ["documents", "copies"];
        for (const [index, side] of (["source", "destination"] as const).entries()) {
          const into = directories[index]!;
          mkdirSync(into, { recursive: true });
          await writeInventory(connection, side, into, {
            format,
            bucketName: names[index]!,
            listedAt: LISTED_AT,
          });
          manifests.set(`${side}${format}/${DELIVERY}/manifest.json`, join(into, "manifest.json"));
        }
        const account = accountWith(manifests);
        const bucket = (name: string) => ({ name, region: "eu-central-1", account });
        const setting = {
          configuration: CONFIGURATION,
          source: bucket("documents"),
          destinations: [bucket("copies")],
          facts: [FACTS],
        };
        const places = [...manifests.keys()].map((key) => ({ bucketName: "inventories", key }));
        const [ofDuckDb, missedOfDuckDb] = await runs(
          inventoryEngine({
            ...setting,
            named: { source: { directory: directories[0]! }, destinations: [{ directory: directories[1]! }] },
          }),
        );
        const [ofTrino, missedOfTrino] = await runs(
          athenaEngine({
            ...setting,
            named: { source: places[0]!, destinations: [places[1]!] },
            account,
            region: "eu-central-1",
            workGroup: "primary",
            database: "default",
            agrees: () => Promise.resolve(true),
            pause: 10,
          }),
        );
        assert.deepEqual(counted(ofDuckDb.tally), counted(expectedTally(rows)));
        assert.deepEqual(ofTrino.tally, ofDuckDb.tally);
        assert.deepEqual(missedOfTrino, missedOfDuckDb);
        assert.deepEqual(
          (await trino.query("SHOW TABLES FROM hive.default")).rows,
          [],
          "tables of the run are dropped",
        );
        const states = ofTrino.tally.destinations[0]!.counts.map(
          ({ cause, rule, versions }) => `${cause}${rule === undefined ? "" : ` (${rule})`}: ${versions}`,
        );
        console.log(
          `      ${ofTrino.tally.versions} versions of the source; ${states.length} counts alike, among them ${states.slice(0, 6).join(", ")}`,
        );
      });
    }

    it("and by command: what lists say, and what the page shows of Athena", async function () {
      this.timeout(600_000);
      const command = await AthenaCommand.start(join(directory, "warehouse"), trinoTables(trino), {
        versions: 1_200,
        format: "Parquet",
      });
      try {
        const options = ["--engine", "athena", "--workgroup", "audits", "--yes", ...command.inBucket];
        const shown = await command.run(...options);
        const page = readFileSync(join(__dirname, "../../docs/commands/reconcile.md"), "utf8");
        const recorded = /<!-- athena:[^>]*-->\s*```\n([^]*?)\n```/.exec(page)?.[1];
        assert.equal(withoutNotes(shown.stdout).trimEnd(), recorded, shown.stderr);
        const [asked, listed] = await Promise.all(
          [options, ["--engine", "list"]].map((each) => command.run("--json", ...each)),
        );
        assert.deepEqual(countsOf(asked!.stdout), countsOf(listed!.stdout));
      } finally {
        await command.stop();
      }
    });
  });
}

async function runs(engine: Engine): Promise<[EngineResult, string[]]> {
  const missed: Missed[] = [];
  const result = await engine.run({
    prefix: "",
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onMissed: (each) => {
      missed.push(each);
    },
  });
  return [result, missed.map((each) => JSON.stringify(each)).sort()];
}

const withoutNotes = (text: string) =>
  text
    .replace(/, \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m, ", <now>")
    .replace(/Worth knowing\n[^]*?(?=Reconciled:)/, "");

function countsOf(json: string): unknown {
  const { destinations, held, verdict, versions, bytes } = JSON.parse(json) as ReconcileResult;
  return { counts: destinations.map(({ counts }) => counts), held, verdict, versions, bytes };
}
