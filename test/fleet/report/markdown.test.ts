import { match } from "node:assert/strict";
import { renderFleetMarkdown } from "../../../src/fleet/report/markdown";
import { FLEET } from "../../docs/support/samples";

describe("the comment about a fleet", () => {
  it("counts its pairs, one of them in the singular", () => {
    match(renderFleetMarkdown(FLEET, [], []), /^## ❌ S3 replication of 4 pairs: broken\n/);
    const one = { ...FLEET, pairs: FLEET.pairs.slice(0, 1) };
    match(renderFleetMarkdown(one, [], []), /^## ❌ S3 replication of 1 pair: broken\n/);
  });
});
