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

/**
 * Whoever walks through the value afterwards must not run out of stack, memory or time, nor change a prototype.
 * The walk itself keeps its own stack.
 */
function assertPlain(subject: string, root: unknown, mostValues: number): void {
  let seen = 0;
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    seen += 1;
    if (seen + waiting.length > mostValues) {
      throw new InvalidInputError(subject, [`it must hold at most ${mostValues} values, and holds more`]);
    }
    if (typeof value !== "object" || value === null) continue;
    if (depth > DEEPEST) {
      throw new InvalidInputError(subject, [
        `it must be at most ${DEEPEST} lists and objects deep, and is deeper`,
      ]);
    }
    if (Object.hasOwn(value, "__proto__")) {
      const found = shorten(Object.getOwnPropertyDescriptor(value, "__proto__")?.value);
      throw new InvalidInputError(subject, [
        `'__proto__' must not be the name of anything in it, got ${found}`,
      ]);
    }
    for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
  }
}
