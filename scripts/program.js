// What Pulumi runs: the program of src/program, as compiled into bin/. Pulumi would compile it anew for every run.
// A build that is not of these sources never runs: it is made anew, or the run stops with a sentence.
"use strict";
const { RunError } = require("@pulumi/pulumi");
const { buildIfNeeded } = require("./build");

try {
  buildIfNeeded(() => console.log("bin/ was not built from the sources as they are now: building it"));
} catch (error) {
  throw new RunError(error.message);
}
try {
  module.exports = require("../bin/program/program.js");
} catch (error) {
  const [missing] = /(?<=Cannot find module ')[^']+/.exec(error.message) ?? [];
  throw missing === undefined ? error : new RunError(`'${missing}' is not installed: run 'npm ci'`);
}
