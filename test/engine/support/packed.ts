/** The package as it is published, and what a `pulumi` of this machine can make of it. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cleanClone, run, temporary } from "./clone";

/** Longer than a package manager takes to fetch and unpack all that the package depends on. */
export const WITH_DOWNLOADS_MS = 1_800_000;

/** What `npm pack` wrote in the clean clone. */
export function packedTarball(): string {
  const clone = cleanClone();
  const file = readdirSync(clone).find((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new Error(`there is no package in ${clone}`);
  return join(clone, file);
}

/** The policy pack in a project that has installed the package. */
export const INSTALLED_PACK = join("node_modules", "s3-replication", "bin", "policypack");

/** Packages that a project has beside this one; the last is for the policy pack. */
const PEERS = ["@pulumi/pulumi", "@pulumi/aws", "@pulumi/policy"];

let project: string | undefined;

/** A project in which the package was installed from its tarball, as README says, once for all tests. */
export function projectWithPackage(): string {
  project ??= makeProject();
  return project;
}

function makeProject(): string {
  const directory = temporary("project");
  writeFileSync(join(directory, "package.json"), '{ "name": "program", "private": true }\n');
  run("npm", ["install", packedTarball(), ...PEERS], directory);
  return directory;
}

/** Commands that programs in a language need on PATH, beside Pulumi's own part for the language. */
const COMMANDS: Readonly<Record<string, string>> = { go: "go" };

/** The command that is not on PATH, without which no program in this language runs. */
export function missingFor(language: string): string | undefined {
  const needed = [`pulumi-language-${language}`, COMMANDS[language] ?? []].flat();
  return needed.find((command) => !isOnPath(command));
}

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((directory) => existsSync(join(directory, command)));
}
