/** Lists of versions for S3 Batch Operations. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import fc from "fast-check";
import type { AwsAccount } from "../../src/aws/account";
import {
  assertPlace,
  fileName,
  manifestLine,
  readManifestPlace,
  writeManifests,
} from "../../src/reconcile/manifest";

describe("reconcile: a line of a list", () => {
  it("holds the URL-encoded key, from which the key can be read again", () => {
    assert.equal(manifestLine("data", 'a/b c,"d"\n+é', "v1"), "data,a/b%20c%2C%22d%22%0A%2B%C3%A9,v1\n");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (key) => {
        const line = manifestLine("data", key, "v1");
        const [, encoded = "", versionId] = line.trimEnd().split(",");
        assert.deepEqual([line.split("\n").length, line.split(",").length, versionId], [2, 3, "v1"]);
        assert.equal(decodeURIComponent(encoded), key);
      }),
    );
  });

  it("cannot be ended by a version id of an untrusted listing", () => {
    assert.equal(manifestLine("data", "a", 'v",\nother'), "data,a,v%22%2C%0Aother\n");
    for (const formula of ["=1+1", "+1", "@SUM(1)", "\t=1"])
      assert.match(manifestLine("data", "a", formula), /^data,a,%[\dA-F]{2}[^=+@\t]*\n$/);
    assert.equal(manifestLine("data", "a", "Qb7.hD_2nZ-0"), "data,a,Qb7.hD_2nZ-0\n");
  });
});

describe("reconcile: where lists go", () => {
  it("is beside the file or the key that was named, by cause and part", () => {
    assert.equal(fileName("missing.csv", "failed", 1), "missing.failed.csv");
    assert.equal(fileName("lists/missing", "never-tried", 3), "lists/missing.never-tried.3.csv");
    assert.deepEqual(readManifestPlace("s3://acme-desk/lists/missing.csv"), {
      bucketName: "acme-desk",
      keyStart: "lists/missing.csv",
    });
  });

  it("is refused in a bucket where a list of an earlier run stands, at once or in the end", async () => {
    const s3 = mockClient(S3Client);
    s3.on(HeadBucketCommand).resolves({ BucketRegion: "eu-central-1" });
    s3.on(HeadObjectCommand).rejects(Object.assign(new Error("no"), { name: "AccessDenied" }));
    s3.on(PutObjectCommand).rejects(
      Object.assign(new Error("no"), { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } }),
    );
    const account = {
      callerArn: "arn:aws:iam::111111111111:user/anna",
      s3: () => Promise.resolve(new S3Client({ region: "eu-central-1" })),
    } as unknown as AwsAccount;
    const place = { bucketName: "acme-desk", keyStart: "missing.csv" };
    const { signal } = new AbortController();
    await assertPlace(account, place, signal);
    const decisions = [{ outcomes: [{ cause: "failed" }] }] as unknown as Parameters<
      typeof writeManifests
    >[2];
    // eslint-disable-next-line @typescript-eslint/require-await -- a list is read as it comes
    const missed = async function* () {
      yield { destination: 0, outcome: 0, key: "a", versionId: "v1" };
    };
    const source = { name: "data", account } as unknown as Parameters<typeof writeManifests>[1];
    const message = /s3:\/\/acme-desk\/missing\.failed\.csv stands already, and is left as it is/;
    await assert.rejects(writeManifests(place, source, decisions, missed()), message);
    assert.equal(s3.commandCalls(PutObjectCommand)[0]?.args[0].input.IfNoneMatch, "*");
    s3.on(HeadObjectCommand, { Bucket: "acme-desk", Key: "missing.failed.csv" }).resolves({});
    await assert.rejects(assertPlace(account, place, signal), message);
  });

  it("is refused where something stands, or where nothing can", () => {
    const directory = mkdtempSync(join(tmpdir(), "reconcile-"));
    try {
      writeFileSync(join(directory, "missing.gone.csv"), "");
      assert.throws(() => readManifestPlace(join(directory, "missing.csv")), /must be of new files/);
      assert.throws(
        () => readManifestPlace(join(directory, "none", "missing.csv")),
        /must be a file that can be written, in a directory that is there/,
      );
      for (const wrong of ["s3://Desk/a", "s3://acme-desk", "s3://acme-desk/", "s3://acme-desk/a#b"]) {
        assert.throws(() => readManifestPlace(wrong), /must be a file, or 's3:/);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
