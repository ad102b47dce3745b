/** Lists of versions for S3 Batch Operations. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { fileName, manifestLine, readManifestPlace } from "../../src/reconcile/manifest";

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

  it("is refused where something stands, or where nothing can", () => {
    const directory = mkdtempSync(join(tmpdir(), "reconcile-"));
    try {
      writeFileSync(join(directory, "missing.gone.csv"), "");
      assert.throws(() => readManifestPlace(join(directory, "missing.csv")), /must be of new files/);
      assert.throws(
        () => readManifestPlace(join(directory, "none", "missing.csv")),
        /must be in a directory/,
      );
      for (const wrong of ["s3://Desk/a", "s3://acme-desk", "s3://acme-desk/", "s3://acme-desk/a#b"]) {
        assert.throws(() => readManifestPlace(wrong), /must be a file, or 's3:/);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
