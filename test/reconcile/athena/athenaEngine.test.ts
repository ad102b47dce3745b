/** Queries on Athena, over HTTP against answers of the shapes of AWS's. */
import { strict as assert } from "node:assert";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AwsAccount } from "../../../src/aws/account";
import { athenaEngine, type AthenaSetting } from "../../../src/reconcile/athena/athenaEngine";
import { readGivenTable } from "../../../src/reconcile/athena/tables";
import type { EngineResult, Missed } from "../../../src/reconcile/engine";
import type { QuerySetting } from "../../../src/reconcile/sql/queries";
import { DUCKDB } from "../../../src/reconcile/sql/dialects";
import { decisionOf } from "../../../src/reconcile/meaning/decision";
import { TALLY_COLUMNS, tallyQuery, versionsQuery } from "../../../src/reconcile/sql/queries";
import { VERSION_COLUMNS } from "../../../src/reconcile/sql/countListings";
import { missedOutcomes } from "../../../src/reconcile/missedOutcomes";
import { type Answer, AthenaStandIn } from "../support/athenaStandIn";
import { openTables, tableListing } from "../support/duckdbTables";
import { CONFIGURATION, counted, expectedTally, FACTS } from "../support/plantedBuckets";
import { DESTINATION_ARN, LISTED_AT, randomNumbers, randomRow } from "../support/randomRows";

const DELIVERIES = {
  documents: "listings/documents/all/2026-11-20T00-00Z/manifest.json",
  copies: "listings/copies/all/2026-11-20T00-00Z/manifest.json",
};
const SCHEMA =
  "message s3.inventory { required binary key (UTF8); optional binary version_id (UTF8); optional boolean is_latest; optional boolean is_delete_marker; optional int64 size; optional int64 last_modified_date (TIMESTAMP_MILLIS); optional binary storage_class (UTF8); optional binary replication_status (UTF8); optional binary encryption_status (UTF8); optional binary intelligent_tiering_access_tier (UTF8); optional binary object_owner (UTF8);}";

describe("the athena engine", function () {
  this.timeout(60_000);

  const random = randomNumbers(7);
  const rows = Array.from({ length: 3_000 }, (_, index) => randomRow(random, index));
  let connection: DuckDBConnection;
  let athena: AthenaStandIn;
  let fails: (sql: string) => Answer | undefined;
  const asked: string[] = [];

  before(async () => {
    connection = await openTables(rows);
  });
  beforeEach(async () => {
    fails = () => undefined;
    asked.length = 0;
    athena = await AthenaStandIn.start(async (sql) => fails(sql) ?? answer(sql));
  });
  afterEach(() => athena.stop());

  /** What DuckDB says to the same question, as Athena writes it. */
  async function answer(sql: string): Promise<Answer> {
    if (!/^SELECT (branch|\*, 0 AS destination FROM \(SELECT branch)/.test(sql)) return {};
    const decision = decisionOf(CONFIGURATION, DESTINATION_ARN, {
      ...FACTS,
      sourceListedAt: LISTED_AT,
      destinationListedAt: LISTED_AT,
    });
    const missing = ["object_tags"];
    const setting: QuerySetting = {
      dialect: DUCKDB,
      decision,
      source: tableListing("source", missing),
      destination: tableListing("destination", missing),
      prefix: "",
    };
    const isTally = sql.startsWith("SELECT branch, cause, is_total");
    const query = isTally ? tallyQuery(setting) : versionsQuery(setting, missedOutcomes(decision));
    const found = await (await connection.run(query.sql)).getRows();
    const names = isTally ? TALLY_COLUMNS : VERSION_COLUMNS;
    return {
      columns: names.map((name) => ({ name, type: "varchar" })),
      rows: found.map((values) =>
        [...values, ...(isTally ? [] : [0])].map((value) =>
          value === null ? null : String(value as string),
        ),
      ),
      looks: 2,
    };
  }

  const s3 = {
    send: ({ input: { Key = "" } }: { input: { Key?: string } }) => {
      const bucket = Key.includes("/documents/") ? "documents" : "copies";
      const manifest = {
        sourceBucket: bucket,
        destinationBucket: "arn:aws:s3:::inventories",
        creationTimestamp: String(LISTED_AT),
        fileFormat: "Parquet",
        fileSchema: SCHEMA,
        files: [
          {
            key: `lists/${bucket}/all/data/0a1b2c3d-0a1b-4c2d-8e3f-0a1b2c3d4e5f.parquet`,
            size: 2_000_000_000,
            MD5checksum: "0".repeat(32),
          },
        ],
      };
      return Promise.resolve(
        Key === ""
          ? { BucketRegion: "eu-central-1" }
          : { Body: { transformToString: () => Promise.resolve(JSON.stringify(manifest)) } },
      );
    },
  };

  function run(
    change: Partial<AthenaSetting> = {},
    {
      onMissed,
      signal = new AbortController().signal,
    }: { onMissed?: (missed: Missed) => void; signal?: AbortSignal } = {},
  ): Promise<EngineResult> {
    const account = {
      callerArn: "arn:aws:iam::111111111111:user/anna",
      s3: () => Promise.resolve(s3),
      athena: () => Promise.resolve(athena.client()),
    } as unknown as AwsAccount;
    const bucket = (name: string) => ({ name, region: "eu-central-1", account });
    const place = (name: keyof typeof DELIVERIES) => ({ bucketName: "inventories", key: DELIVERIES[name] });
    const engine = athenaEngine({
      configuration: CONFIGURATION,
      source: bucket("documents"),
      destinations: [bucket("copies")],
      facts: [FACTS],
      named: { source: place("documents"), destinations: [place("copies")] },
      account,
      region: "eu-central-1",
      workGroup: "audits",
      database: "default",
      agrees: (sentence) => {
        asked.push(sentence);
        return Promise.resolve(true);
      },
      pause: 5,
      ...change,
    });
    return engine.run({
      prefix: "",
      signal,
      onProgress: () => undefined,
      ...(onMissed === undefined ? {} : { onMissed }),
    });
  }

  it("says what it will scan and cost, makes its tables over one delivery, counts, and drops them", async () => {
    const missed: Missed[] = [];
    const result = await run(
      {},
      {
        onMissed: (each) => {
          missed.push(each);
        },
      },
    );
    assert.deepEqual(counted(result.tally), counted(expectedTally(rows)));
    assert.ok(missed.length > 1_000, "more than a page of versions is told");
    assert.equal(asked.length, 1);
    assert.match(
      asked[0]!,
      /^workgroup 'audits': Athena scans at most 8\.0 GB, which costs at most USD 0\.0400 \(USD 5 a TB in us-east-1, aws\.amazon\.com\/athena\/pricing; it may differ\); 2 tables named s3_replication_\w+_\* are made in database 'default' and dropped at the end$/,
    );
    const [create = ""] = athena.queries;
    assert.match(
      create,
      /^CREATE EXTERNAL TABLE `default`\.`s3_replication_[0-9a-f]{16}_0` \(`key` string, `version_id` string, `is_latest` boolean/,
    );
    assert.ok(
      create.endsWith("LOCATION 's3://inventories/listings/documents/all/hive/dt=2026-11-20-00-00/'"),
    );
    assert.deepEqual(
      athena.queries.map((sql) => sql.split(" ")[0]),
      ["CREATE", "CREATE", "SELECT", "SELECT", "DROP", "DROP"],
    );
    assert.ok(result.notes.includes("Athena scanned 2.0 MB in workgroup 'audits'"));
  });

  it("makes and scans nothing where nobody agrees", async () => {
    await assert.rejects(run({ agrees: () => Promise.resolve(false) }), { name: "NotAgreed" });
    assert.deepEqual(athena.queries, []);
  });

  it("gives Athena's own reason where a query fails, and drops its tables all the same", async () => {
    fails = (sql) =>
      sql.startsWith("SELECT") ? { failure: "HIVE_BAD_DATA: a file is not as it should be" } : undefined;
    await assert.rejects(
      run(),
      /Athena's query query-2 ended as FAILED: HIVE_BAD_DATA: a file is not as it should be/,
    );
    assert.equal(athena.queries.filter((sql) => sql.startsWith("DROP")).length, 2);
  });

  it("names the permission that is missing", async () => {
    athena.errors.push({ status: 400, type: "AccessDeniedException", message: "no" });
    await assert.rejects(
      run(),
      /arn:aws:iam::111111111111:user\/anna needs athena:StartQueryExecution on workgroup 'audits'/,
    );
  });

  it("stops its query where it is stopped itself, and drops its tables", async () => {
    const stop = new AbortController();
    fails = (sql) => {
      if (!sql.startsWith("SELECT")) return undefined;
      setTimeout(() => stop.abort(), 30);
      return { looks: 1_000_000 };
    };
    await assert.rejects(run({}, { signal: stop.signal }));
    assert.deepEqual(athena.stopped, ["query-2"]);
    assert.equal(athena.queries.filter((sql) => sql.startsWith("DROP")).length, 2);
  });

  it("reads live inventory tables of S3 Metadata as they are, and says what they do not hold", async () => {
    const types = {
      key: "varchar",
      version_id: "varchar",
      is_delete_marker: "boolean",
      size: "bigint",
      last_modified_date: "timestamp(6)",
      storage_class: "varchar",
      encryption_status: "varchar",
      object_tags: "map(varchar, varchar)",
    };
    fails = (sql) =>
      sql.endsWith("LIMIT 0")
        ? { columns: Object.entries(types).map(([name, type]) => ({ name, type })) }
        : undefined;
    const table = (name: string) =>
      readGivenTable("--source-table", `s3tablescatalog/aws-s3.b_${name}.inventory`);
    const result = await run({
      tables: { source: table("documents"), destinations: [table("copies")] },
      now: () => LISTED_AT,
    });
    assert.equal(
      athena.queries[0],
      'SELECT * FROM "s3tablescatalog/aws-s3"."b_documents"."inventory" LIMIT 0',
    );
    assert.ok(
      athena.queries.every((sql) => sql.startsWith("SELECT")),
      "no table is made",
    );
    assert.equal(result.sourceListedAt, LISTED_AT - 3_600_000);
    assert.ok(
      result.notCompared.includes(
        "s3tablescatalog/aws-s3.b_documents.inventory has no column replication_status",
      ),
    );
    assert.match(athena.queries[2]!, /"object_tags" AS tags/);
  });

  it("takes no table that holds a version twice, such as one of several days", async () => {
    const columns = ["key", "version_id", "is_delete_marker"].map((name) => ({ name, type: "varchar" }));
    fails = (sql) => {
      if (sql.endsWith("LIMIT 0")) return { columns };
      if (!sql.includes("HAVING count(*) > 1")) return undefined;
      return {
        columns: VERSION_COLUMNS.map((name) => ({ name, type: "varchar" })),
        rows: sql.includes('"lists"."copies"') ? [["0", "0", "a/\u0007b", "v1", "0"]] : [],
      };
    };
    const table = (name: string) => readGivenTable("--source-table", `lists.${name}`);
    await assert.rejects(
      run({ tables: { source: table("documents"), destinations: [table("copies")] } }),
      /^InvalidInputError: lists\.copies: must list each version once, got 'a\/\\u0007b' \(version v1\) more than once; .* nor of several partitions of a table$/,
    );
  });

  it("takes no table name that could be more than a name", () => {
    for (const text of ["inventory", 'a.b"; DROP TABLE x', "a.b.c.d", "a.b c"]) {
      assert.throws(() => readGivenTable("--source-table", text), /must be a table as <database>\.<table>/);
    }
  });

  it("asks for a delivery where it is given a list of somebody's own", async () => {
    await assert.rejects(
      run({
        named: {
          source: { bucketName: "inventories", key: "own/documents/manifest.json" },
          destinations: [{ bucketName: "inventories", key: DELIVERIES.copies }],
        },
      }),
      /must be the manifest\.json of a delivery of S3 Inventory/,
    );
  });
});
