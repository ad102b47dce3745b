/** The package as it is published, and what a `pulumi` of this machine can make of it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { REPOSITORY } from "./repository";

/** Longer than a package manager takes to fetch and unpack all that the package depends on. */
export const WITH_DOWNLOADS_MS = 900_000;

let tarball: string | undefined;

/** What `npm pack` writes, once for all tests. */
export function packedTarball(): string {
  tarball ??= pack();
  return tarball;
}

function pack(): string {
  const directory = mkdtempSync(join(tmpdir(), "s3-replication-packed-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  execFileSync("npm", ["pack", "--pack-destination", directory], { cwd: REPOSITORY, stdio: "pipe" });
  const [file = ""] = readdirSync(directory);
  return join(directory, file);
}

/** Whether Pulumi finds its part for a language. */
export function hasLanguageHost(language: string): boolean {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((directory) => existsSync(join(directory, `pulumi-language-${language}`)));
}
