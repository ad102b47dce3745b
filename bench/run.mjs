/** What `npm run bench` runs: installs what only the bench needs, compiles, and measures. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BENCH = dirname(fileURLToPath(import.meta.url));
const ROOT = join(BENCH, "..");
const TSC = createRequire(import.meta.url).resolve("typescript/bin/tsc");

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Each file by itself: types are checked elsewhere, and nobody waits for those of @pulumi/aws. */
const compile = (...args) =>
  run(
    process.execPath,
    TSC,
    ...args,
    "--noCheck",
    "--noResolve",
    "--isolatedModules",
    "--declaration",
    "false",
  );

if (!existsSync(join(BENCH, "node_modules"))) run("npm", "ci", "--prefix", "bench", "--ignore-scripts");
compile("-p", "tsconfig.build.json");
compile("-p", "bench");
compile("-p", "policypack", "--rootDir", "policypack", "--outDir", "bench/bin/policypack");
run(process.execPath, join("bench", "bin", "main.js"), ...process.argv.slice(2));
