/** Any value in few words, for an error that says what was given. */

const LONGEST_SHOWN = 80;

/** A value in few words. It is never walked into, because a hostile document may be deep or hold itself. */
export function shorten(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  if (typeof value === "string") {
    return `'${value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}...` : value}'`;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    const shown = keys.slice(0, 3).map((key) => shorten(key));
    return keys.length === 0
      ? "an empty object"
      : `an object with ${shown.join(", ")}${keys.length > shown.length ? ", ..." : ""}`;
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    return String(value);
  }
  return `a ${typeof value}`;
}
