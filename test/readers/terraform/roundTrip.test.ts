/** Our own stacks, written as Terraform's plans and states: the same verdict and outcomes, object by object. */
import { deepStrictEqual, ok } from "node:assert";
import { describe, it } from "mocha";
import { accountsOf, planOf, resourcesOf, stateOf } from "../../../bench/src/programs/terraformPlan";
import { brokenExample, exampleOf, EXAMPLES, told } from "../roundTrips";

import { snapshotOf } from "./support";

for (const [kind, write] of [
  ["plan", planOf],
  ["pulled state", stateOf],
] as const) {
  describe(`an example of ours, written as a ${kind} of Terraform`, () => {
    for (const example of EXAMPLES) {
      it(`gives the same verdict and the same outcomes: ${example}`, async () => {
        const snapshot = await exampleOf(example);
        const resources = resourcesOf(snapshot);
        const expected = told(snapshot);
        deepStrictEqual(told(snapshotOf([write(resources)], accountsOf(resources))), expected);
        ok(expected.objects.length > 1 && expected.verdict === "proven");
      });
    }

    it("gives the same verdict and the same outcomes where the key policy lets nobody in", async () => {
      const snapshot = await brokenExample();
      const resources = resourcesOf(snapshot);
      const expected = told(snapshot);
      deepStrictEqual(told(snapshotOf([write(resources)], accountsOf(resources))), expected);
      deepStrictEqual(expected.verdict, "broken");
    });
  });
}
