/** What zod finds, in the words that all mistakes are told in. */
import type { z } from "zod";
import { shorten } from "./iam/syntaxError";
import { InvalidInputError, show } from "./problems";

/** More mistakes of a file than these are counted and not told. */
const MOST_PROBLEMS = 20;

/** Parts of a field's name that are longer are cut. */
const LONGEST_NAME = 256;

/** All that is wrong in arguments or configuration. `path` leads every field's name. */
export function shapeProblems(schema: z.ZodType, value: unknown, path = ""): string[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.flatMap((issue) => tell(issue, value, path, show));
}

/** A value of a file that is what the schema says. @throws InvalidInputError with what is wrong in it. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // A file may be hostile: its values are never walked into, and people read so many mistakes and no more.
  const told = result.error.issues.flatMap((issue) => tell(issue, value, "", shorten));
  const left = told.length - MOST_PROBLEMS;
  throw new InvalidInputError(
    subject,
    left > 0 ? [...told.slice(0, MOST_PROBLEMS), `and ${left} more`] : told,
  );
}

/** `'buckets.arn:aws:s3:::acme-data.versioning' must be ..., got 'enabled'` */
function tell(
  issue: z.core.$ZodIssue,
  value: unknown,
  path: string,
  display: (value: unknown) => string,
): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `'${path}${fieldName([...issue.path, key])}' ${issue.message}`);
  }
  if (issue.code === "invalid_key") {
    const [name] = issue.path.slice(-1);
    return [
      `names in '${path}${fieldName(issue.path.slice(0, -1))}' ${issue.message}, got ${display(String(name))}`,
    ];
  }
  const field = `${path}${fieldName(issue.path)}`.replace(/\.$/, "");
  const found: unknown =
    issue.code === "custom" && issue.params !== undefined && "found" in issue.params
      ? issue.params.found
      : valueAt(value, issue.path);
  return [`${field === "" ? "it" : `'${field}'`} ${issue.message}, got ${display(found)}`];
}

function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const name = String(part);
      const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name;
      return index === 0 ? short : `.${short}`;
    })
    .join("");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, part)
        ? (inner as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}
