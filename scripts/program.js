// What Pulumi runs: the program of src/program, as compiled into bin/. Pulumi would compile it anew for every run.
// A build that is not of these sources never runs: it is made anew, or the run stops with a sentence.
"use strict";
const { RunError } = require("@pulumi/pulumi");
const { buildIfNeeded } = require("./build");

try {
  buildIfNeeded(() => console.log("The program was not yet built from src/ as it is now: building it"));
} catch (error) {
  throw new RunError(error.message);
}
module.exports = require("../bin/program/program.js");
