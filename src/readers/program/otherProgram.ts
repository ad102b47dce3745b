/** Any Pulumi program that uses @pulumi/aws, by its directory: run in this process, against accounts held in memory. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { fields } from "../../input/objectShapes";
import { InvalidInputError, show } from "../../input/problems";
import { type ProgramOptions, type ProgramStack, runProgram } from "./fromProgram";
import type { AccountNames } from "../providerAccounts";
import { loadProgram } from "./programModule";
import { LIVED_IN_ACCOUNTS } from "../../resources/resources";
import { checked } from "../../input/schemaProblems";
import { findEncrypted } from "./stackConfigurations";
import { readYamlFile } from "../../files/yamlFile";
import type { ProgramRun } from "../programRun";

/** How a program is read that cannot run here. */
const PREVIEW_INSTEAD =
  "read it from what 'pulumi preview --json --show-sames --show-reads' prints, with --preview";

const PROJECT = fields(
  {
    name: v.string("must be the project's name"),
    runtime: v.union(
      [v.string(), v.object({ name: v.string() })],
      "must be the name of a runtime, or an object with it",
    ),
    main: v.optional(v.string("must be a path")),
    stackConfigDir: v.optional(v.string("must be a path")),
    config: v.optional(v.unknown()),
  },
  "must be a project, as Pulumi.yaml has it",
);

/**
 * @param directory Where Pulumi.yaml is.
 * @param stackNames In the order in which they are deployed; none: the directory's only stack.
 * @throws InvalidInputError when it is no program that can run here, and for what the program throws.
 */
export async function readOtherProgram(
  directory: string,
  stackNames: readonly string[],
  accounts: AccountNames,
  onStack?: ProgramOptions["onStack"],
): Promise<ProgramRun> {
  const project = readProject(directory);
  const stacks = readStacks(project, stackNames);
  const program = loadProgram(project.entry, dirname(project.entry), isEsModule(project.entry));
  try {
    return await runProgram(program.run, stacks, {
      project: project.name,
      world: LIVED_IN_ACCOUNTS,
      accounts,
      onStack,
    });
  } catch (error) {
    throw explained(error, project);
  } finally {
    program.close();
  }
}

interface Project {
  readonly name: string;
  readonly file: string;
  readonly entry: string;
  readonly configDirectory: string;
  readonly defaults: Readonly<Record<string, unknown>>;
}

function readProject(directory: string): Project {
  const file = ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => join(directory, name))
    .find((path) => existsSync(path));
  if (file === undefined) {
    throw new InvalidInputError("--program", [
      `must be the directory of a Pulumi program, got ${show(directory)}, which has no Pulumi.yaml`,
    ]);
  }
  const project = checked(PROJECT, readYamlFile(file), file);
  const runtime = typeof project.runtime === "string" ? project.runtime : project.runtime.name;
  if (runtime !== "nodejs") {
    throw new InvalidInputError(file, [
      `'runtime' must be 'nodejs' for a program to run here, got ${show(runtime)}; ${PREVIEW_INSTEAD}`,
    ]);
  }
  return {
    name: project.name,
    file,
    entry: entryOf(resolve(directory), project.main, file),
    configDirectory: resolve(directory, project.stackConfigDir ?? "."),
    defaults: withNamespaces(defaultsOf(project.config), project.name),
  };
}

/** As Node.js and Pulumi look for it: the file itself, package.json's main, the index. */
function entryOf(directory: string, main: string | undefined, file: string): string {
  const start = resolve(directory, main ?? ".");
  const described = readPackage(join(start, "package.json")).main;
  const candidates = [
    start,
    ...ENDINGS.map((ending) => start + ending),
    ...(typeof described === "string" ? [join(start, described)] : []),
    ...ENDINGS.map((ending) => join(start, `index${ending}`)),
  ];
  const entry = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (entry !== undefined) return entry;
  throw new InvalidInputError(file, [
    `'main' must lead to a program, got ${show(main)}; there is no index.ts or index.js`,
  ]);
}

const ENDINGS = [".ts", ".js", ".mts", ".mjs", ".cts", ".cjs"];

/** What the file's name says, or else the nearest package.json. */
function isEsModule(entry: string): boolean {
  if (/\.[cm][jt]s$/.test(entry)) return /\.m[jt]s$/.test(entry);
  for (let directory = dirname(entry); ; directory = dirname(directory)) {
    const file = join(directory, "package.json");
    if (existsSync(file)) return readPackage(file).type === "module";
    if (directory === dirname(directory)) return false;
  }
}

/** @throws InvalidInputError if it is no JSON. */
function readPackage(file: string): { readonly main?: unknown; readonly type?: unknown } {
  if (!existsSync(file)) return {};
  try {
    return Object(JSON.parse(readFileSync(file, "utf8"))) as { main?: unknown; type?: unknown };
  } catch (error) {
    throw new InvalidInputError(file, [`must be JSON: ${(error as Error).message}`]);
  }
}

function readStacks(project: Project, names: readonly string[]): ProgramStack[] {
  const { configDirectory, defaults, file } = project;
  const there = existsSync(configDirectory)
    ? readdirSync(configDirectory)
        .sort()
        .flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? [])
    : [];
  const wanted = names.length > 0 ? names : there;
  if (wanted.length === 0 || (names.length === 0 && there.length > 1)) {
    throw new InvalidInputError("--stack", [
      `must name the stacks of ${file} in the order in which they are deployed; there ${there.length === 0 ? "is no Pulumi.<stack>.yaml" : `are ${there.join(", ")}`}`,
    ]);
  }
  return wanted.map((name) => {
    const path = ["yaml", "yml"]
      .map((ending) => join(configDirectory, `Pulumi.${name}.${ending}`))
      .find((candidate) => existsSync(candidate));
    if (path === undefined && there.length > 0) {
      throw new InvalidInputError("--stack", [
        `must be one of ${there.join(", ")}, for which there is a Pulumi.<stack>.yaml, got ${show(name)}`,
      ]);
    }
    return { name, config: { ...defaults, ...(path === undefined ? {} : readConfig(path, project.name)) } };
  });
}

function readConfig(file: string, project: string): Record<string, unknown> {
  const config = (readYamlFile(file) as { config?: unknown } | null)?.config ?? {};
  if (typeof config !== "object" || Array.isArray(config)) {
    throw new InvalidInputError(file, ["'config' must be an object with the stack's configuration"]);
  }
  const secret = findEncrypted(config, []);
  if (secret !== undefined) {
    throw new InvalidInputError(file, [
      `'${secret}' is encrypted, and nothing here decrypts it; ${PREVIEW_INSTEAD}`,
    ]);
  }
  return withNamespaces(config, project);
}

/** Configuration that the project gives to all its stacks: values, or objects with a value or a default. */
function defaultsOf(config: unknown): Record<string, unknown> {
  if (typeof config !== "object" || config === null) return {};
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, setting]: [string, unknown]) => {
      if (typeof setting !== "object" || setting === null) return [[key, setting]];
      const { value, default: byDefault } = setting as { value?: unknown; default?: unknown };
      return (value ?? byDefault) === undefined ? [] : [[key, value ?? byDefault]];
    }),
  );
}

/** A key without a namespace is one of the project's. */
function withNamespaces(config: object, project: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]: [string, unknown]) => [
      key.includes(":") ? key : `${project}:${key}`,
      value,
    ]),
  );
}

/** Errors that are about what was given keep their words; any other is the program's own. */
function explained(error: unknown, { file, entry }: Project): unknown {
  const known = ["InvalidInputError", "AwsRefusal", "PolicySyntaxError"];
  if (error instanceof Error && known.includes(error.name)) return error;
  const { code, message, stack } = (
    error instanceof Error ? error : { message: `it threw ${show(error)}` }
  ) as NodeJS.ErrnoException;
  const [words = ""] = message.split("\nRequire stack:");
  const first = words.replaceAll(/\s+/g, " ").trim().slice(0, 400);
  const isMissing = code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND";
  const hint = isMissing ? "; install the program's packages first" : "";
  return new InvalidInputError(file, [
    `the program stopped${placeIn(stack ?? "", dirname(entry))}: ${first}${hint}`,
  ]);
}

/** The first line of the program itself that a stack trace goes through. TypeScript's lines are lost when it is compiled. */
function placeIn(stack: string, directory: string): string {
  const lead = new Set([directory + sep, `${pathToFileURL(directory).href}/`]);
  for (const line of stack.split("\n")) {
    const start = [...lead].find((each) => line.includes(each));
    const [, path = ""] = start === undefined ? [] : line.split(start);
    const [, name, ending, number] = /^([^:]+?)(\.[cm]?[jt]s)(?:\?[^:]*)?:(\d+)/.exec(path) ?? [];
    if (name === undefined || ending === undefined || path.startsWith("node_modules")) continue;
    return ` in ${name}${ending}${ending.endsWith("js") ? `, line ${number}` : ""}`;
  }
  return "";
}
