// Starts the pack: as it is written in TypeScript, or as it was built where only that is.
"use strict";
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const written = join(__dirname, "pack.ts");
if (existsSync(written)) {
  compileAsWritten();
  require(written);
} else require("./pack.js");

/** Pulumi's own compiler for packs checks the types of everything that is imported, in every preview. */
function compileAsWritten() {
  const { transpileModule } = require("typescript");
  const { compilerOptions } = require("./tsconfig.json");
  require.extensions[".ts"] = (module, fileName) => {
    const { outputText } = transpileModule(readFileSync(fileName, "utf8"), { compilerOptions, fileName });
    module._compile(outputText, fileName);
  };
}
