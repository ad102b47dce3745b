/** Inventories that are joined on this machine. */
import { strict as assert } from "node:assert";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  readFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AwsAccount } from "../../../src/aws/account";
import { inventoryEngine, type InventorySetting } from "../../../src/reconcile/inventory/inventoryEngine";
import type { EngineResult, Missed } from "../../../src/reconcile/engine";
import { writeManifests } from "../../../src/reconcile/manifest";
import { verdictOf } from "../../../src/reconcile/meaning/tally";
import { openTables } from "../support/duckdbTables";
import { changeManifest, writeInventory, type Written } from "../support/inventories";
import { CONFIGURATION, counted, expectedTally, FACTS } from "../support/plantedBuckets";
import { LISTED_AT, randomNumbers, randomRow } from "../support/randomRows";

const ACCOUNT = { callerArn: "arn:aws:iam::111111111111:user/anna" } as AwsAccount;
const bucket = (name: string) => ({ name, region: "eu-central-1", account: ACCOUNT });

describe("the inventory engine", function () {
  this.timeout(60_000);

  const random = randomNumbers(4);
  const rows = Array.from({ length: 4_000 }, (_, index) => randomRow(random, index));
  let connection: DuckDBConnection;
  let root: string;

  before(async () => {
    connection = await openTables(rows);
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "inventories-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function inventories(
    source: Partial<Written> = {},
    destination: Partial<Written> = {},
  ): Promise<
    InventorySetting["named"] & { source: { directory: string }; destinations: { directory: string }[] }
  > {
    const common = { format: "Parquet", listedAt: LISTED_AT } as const;
    const directories = [join(root, "of-source"), join(root, "of-destination")] as const;
    await writeInventory(connection, "source", directories[0], {
      ...common,
      bucketName: "documents",
      ...source,
    });
    await writeInventory(connection, "destination", directories[1], {
      ...common,
      bucketName: "copies",
      ...destination,
    });
    return { source: { directory: directories[0] }, destinations: [{ directory: directories[1] }] };
  }

  async function reconcile(
    named: InventorySetting["named"],
    {
      prefix = "",
      memory,
      onMissed,
    }: { prefix?: string; memory?: number; onMissed?: (missed: Missed) => void } = {},
  ): Promise<EngineResult> {
    const spillDirectory = mkdtempSync(join(root, "spill-"));
    const engine = inventoryEngine({
      configuration: CONFIGURATION,
      source: bucket("documents"),
      destinations: [bucket("copies")],
      facts: [FACTS],
      named,
      spillDirectory,
      ...(memory === undefined ? {} : { memory }),
    });
    try {
      return await engine.run({
        prefix,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        ...(onMissed === undefined ? {} : { onMissed }),
      });
    } finally {
      assert.deepEqual(readdirSync(spillDirectory), [], "nothing is left of the files");
    }
  }

  const expected = (
    ...more: Parameters<typeof expectedTally> extends [unknown, ...infer Rest] ? Rest : never
  ) => expectedTally(rows, ...more);

  for (const format of ["Parquet", "CSV"] as const) {
    it(`counts what is planted in ${format}, whatever is in the keys`, async () => {
      const result = await reconcile(await inventories({ format }, { format }));
      assert.deepEqual(counted(result.tally), counted(expected()));
      assert.ok(result.tally.destinations[0]!.counts.length > 20);
      assert.equal(verdictOf(result.tally), "incomplete");
    });
  }

  it("reads Parquet on one side and CSV on the other, and only a prefix", async () => {
    const result = await reconcile(await inventories({ format: "CSV" }), { prefix: "it's/" });
    assert.deepEqual(counted(result.tally), counted(expected("it's/")));
  });

  it("tells every version that something can be done about", async () => {
    const missed: Missed[] = [];
    const { tally } = await reconcile(await inventories(), {
      onMissed: (each) => {
        missed.push(each);
      },
    });
    const remedied = tally.destinations[0]!.counts.filter(({ cause }) =>
      ["failed", "never-tried", "gone"].includes(cause),
    );
    assert.ok(missed.length > remedied.reduce((sum, { versions }) => sum + versions, 0));
    const keys = new Set(rows.map(({ key, versionId }) => `${key} ${versionId}`));
    assert.ok(missed.every(({ key, versionId }) => keys.has(`${key} ${versionId}`)));
  });

  it("tells a version that two destinations miss once for each, in a row, so that a list names it once", async () => {
    const named = await inventories();
    const third = join(root, "of-others");
    await writeInventory(connection, "destination", third, {
      format: "Parquet",
      listedAt: LISTED_AT,
      bucketName: "others",
    });
    const rule = (name: string) => ({
      ID: name,
      Priority: 1,
      Status: "Enabled" as const,
      Filter: { Prefix: "" },
      DeleteMarkerReplication: { Status: "Disabled" as const },
      Destination: { Bucket: `arn:aws:s3:::${name}` },
    });
    const engine = inventoryEngine({
      configuration: { Role: CONFIGURATION.Role, Rules: [rule("copies"), rule("others")] },
      source: bucket("documents"),
      destinations: [bucket("copies"), bucket("others")],
      facts: [FACTS, FACTS],
      named: { ...named, destinations: [...named.destinations, { directory: third }] },
    });
    const missed: Missed[] = [];
    const { decisions, tally } = await engine.run({
      prefix: "",
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onMissed: (each) => void missed.push(each),
    });
    assert.ok(missed.length > 100);
    assert.equal(missed.filter(({ destination }) => destination === 0).length, missed.length / 2);
    const place = { file: join(root, "missed.csv") };
    // eslint-disable-next-line @typescript-eslint/require-await -- a list is read as it comes
    const all = async function* () {
      yield* missed;
    };
    const source = { ...bucket("documents") } as unknown as Parameters<typeof writeManifests>[1];
    const lists = await writeManifests(place, source, decisions, all());
    for (const { cause, versions, files } of lists) {
      const lines = readFileSync(files[0]!, "utf8").trimEnd().split("\n");
      const counts = tally.destinations.map(
        ({ counts }) => counts.find((count) => count.cause === cause)?.versions,
      );
      assert.deepEqual([counts, new Set(lines).size], [[versions, versions], lines.length], cause);
    }
  });

  it("keeps every character of a key, and says why a line is none of a listing", async () => {
    const bom = "\ufeff";
    const keys = [`${bom}a/b/c`, `${bom}d`, "e\u0085/\u009b31m/x", "%zz", "\u0000"];
    const named = await inventories({ format: "CSV" }, { format: "CSV" });
    const line = (key: string, index: number) =>
      ["documents", encodeURIComponent(key), `v${index}`, "true", "false", "1", "2026-11-01T00:00:00.000Z"]
        .concat(["STANDARD", "FAILED", "SSE-S3", "", ""])
        .map((value) => `"${value}"`)
        .join(",");
    const write = (...lines: (string | Buffer)[]) => {
      const text = Buffer.concat(lines.flatMap((each) => [Buffer.from(each), Buffer.from("\n")]));
      writeFileSync(join(named.source.directory, "own.csv"), text);
      changeManifest(named.source.directory, (manifest) => (manifest.files = [{ key: "own.csv" }]));
    };
    write(...keys.map(line));
    const missed: string[] = [];
    const { tally } = await reconcile(named, { onMissed: ({ key }) => void missed.push(key) });
    assert.deepEqual(missed.sort(), [...keys].sort());
    const failed = tally.destinations[0]!.counts.filter(({ cause }) => cause === "failed");
    const prefixes = failed.flatMap((count) => count.prefixes.map(({ prefix }) => prefix));
    assert.ok(prefixes.includes(`${bom}a/b/`), JSON.stringify(prefixes));
    write(line("fine", 0), Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    await assert.rejects(
      reconcile(named),
      /CSV Error on Line: 2 (Invalid unicode|Expected Number of Columns)/,
    );
  });

  it("leaves undecided what was written after the older of two inventories", async () => {
    const day = 3_600_000;
    const result = await reconcile(await inventories({}, { listedAt: LISTED_AT - day }));
    assert.deepEqual(counted(result.tally), counted(expected("", [LISTED_AT, LISTED_AT - day])));
    assert.deepEqual([result.sourceListedAt, ...result.destinationListedAt], [LISTED_AT, LISTED_AT - day]);
    assert.ok(
      result.tally.destinations[0]!.counts.some(({ cause }) => cause === "destination-listed-earlier"),
    );
  });

  it("says what an inventory with fewer columns leaves undecided", async () => {
    const missing = ["replication_status", "encryption_status"];
    const result = await reconcile(await inventories({ missing }, { missing }));
    assert.deepEqual(
      counted(result.tally),
      counted(expected("", [LISTED_AT, LISTED_AT], ["tags", "replicationStatus", "encryption"])),
    );
    assert.ok(
      result.notCompared.some((sentence) =>
        sentence.startsWith("replication status, so that what is missing stays undecided"),
      ),
    );
  });

  it("names every file that is not what the manifest says", async () => {
    const named = await inventories({ files: 3 });
    const { directory } = named.source;
    truncateSync(join(directory, "data/source-0.parquet"), 100);
    rmSync(join(directory, "data/source-2.parquet"));
    await assert.rejects(reconcile(named), (error: Error) => {
      assert.match(
        error.message,
        /source-0\.parquet' must have the MD5 checksum \w{32} of the manifest, got \w{32}/,
      );
      assert.match(error.message, /source-2\.parquet' must be in .*, and is not there/);
      return true;
    });
  });

  for (const format of ["Parquet", "CSV"] as const) {
    it(`refuses a list of one's own in ${format} that holds a version twice, and names it`, async () => {
      for (const side of ["source", "destination"] as const) {
        const named = await inventories({ format }, { format });
        const { directory } = side === "source" ? named.source : named.destinations[0]!;
        const extension = format === "CSV" ? "csv.gz" : "parquet";
        copyFileSync(join(directory, `data/${side}-0.${extension}`), join(directory, `again.${extension}`));
        changeManifest(directory, (manifest) => {
          manifest.files = [...(manifest.files as object[]), { key: `again.${extension}` }];
        });
        await assert.rejects(
          reconcile(named),
          /manifest\.json: must list each version once, got '.*' \(version (v\d+|null)\), .* more than once; a list is of one moment/,
        );
      }
    });
  }

  it("reads nothing any more once it failed", async () => {
    const named = await inventories();
    const large = join(named.source.directory, "large.parquet");
    writeFileSync(large, "");
    truncateSync(large, 2e9);
    changeManifest(named.source.directory, (manifest) => {
      manifest.files = [{ key: "large.parquet", MD5checksum: "0".repeat(32) }];
    });
    rmSync(join(named.destinations[0]!.directory, "data/destination-0.parquet"));
    await assert.rejects(reconcile(named), /destination-0\.parquet' must be in .*, and is not there/);
    await rest(200);
    assert.ok(!process.getActiveResourcesInfo().includes("FSReqCallback"));
  });

  it("tells a wrong checksum where the files can be read all the same, and where they cannot", async () => {
    const readable = await inventories();
    changeManifest(readable.source.directory, (manifest) => {
      for (const file of manifest.files as { MD5checksum: string }[]) file.MD5checksum = "0".repeat(32);
    });
    await assert.rejects(reconcile(readable), /must have the MD5 checksum 0{32} of the manifest, got \w{32}/);
    const broken = await inventories();
    writeFileSync(join(broken.source.directory, "data/source-0.parquet"), "PAR1 nothing");
    await assert.rejects(reconcile(broken), /must have the MD5 checksum \w{32} of the manifest, got \w{32}/);
  });

  it("reads no file outside of the directory, whatever the manifest says", async () => {
    const named = await inventories();
    const secret = join(root, "secret.parquet");
    writeFileSync(secret, "not for you");
    changeManifest(named.source.directory, (manifest) => {
      manifest.files = [{ key: "../secret.parquet" }, { key: secret }];
    });
    await assert.rejects(reconcile(named), /'\.\.\/secret\.parquet' must be in/);
    assert.ok(existsSync(secret));
  });

  it("says what it does not read: ORC, current versions only, another bucket, no manifest", async () => {
    const named = await inventories();
    const cases: [string, (manifest: Record<string, unknown>) => void, RegExp][] = [
      [
        "ORC",
        (manifest) => {
          manifest.fileFormat = "ORC";
          manifest.fileSchema = "struct<bucket:string,key:string,version_id:string,is_delete_marker:boolean>";
        },
        /got 'ORC', which DuckDB does not read; let the inventory configuration write Parquet/,
      ],
      [
        "current",
        (manifest) => (manifest.fileSchema = "message s3.inventory { required binary key (UTF8); }"),
        /version_id, is_delete_marker are missing; an inventory of all versions has them/,
      ],
      [
        "time",
        (manifest) => (manifest.creationTimestamp = "yesterday"),
        /'creationTimestamp' must be the milliseconds since 1970/,
      ],
      [
        "other",
        (manifest) => (manifest.sourceBucket = "else"),
        /must be an inventory of documents or copies, got .* which is one of else/,
      ],
      ["files", (manifest) => (manifest.files = []), /'files' must list the files/],
      [
        "twice",
        (manifest) => (manifest.files = [{ key: "data/a.parquet" }, { key: "data/a.parquet" }]),
        /'files\[1\]\.key' must be a file of its own, got 'data\/a\.parquet' once more: its versions would count twice/,
      ],
    ];
    for (const [name, change, message] of cases) {
      await writeInventory(connection, "source", named.source.directory, {
        format: "Parquet",
        bucketName: "documents",
        listedAt: LISTED_AT,
      });
      changeManifest(named.source.directory, change);
      await assert.rejects(reconcile(named), message, name);
    }
    writeFileSync(join(named.source.directory, "manifest.json"), "<html>");
    await assert.rejects(reconcile(named), /must be the manifest\.json of an inventory/);
  });

  it("takes one inventory of a bucket, and not one of two unasked", async () => {
    const named = await inventories();
    const { destinations } = await inventories();
    await assert.rejects(
      reconcile({ ...named, destinations: [...named.destinations, ...destinations] }),
      /must be one for each bucket, got .* and .*, which are both of copies/,
    );
  });

  it("says so in one sentence where a file is no Parquet, or has other columns than its manifest", async () => {
    const named = await inventories();
    writeFileSync(join(named.source.directory, "data/source-0.parquet"), "PAR1 nothing");
    changeManifest(named.source.directory, (manifest) => {
      manifest.files = [{ key: "data/source-0.parquet" }];
    });
    await assert.rejects(reconcile(named), /inventory: DuckDB cannot read it: [^\n]+$/);
  });

  it("does with little memory what it does with much", async () => {
    const result = await reconcile(await inventories(), { memory: 100_000_000 });
    assert.deepEqual(counted(result.tally), counted(expected()));
  });
});
