// Builds bin/ from src/ and policypack/, and knows whether what is in bin/ was built from the sources as they are now.
// JavaScript, since this runs before anything is compiled.
"use strict";
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const BUILT = join(ROOT, "bin");
/** Holds the fingerprint of the sources that bin/ was built from. */
const FINGERPRINT = "sources.sha256";
/** What decides, beside the sources, what a build makes. */
const SETTINGS = ["tsconfig.json", "tsconfig.build.json", join("scripts", "build.js")];
const SOURCES = ["src", "policypack"];

/**
 * A hash of the names and contents of the sources. Times of files say nothing after `git checkout` or a copy.
 *
 * @returns {string}
 */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of [...SETTINGS, ...SOURCES.flatMap(filesIn)]) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** @returns {string[]} Those that are written by hand, relative to the root. */
function filesIn(directory) {
  return readdirSync(join(ROOT, directory), { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.endsWith(".md"))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    })
    .sort();
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
  const made = join(ROOT, `bin.${process.pid}`);
  try {
    compile("tsconfig.build.json", made);
    for (const file of filesIn("src").filter((name) => name.endsWith(".mjs")))
      copyFileSync(join(ROOT, file), join(made, file.slice("src/".length)));
    buildPolicyPack(join(made, "policypack"));
    // npm makes a command executable when it installs it, and not when it is built anew.
    chmodSync(join(made, "cli", "main.js"), 0o755);
    writeFileSync(join(made, FINGERPRINT), before);
    replaceBuilt(made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The policy pack as JavaScript: Pulumi compiles no TypeScript that it finds in node_modules. */
function buildPolicyPack(made) {
  compile("policypack", made, "--noResolve", "--isolatedModules");
  for (const file of ["PulumiPolicy.yaml", "package.json", "index.js"])
    copyFileSync(join(ROOT, "policypack", file), join(made, file));
}

function compile(project, made, ...options) {
  const unchecked = isInstalledForDevelopment() ? [] : ["--noCheck"];
  const args = [
    compilerPath(),
    "-p",
    project,
    "--outDir",
    made,
    "--pretty",
    "false",
    ...unchecked,
    ...options,
  ];
  const { status, stdout, error } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`TypeScript refuses what was written: ${stdout.trim()}`);
}

/** Whether types can be checked: 'pulumi install' leaves out the packages that have some of them. */
function isInstalledForDevelopment() {
  const { devDependencies = {} } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return Object.keys(devDependencies).every((name) => existsSync(join(ROOT, "node_modules", name)));
}

function compilerPath() {
  try {
    return require.resolve("typescript/bin/tsc");
  } catch {
    throw new Error("bin/ must be built, and TypeScript is not installed: run 'npm ci' first");
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

/**
 * What the scripts of package.json run: prints one sentence where the build fails.
 *
 * @param {boolean} isForced Whether to build also where bin/ is of these sources.
 */
function run(isForced) {
  try {
    if (isForced || !isCurrent()) build();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

module.exports = { buildIfNeeded, run };

if (require.main === module) run(true);
