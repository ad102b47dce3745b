/** Reads JSON that others wrote: of any size, any depth, any bytes. */
import { shorten } from "../output/shorten";
import { InvalidInputError } from "../input/problems";
import { readTextFile, subjectOf } from "./textFile";
import { assertUniqueNames } from "./uniqueNames";

export { STDIN, subjectOf } from "./textFile";

/** What a file may be at most. Real files stay far below; beyond it, reading would take the machine's memory. */
export interface JsonLimits {
  readonly megabytes: number;
  /** Texts, numbers, lists and objects in it. */
  readonly values: number;
  /**
   * Whether people write such files, so that a name may stand in an object twice.
   * Default: false.
   */
  readonly handWritten?: boolean;
}

/** Lists and objects inside each other. A policy document needs about ten. */
const DEEPEST = 100;

/**
 * @param option What the file was given with, for errors: `--snapshot`.
 * @param file Path, or `-` for the standard input.
 * @throws InvalidInputError when it is no file, too large, too deep, no UTF-8 or no JSON, or says something twice.
 */
export async function readJsonFile(option: string, file: string, limits: JsonLimits): Promise<unknown> {
  const subject = subjectOf(option, file);
  const text = await readTextFile(option, file, limits.megabytes);
  const value = parse(subject, text);
  assertPlain(subject, value, limits.values);
  if (limits.handWritten === true) assertUniqueNames(subject, text);
  return value;
}

function parse(subject: string, text: string): unknown {
  if (text.trim() === "") throw new InvalidInputError(subject, ["it must be JSON, and is empty"]);
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 tells the place, and repeats a part of the text, which may be long and on many lines.
    const [reason = ""] = (error as Error).message.replaceAll(/\s+/g, " ").split(/, (?=")/);
    throw new InvalidInputError(subject, [`it must be JSON: ${reason.slice(0, 120)}`]);
  }
}

/** Whoever walks through the value afterwards must not run out of stack, memory or time, nor change a prototype. */
function assertPlain(subject: string, root: unknown, mostValues: number): void {
  let seen = 0;
  const refuse = (problem: string): never => {
    throw new InvalidInputError(subject, [problem]);
  };
  const look = (value: unknown, depth: number): void => {
    seen += 1;
    if (typeof value !== "object" || value === null) return;
    if (depth > DEEPEST) {
      refuse(`it must be at most ${DEEPEST} lists and objects deep, and is deeper`);
    }
    if (Array.isArray(value)) {
      for (const inner of value as unknown[]) look(inner, depth + 1);
    } else {
      for (const name in value) {
        const inner = (value as Record<string, unknown>)[name];
        if (name === "__proto__") {
          refuse(`'__proto__' must not be the name of anything in it, got ${shorten(inner)}`);
        }
        look(inner, depth + 1);
      }
    }
    if (seen > mostValues) refuse(`it must hold at most ${mostValues} values, and holds more`);
  };
  look(root, 1);
}
