/** Names of rules in the pack's configuration. */
import assert from "node:assert/strict";
import { unknownRule } from "../../policypack/ruleNames";
import { Engine } from "./support/engine";

describe("the configuration of the policy pack", () => {
  it("may name rules, and all of them", () => {
    assert.equal(unknownRule(["sse-c-blocked", "all"], ["sse-c-blocked"]), undefined);
  });

  it("stops the pack where it names no rule, with the nearest one", async () => {
    const engine = await Engine.start();
    try {
      await engine.configure({ all: { level: "advisory" }, "sse-c-blocked": {} });
      await assert.rejects(engine.configure({ "sse-c-blokked": {} }), {
        details:
          "'sse-c-blokked' is no rule of the policy pack 's3-replication': did you mean 'sse-c-blocked'? 'all' stands for every rule",
      });
    } finally {
      await engine.stop();
    }
  });
});
