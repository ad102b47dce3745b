/** Reads the stack configurations of a directory, `Pulumi.<stack>.yaml`, in the order in which they can be deployed. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidInputError } from "../../input/problems";
import type { ProgramStack } from "./fromProgram";
import { readYamlFile } from "../../files/yamlFile";
import { NAMESPACE } from "../../naming/namespace";

const STACK_FILE = /^Pulumi\.(.+)\.ya?ml$/;

/** Whether a directory holds stack configurations. */
export function hasStackFiles(directory: string): boolean {
  return filesOf(directory).some((file) => STACK_FILE.test(file));
}

/**
 * @param onPassedOver Called for each file without a key of the namespace: a stack of another program, or one that was
 * made and is not configured yet.
 * @throws InvalidInputError when there is none, one is no YAML, holds encrypted values, or they refer to each other in
 * a circle.
 */
export function readStackFiles(directory: string, onPassedOver?: (file: string) => void): ProgramStack[] {
  const passedOver: string[] = [];
  const stacks = filesOf(directory).flatMap((file) => {
    const name = STACK_FILE.exec(file)?.[1];
    if (name === undefined) return [];
    const config = readConfig(join(directory, file), directory);
    if (config !== undefined) return [{ name, config }];
    passedOver.push(file);
    return [];
  });
  if (stacks.length === 0) {
    const holds = passedOver.length === 0 ? "none" : `only ${passedOver.join(", ")}, which say none of them`;
    throw new InvalidInputError(directory, [
      `must hold files Pulumi.<stack>.yaml, one a stack, with '${NAMESPACE}:destination', '${NAMESPACE}:source' or '${NAMESPACE}:watch' in their 'config', and holds ${holds}`,
    ]);
  }
  for (const file of passedOver) onPassedOver?.(file);
  return inDeploymentOrder(stacks, directory);
}

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const what = { ENOENT: "does not exist", ENOTDIR: "is a file", EACCES: "cannot be read" }[code] ?? code;
    throw new InvalidInputError(directory === "" ? "--directory ''" : directory, [
      `must be a directory with files Pulumi.<stack>.yaml, and ${what}`,
    ]);
  }
}

/** @returns undefined where the file says nothing of this package. `pulumi stack init` writes such a file. */
function readConfig(file: string, directory: string): Record<string, unknown> | undefined {
  const { config = {} } = (readYamlFile(file) ?? {}) as { config?: unknown };
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new InvalidInputError(file, ["its 'config' section must hold the stack's configuration by name"]);
  }
  if (!Object.keys(config).some((key) => key.startsWith(`${NAMESPACE}:`))) return undefined;
  const secret = findEncrypted(config, []);
  if (secret !== undefined) {
    throw new InvalidInputError(file, [
      `'${secret}' is encrypted, and nothing here decrypts it; account ids, names and rules are no secrets and belong there as plain values`,
    ]);
  }
  return withAbsolutePaths(config, directory) as Record<string, unknown>;
}

/** Where a value is `{secure: ...}`, as `pulumi config set --secret` writes it. */
export function findEncrypted(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.keys(value).join() === "secure") return path.join(".");
  for (const [key, inner] of Object.entries(value)) {
    const found = findEncrypted(inner, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The program looks for a `contractFile` from where it runs; here that is not the stack's directory. */
function withAbsolutePaths(value: unknown, directory: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => withAbsolutePaths(inner, directory));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "contractFile" && typeof inner === "string"
        ? resolve(directory, inner)
        : withAbsolutePaths(inner, directory),
    ]),
  );
}

/**
 * A stack comes after every stack of the directory that it refers to. One that receives before it sends may come too
 * early; it is deployed once more when the others are there.
 */
function inDeploymentOrder(stacks: readonly ProgramStack[], directory: string): ProgramStack[] {
  const ordered: ProgramStack[] = [];
  const early = new Set<ProgramStack>();
  const place = (stack: ProgramStack, path: readonly string[]): void => {
    if (ordered.includes(stack)) return;
    if (path.includes(stack.name)) {
      if (receivesFirst(stack)) return;
      throw new InvalidInputError(directory, [
        `stacks refer to each other in a circle: ${[...path, stack.name].join(" -> ")}; none of them can be deployed first`,
      ]);
    }
    for (const name of referencesOf(stack)) {
      const other = stacks.find((candidate) => candidate.name === name);
      if (other === undefined || other === stack) continue;
      place(other, [...path, stack.name]);
      if (!ordered.includes(other)) early.add(stack);
    }
    ordered.push(stack);
  };
  // A watch names no stack: it reads what the others made.
  const watches = stacks.filter(({ config }) => config[`${NAMESPACE}:watch`] !== undefined);
  for (const stack of stacks) if (!watches.includes(stack)) place(stack, []);
  for (const stack of watches) place(stack, []);
  return [...ordered, ...early];
}

/** Replication in both directions: the source sends out of the bucket that the destination receives into. */
function receivesFirst({ config }: ProgramStack): boolean {
  return (config[`${NAMESPACE}:source`] as { sameBucket?: unknown } | undefined)?.sameBucket === true;
}

function referencesOf({ config }: ProgramStack): string[] {
  return Object.values(config).flatMap((side) => {
    const destinations = (side as { destinations?: unknown } | null)?.destinations;
    return Object.values(destinations ?? {}).flatMap((reference) => {
      const stack = (reference as { stack?: unknown } | null)?.stack;
      if (typeof stack !== "string") return [];
      const [name = "", project = NAMESPACE] = stack.split("/").reverse();
      return project === NAMESPACE ? [name] : [];
    });
  });
}
