/** Loaded before the tests of the engine. Without an engine there is nothing to test. */
import { cleanClone } from "./support/clone";
import { pulumiVersion } from "./support/pulumi";
import { removeWorkspaces } from "./support/workspace";

if (pulumiVersion() === undefined) {
  console.log("The tests of the engine were skipped: there is no 'pulumi' on PATH.");
  process.exit(0);
}

/** In the process that starts those which run the files. */
export function mochaGlobalSetup() {
  cleanClone();
}

export const mochaHooks = {
  afterAll() {
    removeWorkspaces();
  },
};
