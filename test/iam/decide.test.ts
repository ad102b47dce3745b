import * as assert from "node:assert/strict";
import { decide } from "../../src/iam";
import { readCases } from "./caseFile";

describe("IAM decisions", () => {
  const cases = readCases();
  for (const file of new Set(cases.map((each) => each.file))) {
    describe(file.replace(/\.json$/, ""), () => {
      for (const { name, page, source, request, policies } of cases.filter((each) => each.file === file)) {
        it(name, () => {
          const decision = decide(request, policies);
          const shown = `${page}\n${JSON.stringify(decision, null, 2)}`;
          assert.equal(decision.verdict, source.expect, shown);
          if (source.keys !== undefined || decision.verdict !== "unproven") {
            assert.deepEqual([...decision.decidingKeys].sort(), [...(source.keys ?? [])].sort(), shown);
          }
          if (source.obstacles !== undefined || decision.verdict === "allowed") {
            const obstacles = decision.obstacles.map(({ layer, kind }) => `${layer} ${kind}`);
            assert.deepEqual(obstacles, source.obstacles ?? [], shown);
          }
          if (source.obstacleKeys !== undefined) {
            assert.deepEqual(decision.obstacles[0]?.keys, source.obstacleKeys, shown);
          }
          if (source.decidedBy !== undefined) {
            const sids = decision.decidedBy.map(({ sid }) => sid);
            assert.deepEqual(sids, source.decidedBy, shown);
          }
        });
      }
    });
  }

  it("have a name of their own, a page of AWS and an expectation", () => {
    for (const { file, name, page, source } of cases) {
      assert.match(page, /^https:\/\/docs\.aws\.amazon\.com\//, `${file}: ${name}`);
      assert.match(source.expect ?? "", /^(allowed|denied|unproven)$/, `${file}: ${name}`);
    }
    const names = cases.map(({ file, name }) => `${file}: ${name}`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(cases.length >= 250, `only ${cases.length} cases`);
  });
});
