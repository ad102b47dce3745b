/** A first deployment that is cut off, at every request. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { KEY } from "./provider/resourceTypes";
import type { AwsRequest } from "./provider/standIn";
import { accounted, assertHoldNoData, describeScenario, emptyStack, STACK, UP } from "./support/cutOff";
import {
  CUT_OFF,
  KILLED,
  LOST_ANSWER,
  recover,
  REPORTED_ERROR,
  runWithFault,
  thingsOutside,
} from "./support/faults";

describeScenario({
  title: "a first deployment of both accounts",
  command: UP,
  kinds: [REPORTED_ERROR, ...CUT_OFF],
  start: emptyStack,
});

describe("a first deployment that was cut off", () => {
  it("also recovers with a state whose attributes a killed engine left empty", async () => {
    const workspace = await emptyStack();
    await runWithFault(workspace, UP, KILLED, 5);
    writeFileSync(`${workspace.stateFile(STACK)}.attrs`, "");
    const steps = await recover(workspace, STACK, UP, KILLED);
    assert.ok(steps.includes("empty attributes of the state removed"));
    accounted(workspace);
  });

  it("makes a lost key a second time without the recovery: the first is an orphan, which no bucket uses and whose description names the bucket that it was for", async () => {
    const workspace = await emptyStack();
    const isKey = ({ kind, subject }: AwsRequest) =>
      kind === "create" && subject.includes("$aws:kms/key:Key::");
    await runWithFault(workspace, UP, LOST_ANSWER, isKey);
    await workspace.pulumi(UP);
    const orphans = thingsOutside(workspace, [STACK]).filter(({ type }) => type === KEY);
    assert.equal(orphans.length, 1);
    assertHoldNoData(workspace, orphans);
  });
});
