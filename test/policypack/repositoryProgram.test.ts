import assert from "node:assert/strict";
import { join } from "node:path";
import { policies } from "../../policypack/policies";
import { readStackFiles } from "../../src/readers/program/stackConfigurations";
import program from "../../src/program/program";
import { deployStacks } from "../support/program";
import { judge } from "./support/judge";
import { fromRegistrations } from "./support/registrations";

const repository = join(__dirname, "..", "..");

/** What the rules say of a program that was really run, by rule; rules with nothing to say are left out. */
function said(
  registrations: Parameters<typeof fromRegistrations>[0],
  what: "violations" | "notYet",
): Map<string, string[]> {
  const resources = fromRegistrations(registrations);
  const found = new Map<string, string[]>();
  for (const rule of policies) {
    const sentences = judge(rule, resources)[what];
    if (sentences.length > 0) found.set(rule.name, sentences);
  }
  return found;
}

describe("the policy pack on the registrations of the program of this repository", () => {
  for (const side of ["destination", "source"]) {
    it(`finds nothing in the ${side} stack`, async () => {
      const { registrations } = await deployStacks(program, readStackFiles(repository));
      const ofSide = registrations.filter(({ urn }) => urn.startsWith(`urn:pulumi:${side}::`));
      assert.ok(ofSide.length > 8);
      assert.deepEqual(said(ofSide, "violations"), new Map());
      assert.deepEqual(said(ofSide, "notYet"), new Map());
    });
  }

  it("finds nothing in a source stack with a role of Batch Replication jobs", async () => {
    const { registrations } = await deployStacks(
      program,
      readStackFiles(join(repository, "examples", "backfill")),
    );
    const ofSource = registrations.filter(({ urn }) => urn.startsWith("urn:pulumi:source::"));
    assert.ok(ofSource.some(({ name }) => name === "source-batch-role"));
    assert.deepEqual(said(ofSource, "violations"), new Map());
    assert.deepEqual(said(ofSource, "notYet"), new Map());
  });

  it("finds nothing in the first preview of both sides, and says what waits for the update", async () => {
    const { registrations } = await deployStacks(
      program,
      readStackFiles(join(repository, "examples", "one-stack")),
      { preview: true },
    );
    assert.ok(registrations.length > 20);
    assert.deepEqual(said(registrations, "violations"), new Map());
    assert.deepEqual(
      [...said(registrations, "notYet").keys()],
      [
        // The replica key is the destination's new key.
        "replication-kms-encryption",
        "replication-role-least-privilege",
        "replication-role-kms-conditions",
      ],
    );
  });
});
