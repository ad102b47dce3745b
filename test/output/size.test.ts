/** Bytes and numbers as people read them. */
import { strict as assert } from "node:assert";
import { count, countWithMarkers } from "../../src/output/counts";
import { size } from "../../src/output/size";

describe("bytes for people", () => {
  it("are never a thousand of a unit", () => {
    assert.deepEqual([0, 999, 1_000, 999_949, 999_950, 999_999_999_999].map(size), [
      "0 B",
      "999 B",
      "1.0 kB",
      "999.9 kB",
      "1.0 MB",
      "1.0 TB",
    ]);
  });
});

describe("numbers of things for people", () => {
  it("are plural unless there is one", () => {
    assert.deepEqual(
      [0, 1, 1_234].map((n) => count(n, "version")),
      ["0 versions", "1 version", "1,234 versions"],
    );
    assert.deepEqual([1, 2].map(countWithMarkers), [
      "1 version or delete marker",
      "2 versions and delete markers",
    ]);
  });
});
