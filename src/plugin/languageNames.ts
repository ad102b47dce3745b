/** Messages with the names of arguments as the program's language writes them: `bucket_name` in Python. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readYamlFile } from "../files/yamlFile";

/** By runtime; the others write names as the schema does. */
const NAMES: Readonly<Record<string, (name: string) => string>> = {
  python: (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  go: inPascalCase,
  dotnet: inPascalCase,
};

/** What stands in single quotes, where these are no apostrophes. Values and names that people gave keep their text. */
const QUOTED =
  /(?<![A-Za-z]|\b(?:got|destination|rule|role|stack|bucket|resource|ReplicationSource|ReplicationDestination|ReplicationWatch) )'([^'\n]+)'(?![A-Za-z])/g;

/**
 * @param names Names of arguments and outputs, as the schema has them.
 * @param runtime Of the project, such as `python`; undefined where it is not known.
 */
export function inLanguage(message: string, names: ReadonlySet<string>, runtime: string | undefined): string {
  const rename = NAMES[runtime ?? ""];
  if (rename === undefined) return message;
  return message.replace(QUOTED, (quoted) =>
    quoted.replace(/[A-Za-z]\w*/g, (word) => (names.has(word) ? rename(word) : word)),
  );
}

/** The runtime that the Pulumi.yaml of a program names: in its directory, or the nearest one above. */
export function runtimeOfProject(directory: string): string | undefined {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(directory, name)).find(existsSync);
  if (file === undefined)
    return dirname(directory) === directory ? undefined : runtimeOfProject(dirname(directory));
  try {
    const { runtime } = readYamlFile(file) as { runtime?: string | { name?: string } };
    return typeof runtime === "object" ? runtime.name : runtime;
  } catch {
    return undefined;
  }
}

function inPascalCase(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
