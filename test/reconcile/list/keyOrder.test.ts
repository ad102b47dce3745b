/** The order of keys, and keys between two. */
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { between, compareKeys } from "../../../src/reconcile/list/keyOrder";

const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("a", "/", "0", "é", "￿", "😀", "\u{10ffff}", "\ue000"), maxLength: 5 }),
);

describe("reconcile: keys", () => {
  it("are in the order of their UTF-8, as S3 lists them", () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        const bytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
        assert.equal(Math.sign(compareKeys(one, other)), bytes);
      }),
      { numRuns: 5000 },
    );
  });

  it("have a text between them that S3 would list between them, where one is found", () => {
    let found = 0;
    fc.assert(
      fc.property(key, fc.option(key, { nil: undefined }), (one, other) => {
        const middle = between(one, other);
        if (middle === undefined) return;
        found += 1;
        assert.ok(compareKeys(one, middle) < 0);
        assert.ok(other === undefined || compareKeys(middle, other) < 0);
        assert.equal(Buffer.from(middle).toString(), middle);
      }),
      { numRuns: 3000 },
    );
    assert.ok(found > 1000);
  });

  it("of digits are halved in a few steps, so that a listing can be shared", () => {
    let [low, high] = ["data/000", "data/999"];
    for (let step = 0; step < 6; step += 1) {
      const middle: string | undefined = between(low, high);
      assert.ok(middle !== undefined);
      if (middle > "data/5") high = middle;
      else low = middle;
    }
    assert.ok(low >= "data/4" && high <= "data/6", `${low} ${high}`);
  });
});
