/** Bad input: its error, and values as errors show them. */
import { printable } from "../output/printable";

/** Bad input: every mistake found, one line each. Shown to people as it is, without a stack trace. */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";

  /**
   * @param subject What was read, for example `Pulumi.source.yaml` or `ReplicationSource 'documents'`.
   * @param problems One sentence a mistake: the field, what is allowed, the value given.
   */
  constructor(
    readonly subject: string,
    readonly problems: readonly string[],
  ) {
    super(
      problems.length === 1
        ? `${subject}: ${problems[0]}`
        : `${subject}: ${problems.length} mistakes\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  }
}

/** Values that are shown in an error are cut at this many characters. */
const LONGEST_SHOWN_VALUE = 120;

/** A value as an error shows it: quoted, on one line, never longer than a line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (isDeferred(value)) return "an Output, whose value is not known before the deployment";
  const text = typeof value === "string" ? value : written(value);
  const short = text.length > LONGEST_SHOWN_VALUE ? `${text.slice(0, LONGEST_SHOWN_VALUE)}...` : text;
  return typeof value === "string" ? `'${printable(short)}'` : printable(short);
}

function written(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ??
      typeof value
    );
  } catch {
    return "an object that JSON cannot write";
  }
}

/** True for a promise or a Pulumi Output: a value that is known later. */
export function isDeferred(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (typeof (value as { then?: unknown }).then === "function" ||
      typeof (value as { apply?: unknown }).apply === "function")
  );
}
