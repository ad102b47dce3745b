/** Loaded before the tests of the engine. Without an engine there is nothing to test. */
import { pulumiVersion } from "./support/pulumi";
import { removeWorkspaces } from "./support/workspace";

if (pulumiVersion() === undefined) {
  console.log("The tests of the engine were skipped: there is no 'pulumi' on PATH.");
  process.exit(0);
}

export const mochaHooks = {
  afterAll() {
    removeWorkspaces();
  },
};
