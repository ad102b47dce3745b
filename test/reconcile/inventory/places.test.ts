/** How the inventories of buckets are found, and how their files come here. */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  GetBucketInventoryConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketInventoryConfigurationsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { sdkStreamMixin } from "@smithy/core/serde";
import { mockClient } from "aws-sdk-client-mock";
import type { AwsAccount } from "../../../src/aws/account";
import { fetchFiles } from "../../../src/reconcile/inventory/files";
import { locateInventories } from "../../../src/reconcile/inventory/locate";
import type { InventoryManifest } from "../../../src/reconcile/inventory/manifest";
import {
  findInventory,
  matchingDeliveries,
  readInventoryPlace,
} from "../../../src/reconcile/inventory/places";

const s3 = mockClient(S3Client);
const ACCOUNT = {
  callerArn: "arn:aws:iam::111111111111:user/anna",
  s3: () => Promise.resolve(new S3Client({ region: "eu-central-1" })),
} as unknown as AwsAccount;
const BUCKET = { name: "documents", region: "eu-central-1", account: ACCOUNT };
const { signal } = new AbortController();

const configuration = (Id: string, changes: object = {}, target: object = {}) => ({
  Id,
  IsEnabled: true,
  IncludedObjectVersions: "All" as const,
  Schedule: { Frequency: "Daily" as const },
  Destination: {
    S3BucketDestination: {
      Bucket: "arn:aws:s3:::inventories",
      Format: "Parquet" as const,
      Prefix: "listings",
      ...target,
    },
  },
  ...changes,
});

describe("the inventory of a bucket", () => {
  beforeEach(() => {
    s3.reset();
    s3.on(HeadBucketCommand).resolves({ BucketRegion: "eu-central-1" });
    s3.on(HeadObjectCommand).resolves({});
    s3.on(ListObjectsV2Command).callsFake(({ Prefix }: { Prefix: string }) => ({
      CommonPrefixes: ["2026-11-18T01-00Z/", "2026-11-20T01-00Z/", "data/", "hive/"].map((name) => ({
        Prefix: `${Prefix}${name}`,
      })),
    }));
  });

  const configured = (...list: ReturnType<typeof configuration>[]) =>
    s3.on(ListBucketInventoryConfigurationsCommand).resolves({ InventoryConfigurationList: list });

  it("is the newest delivery of a configuration that lists all versions, Parquet before CSV", async () => {
    configured(configuration("as-csv", {}, { Format: "CSV" }), configuration("as-parquet"));
    const found = await findInventory(BUCKET, "", signal);
    assert.equal(found.id, "as-parquet");
    assert.deepEqual(
      found.deliveries.map(({ key }) => key),
      [
        "listings/documents/as-parquet/2026-11-20T01-00Z/manifest.json",
        "listings/documents/as-parquet/2026-11-18T01-00Z/manifest.json",
      ],
    );
  });

  it("says why no configuration serves", async () => {
    configured(
      configuration("current", { IncludedObjectVersions: "Current" }),
      configuration("orc", {}, { Format: "ORC" }),
      configuration("off", { IsEnabled: false }),
      configuration("logs", { Filter: { Prefix: "logs/" } }),
    );
    await assert.rejects(
      findInventory(BUCKET, "", signal),
      /no inventory to reconcile with: 'current' lists current versions only; 'orc' is written as ORC, which DuckDB does not read; 'off' is disabled; 'logs' lists keys that begin with 'logs\/' only/,
    );
    assert.equal((await findInventory(BUCKET, "logs/2026/", signal)).id, "logs");
  });

  it("may be ORC for an engine that reads it", async () => {
    configured(configuration("orc", {}, { Format: "ORC" }));
    assert.equal((await findInventory(BUCKET, "", signal, true)).id, "orc");
  });

  it("is of the configuration that delivered last", async () => {
    configured(configuration("as-csv", {}, { Format: "CSV" }), configuration("as-parquet"));
    s3.on(ListObjectsV2Command).callsFake(({ Prefix }: { Prefix: string }) => ({
      CommonPrefixes: [{ Prefix: `${Prefix}2026-11-${Prefix.includes("csv") ? 20 : 13}T01-00Z/` }],
    }));
    assert.equal((await findInventory(BUCKET, "", signal)).id, "as-csv");
  });

  it("says that nothing was delivered yet, or nothing is configured", async () => {
    configured(configuration("new"));
    s3.on(ListObjectsV2Command).resolves({});
    await assert.rejects(findInventory(BUCKET, "", signal), /'new' delivered nothing yet/);
    configured();
    await assert.rejects(
      findInventory(BUCKET, "", signal),
      /no inventory is configured; the argument 'inventory' of the components/,
    );
  });

  it("names the permission that is missing", async () => {
    s3.on(ListBucketInventoryConfigurationsCommand).rejects(
      Object.assign(new Error("no"), { name: "AccessDenied" }),
    );
    await assert.rejects(
      findInventory(BUCKET, "", signal),
      /user\/anna needs s3:GetInventoryConfiguration on bucket 'documents'/,
    );
  });

  it("of the source is one that is not newer than the destination's, where there is one", () => {
    const deliveries = (...times: number[]) => ({
      id: "all",
      prefix: "",
      deliveries: times.map((listedAt) => ({ bucketName: "inventories", key: String(listedAt), listedAt })),
    });
    assert.equal(matchingDeliveries(deliveries(5, 3, 1), [deliveries(4, 2)]).source.listedAt, 3);
    assert.equal(matchingDeliveries(deliveries(5, 3), [deliveries(9), deliveries(4)]).source.listedAt, 3);
    assert.equal(matchingDeliveries(deliveries(5), [deliveries(4)]).source.listedAt, 5);
  });

  it("can be named, as a delivery or a directory and as nothing else", () => {
    assert.deepEqual(readInventoryPlace("--source-inventory", "s3://inventories/a/manifest.json"), {
      bucketName: "inventories",
      key: "a/manifest.json",
    });
    assert.throws(
      () => readInventoryPlace("--source-inventory", "s3://inventories/a/"),
      /must name the manifest\.json of one delivery/,
    );
    assert.throws(
      () => readInventoryPlace("--source-inventory", "/nowhere"),
      /or a directory with a manifest\.json, got '\/nowhere'/,
    );
  });
});

describe("an inventory that is named", () => {
  const other = {
    callerArn: "arn:aws:iam::222222222222:user/otto",
    s3: () => Promise.resolve(new S3Client({ region: "us-west-2" })),
  } as unknown as AwsAccount;
  const place = (bucketName: string, id = "all") => ({
    bucketName: "inventories",
    key: `listings/${bucketName}/${id}/2026-11-20T01-00Z/manifest.json`,
  });

  beforeEach(() => {
    s3.reset();
    s3.on(HeadBucketCommand).resolves({ BucketRegion: "eu-central-1" });
    s3.on(GetBucketInventoryConfigurationCommand).callsFake(({ Id }: { Id: string }) => ({
      InventoryConfiguration: configuration(Id, Id === "all" ? {} : { Filter: { Prefix: `${Id}/` } }),
    }));
    s3.on(GetObjectCommand).callsFake(async ({ Key }: { Key: string }, client: () => S3Client) => {
      const isOther = (await client().config.region()) === "us-west-2";
      if (Key.includes("/others/") && !isOther)
        throw Object.assign(new Error("no"), { name: "AccessDenied" });
      const manifest = {
        sourceBucket: Key.split("/")[1],
        destinationBucket: "arn:aws:s3:::inventories",
        creationTimestamp: "1795136400000",
        fileFormat: "CSV",
        fileSchema: "Bucket, Key, VersionId, IsDeleteMarker",
        files: [{ key: "data/a.csv.gz" }],
      };
      return { Body: sdkStreamMixin(Readable.from([Buffer.from(JSON.stringify(manifest))])) };
    });
  });

  const locate = (id = "all", prefix = "") =>
    locateInventories(
      {
        source: BUCKET,
        destinations: [
          { ...BUCKET, name: "copies" },
          { ...BUCKET, name: "others", account: other },
        ],
        named: { source: place("documents", id), destinations: [place("copies"), place("others")] },
      },
      { prefix, signal },
    );

  it("is read by whichever account may, and so are its files", async () => {
    const located = await locate();
    assert.deepEqual(
      located.map(({ bucket, account }) => [bucket.name, account]),
      [
        ["documents", ACCOUNT],
        ["copies", ACCOUNT],
        ["others", other],
      ],
    );
  });

  it("is refused where its configuration leaves out what is asked about, and taken at its word where nobody may ask", async () => {
    await assert.rejects(
      locate("logs"),
      /must list all keys that are asked about, got one of 'logs', which lists keys of documents that begin with 'logs\/' only; --prefix asks/,
    );
    assert.deepEqual(
      (await locate("logs", "logs/2026/")).map(({ note }) => note),
      [undefined, undefined, undefined],
    );
    s3.on(GetBucketInventoryConfigurationCommand).rejects(
      Object.assign(new Error("no"), { name: "AccessDenied" }),
    );
    const [source] = await locate("logs");
    assert.match(source!.note!, /is taken to list every version of documents$/);
  });
});

describe("files of an inventory in a bucket", () => {
  const content = "id,1\n";
  const md5 = createHash("md5").update(content).digest("hex");
  let into: string;

  beforeEach(() => {
    into = mkdtempSync(join(tmpdir(), "files-"));
    s3.reset();
    s3.on(HeadBucketCommand).resolves({ BucketRegion: "eu-central-1" });
    s3.on(GetObjectCommand).callsFake(() => ({
      Body: sdkStreamMixin(Readable.from([Buffer.from(content)])),
    }));
  });
  afterEach(() => rmSync(into, { recursive: true, force: true }));

  const manifest = (...files: InventoryManifest["files"]): InventoryManifest => ({
    place: "s3://inventories/manifest.json",
    sourceBucket: "documents",
    filesBucket: "inventories",
    listedAt: 1,
    format: "CSV",
    columns: ["Key"],
    files,
  });
  const fetching = async (of: InventoryManifest) => {
    const fetched = await fetchFiles({
      account: ACCOUNT,
      place: { bucketName: "inventories", key: "manifest.json" },
      manifest: of,
      into,
      name: "list-0",
      signal,
      onFile: () => undefined,
    });
    await fetched.checked;
    return fetched;
  };

  it("get names of the run's own, whatever they are called there", async () => {
    const { paths } = await fetching(manifest({ key: "../../../etc/passwd", md5 }));
    assert.deepEqual(paths, [join(into, "list-0-0.csv.gz")]);
    assert.equal(readFileSync(paths[0]!, "utf8"), content);
    assert.ok(!existsSync(join(into, "etc")));
  });

  it("are refused with every one that is wrong or missing", async () => {
    s3.on(GetObjectCommand, { Bucket: "inventories", Key: "gone" }).rejects(
      Object.assign(new Error("no"), { name: "NoSuchKey" }),
    );
    await assert.rejects(
      fetching(
        manifest({ key: "changed", md5: "0".repeat(32) }, { key: "gone", md5 }, { key: "right", md5 }),
      ),
      (error: Error) => {
        assert.match(error.message, /'changed' must have the MD5 checksum 0{32} of the manifest, got \w{32}/);
        assert.match(error.message, /'gone' must be in bucket 'inventories', and is not there/);
        assert.ok(!error.message.includes("'right'"));
        return true;
      },
    );
  });

  it("that are archived miss no permission, though S3 refuses them by 403 too", async () => {
    const refusal = (name: string, message: string) =>
      Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 403 } });
    s3.on(GetObjectCommand, { Bucket: "inventories", Key: "archived" }).rejects(
      refusal("InvalidObjectState", "the object is in GLACIER"),
    );
    s3.on(GetObjectCommand, { Bucket: "inventories", Key: "secret" }).rejects(refusal("AccessDenied", "no"));
    await assert.rejects(
      fetching(manifest({ key: "archived", md5 }, { key: "secret", md5 })),
      (error: Error) => {
        assert.match(
          error.message,
          /'archived' must be readable: InvalidObjectState: the object is in GLACIER$/m,
        );
        assert.match(error.message, /'secret' must be readable: \S+ needs s3:GetObject/);
        return true;
      },
    );
  });

  it("are not begun where the disk has no room for them", async () => {
    await assert.rejects(
      fetching(manifest({ key: "large", md5, size: 1e18 })),
      /needs 1000000000\.0 GB of disk, and .* left; --spill-directory names another place/,
    );
  });
});
