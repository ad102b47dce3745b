/** The line that says how far a long run is. */
import { strict as assert } from "node:assert";
import { paceLine } from "../../src/cli/pace";

describe("the progress of a long run", () => {
  it("is told in the singular for one", () => {
    assert.equal(paceLine(1, "versions", 20), "1 version, 20 a second");
    assert.equal(
      paceLine(1, "files of the inventories", 1, 1),
      "1 of about 1 file of the inventories, 1 a second, about 0s left",
    );
  });

  it("is told in the plural for all else", () => {
    assert.equal(paceLine(0, "versions", 0), "0 versions, 0 a second");
    assert.equal(paceLine(1, "versions", 20, 1201), "1 of about 1,201 versions, 20 a second, about 60s left");
    assert.equal(
      paceLine(1, "% of acme-copies compared", 0, 100),
      "1 of about 100 % of acme-copies compared, 0 a second",
    );
  });
});
