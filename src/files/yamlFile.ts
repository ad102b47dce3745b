/** YAML files, read with one sentence for what is wrong in them. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { InvalidInputError } from "../input/problems";

/**
 * Reads YAML as Pulumi does, with merge keys.
 * @throws InvalidInputError when it cannot be read, is no YAML, or holds itself.
 */
export function readYamlFile(file: string): unknown {
  try {
    const document: unknown = parse(readFileSync(file, "utf8"), { merge: true });
    // An alias within its own anchor makes a circle. This throws for one; later walks would never end.
    JSON.stringify(document);
    return document;
  } catch (error) {
    const [reason = ""] = (error as Error).message.split("\n");
    throw new InvalidInputError(file, [`must be YAML: ${reason}`]);
  }
}
