// Builds bin/ from src/, and knows whether what is in bin/ was built from the sources as they are now.
// JavaScript, since this runs before anything is compiled.
"use strict";
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const BUILT = join(ROOT, "bin");
/** Holds the fingerprint of the sources that bin/ was built from. */
const FINGERPRINT = "sources.sha256";
/** What decides, beside the files in src/, what a build makes. */
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", join("scripts", "build.js")];

/**
 * A hash of the names and contents of the sources. Times of files say nothing after `git checkout` or a copy.
 *
 * @returns {string}
 */
function fingerprint() {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1));
  const hash = createHash("sha256");
  for (const file of [...SETTINGS, ...sources.sort()]) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** @returns {boolean} Whether bin/ was built from the sources as they are now. */
function isCurrent() {
  const file = join(BUILT, FINGERPRINT);
  return existsSync(file) && readFileSync(file, "utf8") === fingerprint();
}

/**
 * Makes bin/ anew. Whoever reads bin/ meanwhile finds the earlier build, and the new one only once it is whole.
 *
 * @throws {Error} One sentence, if TypeScript is not installed or refuses the sources. bin/ is then as it was.
 */
function build() {
  const before = fingerprint();
  const compiler = compilerPath();
  const made = join(ROOT, `bin.${process.pid}`);
  const args = [compiler, "-p", "tsconfig.build.json", "--outDir", made, "--pretty", "false"];
  const { status, stdout, error } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  try {
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`TypeScript refuses the program: ${stdout.trim()}`);
    writeFileSync(join(made, FINGERPRINT), before);
    replaceBuilt(made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function compilerPath() {
  try {
    return require.resolve("typescript/bin/tsc");
  } catch {
    throw new Error("bin/ must be built from src/, and TypeScript is not installed: run 'npm ci' first");
  }
}

/** Two builds at once make the same, so the one that comes later may win. */
function replaceBuilt(made) {
  const old = `${made}.old`;
  for (let attempt = 1; ; attempt++)
    try {
      if (existsSync(BUILT)) renameSync(BUILT, old);
      renameSync(made, BUILT);
      break;
    } catch (error) {
      if (attempt === 10) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
}

/**
 * Builds where bin/ is missing or was built from other sources.
 *
 * @param {() => void} onBuild Called before a build, which takes seconds.
 */
function buildIfNeeded(onBuild) {
  if (isCurrent()) return;
  onBuild();
  build();
}

module.exports = { build, buildIfNeeded };

if (require.main === module)
  try {
    build();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
