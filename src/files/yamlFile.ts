/** YAML files, read with one sentence for what is wrong in them. */
import { parse } from "yaml";
import { InvalidInputError } from "../input/problems";
import { readProjectFile } from "./textFile";

/** What a file may be at most. Real ones take some kilobytes. */
const MEGABYTES = 5;

/**
 * Reads YAML as Pulumi does, with merge keys.
 * @throws InvalidInputError when it cannot be read, is too large, no UTF-8 or no YAML, or holds itself.
 */
export function readYamlFile(file: string): unknown {
  const document = parseYaml(file, readProjectFile(file, MEGABYTES));
  try {
    // Later walks would never end.
    JSON.stringify(document);
  } catch {
    throw new InvalidInputError(file, ["an alias in it stands within its own anchor, which never ends"]);
  }
  return document;
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { merge: true });
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(/:?\n/);
    throw new InvalidInputError(file, [`must be YAML: ${reason}`]);
  }
}
