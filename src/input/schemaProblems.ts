/** What valibot finds, in the words that all mistakes are told in. */
import * as v from "valibot";
import { shorten } from "../output/shorten";
import { InvalidInputError, show } from "./problems";

/** More mistakes of a file than these are counted and not told. */
const MOST_PROBLEMS = 20;

/** Parts of a field's name that are longer are cut. */
const LONGEST_NAME = 256;

/** All that is wrong in arguments or configuration. `path` leads every field's name. */
export function shapeProblems(schema: v.GenericSchema, value: unknown, path = ""): string[] {
  return (v.safeParse(schema, value).issues ?? []).map((issue) => tell(issue, path, show));
}

/** A value of a file that is what the schema says. @throws InvalidInputError with what is wrong in it. */
export function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown, subject: string): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  // A file may be hostile: its values are never walked into, and people read so many mistakes and no more.
  const told = result.issues.slice(0, MOST_PROBLEMS).map((issue) => tell(issue, "", shorten));
  const left = result.issues.length - told.length;
  throw new InvalidInputError(subject, left > 0 ? [...told, `and ${left} more`] : told);
}

/**
 * A value of a file that is what the schema says, as it is: with whatever the schema does not name. For large files.
 * @param looksRight The schema's `quickLook`.
 * @throws InvalidInputError with what is wrong in it.
 */
export function checkedAsIs<T>(
  schema: v.GenericSchema<unknown, T>,
  looksRight: (value: unknown) => boolean,
  value: unknown,
  subject: string,
): T {
  if (!looksRight(value)) checked(schema, value, subject);
  return value as T;
}

/** `'buckets.arn:aws:s3:::acme-data.versioning' must be ..., got 'enabled'` */
function tell(issue: v.BaseIssue<unknown>, path: string, display: (value: unknown) => string): string {
  const { input } = issue;
  // What a schema says that names no words of its own.
  const message = issue.message.startsWith("Invalid type")
    ? `must be ${inWords(issue.expected ?? "")}`
    : issue.message;
  const place = issue.path ?? [];
  if (issue.expected === "never") return `'${path}${fieldName(place)}' ${message}`;
  const field = `${path}${fieldName(place)}`.replace(/\.$/, "");
  const last = place.at(-1);
  if (last?.origin === "key") {
    return `names in '${path}${fieldName(place.slice(0, -1))}' ${message}, got ${display(last.key)}`;
  }
  return `${field === "" ? "it" : `'${field}'`} ${message}, got ${display(input)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "an object",
  string: "a text",
  number: "a number",
  boolean: "true or false",
};

/** A type as valibot writes it: `Array`, or `("COMPLETED" | "FAILED")`. */
function inWords(expected: string): string {
  const values = [...expected.matchAll(/"([^"]*)"/g)].map(([, value]) => `'${value}'`);
  return values.length > 0 ? `one of ${values.join(", ")}` : (TYPES[expected] ?? `of type ${expected}`);
}

function fieldName(path: readonly v.IssuePathItem[]): string {
  return path
    .map(({ key }, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name;
      return index === 0 ? short : `.${short}`;
    })
    .join("");
}
