/** Which engine reconciles, and what is said where the package of one is not installed. */
import { strict as assert } from "node:assert";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import {
  HeadObjectCommand,
  ListBucketInventoryConfigurationsCommand,
  ListObjectsV2Command,
  HeadBucketCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { readEngineOptions } from "../../src/cli/engineOptions";
import { engineChooser, LISTED_AT_MOST } from "../../src/cli/reconcileEngines";
import type { ReadBuckets } from "../../src/reconcile/readBuckets";
import { DESTINATION, planted, SOURCE } from "../reconcile/support/buckets";
import { S3StandIn } from "../reconcile/support/s3StandIn";
import { command, inDirectory } from "../support/cli";

describe("the engine that 'auto' takes", () => {
  const s3 = mockClient(S3Client);
  const account = {
    callerArn: "arn:aws:iam::111111111111:user/anna",
    s3: () => Promise.resolve(new S3Client({ region: "us-east-1" })),
  };
  const bucket = (name: string) => ({ name, region: "us-east-1", account, facts: {} });
  const buckets = {
    configuration: { Role: "", Rules: [] },
    source: bucket(SOURCE),
    destinations: [bucket(DESTINATION)],
  } as unknown as ReadBuckets;

  beforeEach(() => {
    s3.reset();
    s3.on(HeadBucketCommand).resolves({ BucketRegion: "us-east-1" });
    s3.on(HeadObjectCommand).resolves({});
    s3.on(ListObjectsV2Command).callsFake(({ Prefix }: { Prefix: string }) => ({
      CommonPrefixes: [{ Prefix: `${Prefix}2026-11-20T01-00Z/` }],
    }));
  });
  after(() => s3.restore());

  const configured = (Format: "Parquet" | "ORC") =>
    s3.on(ListBucketInventoryConfigurationsCommand).resolves({
      InventoryConfigurationList: [
        {
          Id: "all",
          IsEnabled: true,
          IncludedObjectVersions: "All",
          Schedule: { Frequency: "Daily" },
          Destination: { S3BucketDestination: { Bucket: "arn:aws:s3:::acme-lists", Format } },
        },
      ],
    });

  async function chosen(versions: number | undefined) {
    const choose = engineChooser(
      await readEngineOptions({ engine: "auto" }),
      new AbortController().signal,
      () => undefined,
    );
    return choose(buckets, versions);
  }

  it("is the inventory engine above the number of versions that is listed, and the reason is told", async () => {
    configured("Parquet");
    const { engine, because } = (await chosen(LISTED_AT_MOST + 1))!;
    assert.equal(engine?.name, "inventory");
    assert.equal(
      because,
      "CloudWatch counted 10,000,001 versions, more than 10,000,000, and all buckets have inventories",
    );
  });

  it("is the list engine up to that number, and where nobody counted", async () => {
    configured("Parquet");
    assert.equal(await chosen(LISTED_AT_MOST), undefined);
    assert.equal(await chosen(undefined), undefined);
  });

  it("is the list engine above it where a bucket has no inventory that serves, and that is told", async () => {
    configured("ORC");
    const { engine, because } = (await chosen(12_000_000))!;
    assert.equal(engine, undefined);
    assert.match(
      because!,
      /^CloudWatch counted 12,000,000 versions, more than 10,000,000, and an inventory would be faster: bucket 'acme-data' has no inventory to reconcile with: 'all' is written as ORC/,
    );
  });
});

describe("'reconcile --engine inventory' without DuckDB", function () {
  this.timeout(60_000);

  it("says in one sentence how to install it, and ends with 2", async () => {
    const standIn = await S3StandIn.start(planted(30).buckets);
    const root = mkdtempSync(join(tmpdir(), "without-duckdb-"));
    try {
      withoutDuckDb(root);
      await inDirectory({ "manifest.json": "{}" }, async (directory) => {
        const role = ["--destination-role-arn", "arn:aws:iam::222222222222:role/entrance"];
        const inventories = ["--source-inventory", directory, "--destination-inventory", directory];
        const { code, stdout, stderr } = await ended(
          [join(root, "bin/cli/main.js"), "reconcile", SOURCE, ...role, ...inventories],
          standIn.environment,
        );
        assert.equal(code, 2, stderr);
        assert.equal(stdout, "");
        assert.match(
          stderr,
          /needs the package @duckdb\/node-api, which is not installed; run 'npm install @duckdb\/node-api', or use --engine list or athena/,
        );
        assert.doesNotMatch(stderr, /^\s+at |Require stack|file:\/\//m);
      });
    } finally {
      await standIn.stop();
      rmSync(root, { recursive: true });
    }
  });
});

/** The server of the test is in this process, so that it must go on meanwhile. */
async function ended(args: readonly string[], env: Record<string, string>) {
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
  return promisify(execFile)(process.execPath, args, { env: environment }).then(
    (output) => ({ ...output, code: 0 }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
}

/** The command as somebody has it who installed everything but the optional package. */
function withoutDuckDb(root: string): void {
  const compiled = dirname(dirname(dirname(command())));
  cpSync(join(compiled, "bin"), join(root, "bin"), { recursive: true });
  cpSync(join(compiled, "package.json"), join(root, "package.json"), { dereference: true });
  mkdirSync(join(root, "node_modules"));
  for (const name of readdirSync(join(compiled, "node_modules"))) {
    if (name !== "@duckdb")
      symlinkSync(join(compiled, "node_modules", name), join(root, "node_modules", name));
  }
}
