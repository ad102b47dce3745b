import { deepStrictEqual, notStrictEqual, strictEqual, throws } from "node:assert";
import { type BackfillOptions, readOptions } from "../../src/backfill/options";
import { jobRequest } from "../../src/backfill/request";
import { InvalidInputError } from "../../src/input/problems";
import { ACCOUNT, BATCH_ROLE, BUCKET } from "./support";

const SOURCE = { bucketName: BUCKET, region: "us-east-1", accountId: ACCOUNT, partition: "aws" };
const request = (options: BackfillOptions, source = SOURCE) =>
  jobRequest(source, readOptions(options), options.roleArn ?? BATCH_ROLE);

describe("the request of a job", () => {
  it("is for objects that were there before the rules or failed, unless others are asked for", () => {
    const { ClientRequestToken: token = "", ...content } = request({ report: "s3://acme-desk/backfill/" });
    strictEqual(/^[0-9a-f]{32}$/.test(token), true);
    deepStrictEqual(content, {
      AccountId: ACCOUNT,
      Operation: { S3ReplicateObject: {} },
      ConfirmationRequired: false,
      Priority: 10,
      RoleArn: BATCH_ROLE,
      Report: {
        Enabled: true,
        Bucket: "arn:aws:s3:::acme-desk",
        Prefix: "backfill",
        Format: "Report_CSV_20180820",
        ReportScope: "FailedTasksOnly",
      },
      ManifestGenerator: {
        S3JobManifestGenerator: {
          ExpectedBucketOwner: ACCOUNT,
          SourceBucket: "arn:aws:s3:::acme-data",
          EnableManifestOutput: false,
          Filter: { EligibleForReplication: true, ObjectReplicationStatuses: ["NONE", "FAILED"] },
        },
      },
      Description: `s3-replication backfill of acme-data [${token}]`,
    });
  });

  it("chooses objects as it is asked", () => {
    const options = {
      createdAfter: "2026-01-01",
      createdBefore: "2026-02-01T10:00:00+01:00",
      status: ["COMPLETED", "NONE"],
      prefix: "documents/",
    };
    deepStrictEqual(request(options).ManifestGenerator?.S3JobManifestGenerator?.Filter, {
      EligibleForReplication: true,
      ObjectReplicationStatuses: ["NONE", "COMPLETED"],
      CreatedAfter: new Date("2026-01-01T00:00:00Z"),
      CreatedBefore: new Date("2026-02-01T09:00:00Z"),
      KeyNameConstraint: { MatchAnyPrefix: ["documents/"] },
    });
  });

  it("takes a list of versions, or an inventory, for the objects", () => {
    const manifest = (uri: string) => request({ manifest: uri });
    const list = manifest("s3://acme-desk/lists/one.csv#abc");
    strictEqual(list.ManifestGenerator, undefined);
    deepStrictEqual(list.Manifest, {
      Spec: { Format: "S3BatchOperations_CSV_20180820", Fields: ["Bucket", "Key", "VersionId"] },
      Location: { ObjectArn: "arn:aws:s3:::acme-desk/lists/one.csv", ETag: "abc" },
    });
    deepStrictEqual(manifest('s3://acme-desk/inventory/manifest.json#"abc"').Manifest, {
      Spec: { Format: "S3InventoryReport_CSV_20161130" },
      Location: { ObjectArn: "arn:aws:s3:::acme-desk/inventory/manifest.json", ETag: "abc" },
    });
  });

  it("has the ARNs of its partition", () => {
    const { Report } = request({ report: "s3://desk" }, { ...SOURCE, partition: "aws-cn" });
    strictEqual(Report?.Bucket, "arn:aws-cn:s3:::desk");
  });
});

describe("the token of a job", () => {
  const token = (options: BackfillOptions, source = SOURCE) => request(options, source).ClientRequestToken;

  it("is the same for the same request, however it is typed", () => {
    strictEqual(token({}), token({}));
    strictEqual(token({ status: ["FAILED", "NONE"] }), token({}));
    strictEqual(token({ createdAfter: "2026-01-01T00:00:00Z" }), token({ createdAfter: "2026-01-01" }));
    strictEqual(token({ report: "s3://acme-desk/a/" }), token({ report: "s3://acme-desk/a" }));
  });

  const others: BackfillOptions[] = [
    { createdAfter: "2026-01-01" },
    { createdBefore: "2026-01-01" },
    { status: ["FAILED"] },
    { prefix: "documents/" },
    { priority: "11" },
    { report: "s3://acme-desk/backfill" },
    { roleArn: `arn:aws:iam::${ACCOUNT}:role/other` },
    { manifest: "s3://acme-desk/list.csv#abc" },
    { token: "2026-11-21" },
  ];
  for (const options of others) {
    it(`is another one with ${JSON.stringify(options)}`, () => {
      notStrictEqual(token(options), token({}));
    });
  }

  it("is another one for another bucket, also where a manifest lists the objects", () => {
    const manifest = "s3://acme-desk/list.csv#abc";
    notStrictEqual(token({ manifest }, { ...SOURCE, bucketName: "other" }), token({ manifest }));
  });
});

const TIME = "must be a day such as 2026-11-21 (from midnight UTC) or a time such as 2026-11-21T08:00:00Z";
const MANIFEST =
  "must be 's3://<bucket>/<key>', or with '#<ETag>' behind it (what 'aws s3api head-object' prints)";

describe("an option that is wrong", () => {
  const mistakes: [BackfillOptions, string][] = [
    [{ createdAfter: "yesterday" }, `'--created-after' ${TIME}, got 'yesterday'`],
    [{ createdBefore: "2026-13-01" }, `'--created-before' ${TIME}, got '2026-13-01'`],
    // Nobody knows whose ten o'clock.
    [{ createdAfter: "2026-11-21T10:00" }, `'--created-after' ${TIME}, got '2026-11-21T10:00'`],
    [
      { createdAfter: "2026-02-01", createdBefore: "2026-01-01" },
      "'--created-before' must be later than --created-after, got '2026-01-01' and '2026-02-01'",
    ],
    [{ status: ["PENDING"] }, "'--status' must be one of NONE, FAILED, COMPLETED, REPLICA, got 'PENDING'"],
    [{ prefix: "" }, "'--prefix' must not be empty; leave it out for all keys"],
    [{ priority: "high" }, "'--priority' must be a whole number from 0 to 2147483647, got 'high'"],
    [
      { priority: "2147483648" },
      "'--priority' must be a whole number from 0 to 2147483647, got '2147483648'",
    ],
    [
      { report: "acme-desk/backfill" },
      "'--report' must be 's3://<bucket>/<prefix>', got 'acme-desk/backfill'",
    ],
    [{ report: "s3://Desk" }, "'--report' must be 's3://<bucket>/<prefix>', got 's3://Desk'"],
    [{ manifest: "s3://acme-desk" }, `'--manifest' ${MANIFEST}, got 's3://acme-desk'`],
    [
      { manifest: "s3://acme-desk/list.csv#abc", prefix: "a" },
      "'--prefix' must be left out with --manifest, which lists the objects itself",
    ],
    [
      { roleArn: "batch" },
      "'--role-arn' must be the ARN of a role, 'arn:aws:iam::<account>:role/<name>', got 'batch'",
    ],
    [
      { job: "x", createdAfter: "2026-01-01" },
      "'--created-after' must be left out with --job, which follows a job as it was made",
    ],
    [
      { job: "x", dryRun: true },
      "'--dry-run' must be left out with --job, which follows a job as it was made",
    ],
  ];
  for (const [options, problem] of mistakes) {
    it(`is told: ${JSON.stringify(options)}`, () => {
      throws(
        () => readOptions(options),
        (error) => error instanceof InvalidInputError && error.problems.join() === problem,
      );
    });
  }

  it("is told together with all others", () => {
    throws(
      () => readOptions({ status: ["x"], priority: "y", report: "z" }),
      (error) => error instanceof InvalidInputError && error.problems.length === 3,
    );
  });
});
