/** What zod finds, in the words that all mistakes are told in. */
import type { z } from "zod";
import { shorten } from "../iam/syntaxError";
import { InvalidInputError } from "../problems";

/** More mistakes than these are counted and not told. */
const MOST_PROBLEMS = 20;

/** Parts of a field's name that are longer are cut. */
const LONGEST_NAME = 120;

/** `'buckets.arn:aws:s3:::acme-data.versioning' must be ..., got 'enabled'`, one a mistake, as many as people read. */
export function problemsOf(error: z.ZodError, value: unknown): string[] {
  const problems: string[] = [];
  let left = 0;
  for (const issue of error.issues) {
    const told = tell(issue, value);
    const room = Math.max(0, MOST_PROBLEMS - problems.length);
    problems.push(...told.slice(0, room));
    left += Math.max(0, told.length - room);
  }
  return left === 0 ? problems : [...problems, `and ${left} more`];
}

/** A value that is what the schema says. @throws InvalidInputError with what is wrong in it. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInputError(subject, problemsOf(result.error, value));
}

function tell(issue: z.core.$ZodIssue, value: unknown): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `'${fieldName([...issue.path, key])}' ${issue.message}`);
  }
  if (issue.code === "invalid_key") {
    const [name] = issue.path.slice(-1);
    return [
      `names in '${fieldName(issue.path.slice(0, -1))}' ${issue.message}, got ${shorten(String(name))}`,
    ];
  }
  const field = fieldName(issue.path);
  const found: unknown =
    issue.code === "custom" && issue.params !== undefined && "found" in issue.params
      ? issue.params.found
      : valueAt(value, issue.path);
  return [`${field === "" ? "it" : `'${field}'`} ${issue.message}, got ${shorten(found)}`];
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
