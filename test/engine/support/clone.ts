/** What people have who follow README: a clone with its packages installed. */
import { execFileSync } from "node:child_process";
import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUN, shellBlock } from "../../docs/support/shellBlocks";
import { REPOSITORY } from "./repository";

/** Tells the processes that run the files where the clone is. Nothing that they start gets to see it. */
export const PLACE_OF_CLONE = "S3_REPLICATION_CLEAN_CLONE";

/**
 * A clone of the repository in which README's first commands were run, once for all tests. What is not committed yet is
 * in it as a commit would have it.
 */
export function cleanClone(): string {
  return (process.env[PLACE_OF_CLONE] ??= makeClone());
}

function makeClone(): string {
  const directory = join(temporary("clone"), "s3-replication");
  run("git", ["clone", "--quiet", REPOSITORY, directory], tmpdir());
  const changes = run("git", ["diff", "HEAD", "--binary"], REPOSITORY);
  if (changes.length > 0) execFileSync("git", ["apply", "--index"], { cwd: directory, input: changes });
  run("sh", ["-e", "-c", shellBlock(RUN.install)], directory);
  return directory;
}

/** Puts a directory's files into another one. Packages are linked file by file, since nothing ever changes them. */
export function copyInstalled(from: string, to: string): void {
  for (const entry of readdirSync(from)) {
    if (entry === "node_modules") linkFiles(join(from, entry), join(to, entry));
    else cpSync(join(from, entry), join(to, entry), { recursive: true, verbatimSymlinks: true });
  }
}

function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else if (entry.isFile()) linkSync(source, target);
    else cpSync(source, target, { verbatimSymlinks: true });
  }
}

/** A directory that is gone when the tests have ended. */
export function temporary(what: string): string {
  const directory = mkdtempSync(join(tmpdir(), `s3-replication-${what}-`));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1e9,
  });
}
