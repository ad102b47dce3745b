/** An update of what is deployed, and its removal, that are cut off at every request. */
import { AFTER, deployedStack, describeScenario, DESTROY, STACK, UP } from "./support/cutOff";
import { CUT_OFF, LOST_ANSWER, REPORTED_ERROR } from "./support/faults";

describeScenario({
  title: "an update of rules, grants and tags",
  command: UP,
  kinds: [REPORTED_ERROR, ...CUT_OFF],
  start: async () => {
    const workspace = await deployedStack();
    workspace.configure(STACK, AFTER);
    return workspace;
  },
});

describeScenario({
  title: "the removal of both accounts' resources",
  command: DESTROY,
  kinds: [REPORTED_ERROR, LOST_ANSWER],
  start: deployedStack,
});
