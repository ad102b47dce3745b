import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import { DescribeJobCommand } from "@aws-sdk/client-s3-control";
import { awsError, denied, job, JOB, mockAws, type MockedAws, run } from "./support";

const SCHEMA = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage";
const Report = {
  Enabled: true,
  Bucket: "arn:aws:s3:::acme-desk",
  Prefix: "backfill",
  Format: "Report_CSV_20180820" as const,
};
const FOLDER = `backfill/job-${JOB}`;

describe("the summary of failures, with the SDK mocked,", () => {
  let aws: MockedAws;
  beforeEach(() => {
    aws = mockAws();
    aws.control.on(DescribeJobCommand).resolves({
      Job: job("Complete", {
        Report,
        ProgressSummary: { TotalNumberOfTasks: 10, NumberOfTasksSucceeded: 7, NumberOfTasksFailed: 3 },
      }),
    });
  });
  afterEach(() => aws.restore());

  function put(key: string, content: string | Iterable<string>): void {
    const chunks = typeof content === "string" ? [content] : content;
    aws.s3
      .on(GetObjectCommand, { Bucket: "acme-desk", Key: key })
      .callsFake(() => ({ Body: Readable.from(toBuffers(chunks)) }));
  }

  function* toBuffers(chunks: Iterable<string>): Iterable<Buffer> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }

  /** A report whose failures are in files of these contents. */
  function putReport(...files: (string | Iterable<string>)[]): void {
    const Results = files.map((_, index) => ({
      TaskExecutionStatus: "failed",
      Bucket: "acme-desk",
      MD5Checksum: "83b1c4cbe93fc893f54053697e10fd6e",
      Key: `${FOLDER}/results/${index}.csv`,
    }));
    const succeeded = { ...Results[0], TaskExecutionStatus: "succeeded", Key: "not-to-be-read.csv" };
    const manifest = {
      Format: "Report_CSV_20180820",
      ReportCreationDate: "2026-11-21T09:00:00.000Z",
      Results: [succeeded, ...Results],
      ReportSchema: SCHEMA,
    };
    put(`${FOLDER}/manifest.json`, JSON.stringify(manifest));
    files.forEach((content, index) => put(`${FOLDER}/results/${index}.csv`, content));
  }

  const causes = async () => (await run()).failures.map(({ cause, count }) => [cause, count]);

  describe("a completion report", () => {
    it("is counted by cause, the most frequent first, with what to do and an object", async () => {
      putReport(
        'acme-data,documents/a,v1,failed,DstPutObjectNotPermitted,403,"Access denied, says S3"\n' +
          "acme-data,documents/b,v2,failed,SrcObjectNotEligible,400,\n",
        "acme-data,documents/c,v3,failed,DstPutObjectNotPermitted,403,\n",
      );
      const { outcome, failures, notes } = await run();
      strictEqual(outcome, "failed");
      ok(!notes.join().includes("could not be read"), "the file of the objects that succeeded was read");
      deepStrictEqual(
        failures.map(({ cause, count, example }) => [cause, count, example]),
        [
          [
            "DstPutObjectNotPermitted",
            2,
            { key: "documents/a", versionId: "v1", message: "Access denied, says S3" },
          ],
          ["SrcObjectNotEligible", 1, { key: "documents/b", versionId: "v2", message: "" }],
        ],
      );
      match(failures[0]?.explanation ?? "", /'s3-replication doctor' names the missing statement/);
    });

    it("is understood with code and status the other way round, and with the reason in the message alone", async () => {
      putReport(
        "acme-data,a,,failed,403,DstPutObjectNotPermitted,\n" +
          'acme-data,b,,failed,200,PermanentFailure,"reason: SrcKmsKeyInvalidState"\n' +
          "acme-data,c,,failed,500,InternalError,something\n" +
          "acme-data,d,,failed,,,gone\n" +
          "acme-data,e,,failed,,,\n",
      );
      deepStrictEqual(await causes(), [
        ["DstPutObjectNotPermitted", 1],
        ["SrcKmsKeyInvalidState", 1],
        ["InternalError", 1],
        ["gone", 1],
        ["no cause given", 1],
      ]);
    });

    it("is read as it comes: a hundred thousand failures, cut anywhere", async () => {
      function* lines() {
        for (let n = 0; n < 100_000; n += 1) {
          yield `acme-data,documents/${n},v,failed,`;
          yield `${n % 4 === 0 ? "SrcGetObjectNotPermitted" : "DstBucketUnversioned"},403,"a ""word"", a comma"\r\n`;
        }
      }
      putReport(lines());
      deepStrictEqual(await causes(), [
        ["DstBucketUnversioned", 75_000],
        ["SrcGetObjectNotPermitted", 25_000],
      ]);
    });

    it("with countless causes is told in a few", async () => {
      putReport(Array.from({ length: 1000 }, (_, n) => `acme-data,k,v,failed,Error${n},400,\n`).join(""));
      const { failures } = await run();
      strictEqual(failures.length, 51);
      deepStrictEqual([failures[0]?.cause, failures[0]?.count], ["other causes", 950]);
    });

    it("is told to be unreadable where it is, and the objects failed all the same", async () => {
      const cases: [string, () => unknown, RegExp][] = [
        [
          "no manifest",
          () => aws.s3.on(GetObjectCommand).rejects(awsError("NoSuchKey", 404)),
          /there is no completion report at s3:\/\/acme-desk\/backfill\/job-1.*\/manifest\.json/,
        ],
        [
          "no permission",
          () => aws.s3.on(GetObjectCommand).rejects(denied()),
          /could not be read: AccessDenied: told by a test; reading it takes s3:GetObject/,
        ],
        ["no JSON", () => put(`${FOLDER}/manifest.json`, "<html>"), /could not be read: it is no report/],
        ["another JSON", () => put(`${FOLDER}/manifest.json`, "[]"), /could not be read: it is no report/],
        [
          "a record without end",
          () => putReport(`"${"x".repeat(3 << 20)}`),
          /0\.csv could not be read: .*exceeds the maximum size/,
        ],
        [
          "a bucket that is gone",
          () => aws.s3.on(HeadBucketCommand, { Bucket: "acme-desk" }).rejects(awsError("NotFound", 404)),
          /there is no bucket 'acme-desk'/,
        ],
      ];
      for (const [what, arrange, expected] of cases) {
        aws.s3.on(HeadBucketCommand).resolves({ BucketRegion: "us-east-1" });
        arrange();
        const { outcome, failures, notes } = await run();
        deepStrictEqual([outcome, failures], ["failed", []], what);
        ok(
          notes.some((note) => expected.test(note)),
          `${what}: ${notes.join("; ")}`,
        );
      }
    });

    it("that cannot be read in one part is told of the others", async () => {
      putReport("acme-data,a,,failed,SrcKeyNotFound,404,\n", "");
      aws.s3.on(GetObjectCommand, { Bucket: "acme-desk", Key: `${FOLDER}/results/1.csv` }).rejects(denied());
      const { failures, notes } = await run();
      deepStrictEqual(
        failures.map(({ cause }) => cause),
        ["SrcKeyNotFound"],
      );
      ok(notes.some((note) => note.includes("results/1.csv could not be read")));
    });

    it("is missed where the job has none", async () => {
      aws.control.on(DescribeJobCommand).resolves({
        Job: job("Complete", { ProgressSummary: { TotalNumberOfTasks: 1, NumberOfTasksFailed: 1 } }),
      });
      const { outcome, notes } = await run();
      strictEqual(outcome, "failed");
      match(notes.join(), /the job has no completion report/);
    });
  });
});
