// What `npm start` runs: `s3-replication rehearse`, as compiled into bin/, which is made anew where it is not of these sources.
"use strict";
const { buildIfNeeded } = require("./build");

/** Exit code of the command line where there is no verdict. */
const NO_VERDICT = 2;

try {
  buildIfNeeded(() => console.error("bin/ was not built from the sources as they are now: building it"));
} catch (error) {
  console.error(error.message);
  process.exit(NO_VERDICT);
}
process.argv.splice(2, 0, "rehearse");
require("../bin/cli/main.js");
