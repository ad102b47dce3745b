import { strict as assert } from "node:assert";
import { numeral } from "../../src/output/counts";

describe("numbers in a sentence", () => {
  for (const [n, text] of [
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [12_345_678, "12,345,678"],
    [-1234, "-1,234"],
    [1234.5678, "1,235"],
  ] as const) {
    it(`says ${n} as ${text}, as a locale of English does`, () => {
      assert.equal(numeral(n), text);
      assert.equal(numeral(n), Math.round(n).toLocaleString("en"));
    });
  }
});
