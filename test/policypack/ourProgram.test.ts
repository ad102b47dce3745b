import assert from "node:assert/strict";
import { policies } from "../../policypack/policies";
import { Phase, bothStacks, destinationStack, sourceStack } from "./fixtures/ourProgram";
import { judge } from "./support/judge";

describe("the policy pack on the program of this repository", () => {
  const stacks = { source: sourceStack, destination: destinationStack, both: bothStacks };
  for (const [side, stack] of Object.entries(stacks)) {
    for (const phase of ["preview", "update"] satisfies Phase[]) {
      for (const rule of policies) {
        it(`finds nothing with '${rule.name}' on ${side} in the ${phase}`, () => {
          assert.deepEqual(judge(rule, stack(phase)).violations, []);
        });
      }
    }
  }

  it("judges everything in the update", () => {
    const open = policies.flatMap((rule) => judge(rule, bothStacks("update")).notYet);
    assert.deepEqual(open, []);
  });

  it("says in the first preview what waits for the update: what the policies with unknown keys hold", () => {
    const open = policies.filter((rule) => judge(rule, bothStacks("preview")).notYet.length > 0);
    assert.deepEqual(
      open.map(({ name }) => name),
      ["replication-role-least-privilege", "replication-role-kms-conditions"],
    );
  });
});
