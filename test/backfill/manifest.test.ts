import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { CreateJobCommand, ListJobsCommand } from "@aws-sdk/client-s3-control";
import { awsError, BATCH_ROLE, denied, JOB, mockAws, type MockedAws, run } from "./support";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/5d9a1b2c-0000-4000-8000-000000000001";
const LIST = "s3://acme-desk/lists/one.csv#abc";
const INVENTORY = "s3://acme-desk/inventory/manifest.json#abc";

const UNDER_S3 = { ETag: '"abc"', ServerSideEncryption: "AES256" as const };
const UNDER_KMS = { ETag: '"abc"', ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: KEY };

describe("a manifest of the user's own, with the SDK mocked,", () => {
  let aws: MockedAws;
  beforeEach(() => (aws = mockAws()));
  afterEach(() => aws.restore());

  const created = () => aws.control.commandCalls(CreateJobCommand).length;
  const isThere = (head: Partial<HeadObjectCommandOutput>) => aws.s3.on(HeadObjectCommand).resolves(head);

  function inventory(content: string, manifest: Partial<HeadObjectCommandOutput>) {
    isThere(UNDER_KMS);
    aws.s3.on(HeadObjectCommand, { Key: "inventory/manifest.json" }).resolves(manifest);
    aws.s3
      .on(GetObjectCommand)
      .callsFake(() => ({ Body: { transformToString: () => Promise.resolve(content) } }));
  }
  const of = (sourceBucket: string) =>
    JSON.stringify({ sourceBucket, files: [{ key: "inventory/data/1.csv.gz" }] });

  async function refuses(manifest: string, message: RegExp) {
    await rejects(run({ yes: true, manifest }), { name: "InvalidInputError", message });
    strictEqual(created(), 0);
  }

  it("makes its job where S3 can read it", async () => {
    isThere(UNDER_S3);
    const { outcome, notes } = await run({ yes: true, manifest: LIST, report: "s3://acme-desk/reports" });
    deepStrictEqual([outcome, notes, created()], ["replicated", [], 1]);
  });

  it("is looked at once where no ETag was named, and the job is of the one that it has", async () => {
    isThere(UNDER_S3);
    const { notes } = await run({
      yes: true,
      manifest: "s3://acme-desk/lists/one.csv",
      report: "s3://acme-desk/reports",
    });
    strictEqual(aws.s3.commandCalls(HeadObjectCommand, { Key: "lists/one.csv" }).length, 1);
    const [job] = aws.control.commandCalls(CreateJobCommand);
    deepStrictEqual([notes, job?.args[0].input.Manifest?.Location?.ETag], [[], "abc"]);
    isThere(UNDER_KMS);
    await rejects(
      run({ yes: true, manifest: "s3://acme-desk/lists/one.csv" }),
      /must not be encrypted under KMS/,
    );
  });

  it("is refused where it is a list under KMS, which S3 takes of inventories only", async () => {
    isThere(UNDER_KMS);
    await refuses(
      LIST,
      /must not be encrypted under KMS, .* got s3:\/\/acme-desk\/lists\/one\.csv, which is under arn:aws:kms:.*; copy it with '--sse AES256'/,
    );
  });

  it("is refused where it is another one by now, or none", async () => {
    isThere({ ...UNDER_S3, ETag: '"def"' });
    await refuses(
      LIST,
      /must name the ETag that s3:\/\/acme-desk\/lists\/one\.csv has now, 'def', got 'abc'/,
    );
    aws.s3.on(HeadObjectCommand).rejects(awsError("NotFound", 404));
    await refuses(LIST, /must be there, and there is no s3:\/\/acme-desk\/lists\/one\.csv/);
  });

  it("is refused where it is an inventory of another bucket, or none", async () => {
    inventory(of("other"), UNDER_S3);
    await refuses(INVENTORY, /must be an inventory of bucket 'acme-data', got .*, which is one of 'other'/);
    inventory("[", UNDER_S3);
    await refuses(INVENTORY, /which is one of nothing/);
  });

  it("is told about where it is an inventory under KMS, with the statement that the job's role needs", async () => {
    for (const manifest of [UNDER_S3, UNDER_KMS]) {
      inventory(of("acme-data"), manifest);
      const { notes } = await run({ yes: true, manifest: INVENTORY, report: "s3://acme-desk/reports" });
      strictEqual(notes.length, 1);
      const [, text = "", statement = "{}"] = /^(.*?): (\{.*)$/.exec(notes[0] ?? "") ?? [];
      match(text, new RegExp(`^the inventory is encrypted under ${KEY}`));
      deepStrictEqual(JSON.parse(statement), {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: KEY,
        Condition: {
          StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
          StringLike: {
            "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::acme-desk", "arn:aws:s3:::acme-desk/*"],
          },
        },
      });
      match(notes[0] ?? "", new RegExp(BATCH_ROLE));
    }
  });

  it("is told about where nobody may look at it", async () => {
    aws.s3.on(HeadObjectCommand).rejects(denied());
    const { notes } = await run({ yes: true, manifest: LIST });
    match(
      notes.join(),
      /the manifest s3:\/\/acme-desk\/lists\/one\.csv could not be looked at \(AccessDenied: told by a test\)/,
    );
    strictEqual(created(), 1);
  });

  it("is not looked at where its job is under way already", async () => {
    isThere(UNDER_S3);
    const { request } = await run({ dryRun: true, manifest: LIST });
    aws.control
      .on(ListJobsCommand)
      .resolves({ Jobs: [{ JobId: JOB, Description: request?.Description, Status: "Active" }] });
    aws.s3.on(HeadObjectCommand).rejects(awsError("NotFound", 404));
    strictEqual((await run({ yes: true, manifest: LIST })).outcome, "replicated");
  });
});
