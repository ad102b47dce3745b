/** How a policy document that cannot be read is explained. */

/** What is wrong at one place of a policy document. */
export interface SyntaxFault {
  /** For example `Statement[2].Condition.StringEquals`; empty for the document itself. */
  readonly place: string;
  readonly found: unknown;
  /** What is allowed there, to follow "must be". */
  readonly allowed: string;
  /** The likely fix, a sentence. */
  readonly fix?: string;
}

/** A policy document that AWS would refuse to save. */
export class PolicySyntaxError extends Error {
  override readonly name = "PolicySyntaxError";

  constructor(
    readonly policy: string,
    readonly fault: SyntaxFault,
  ) {
    super(explain(policy, fault));
  }
}

function explain(policy: string, { place, found, allowed, fix }: SyntaxFault): string {
  const subject = place === "" ? `policy '${policy}'` : `'${place}' of policy '${policy}'`;
  return `${subject} must be ${allowed}, got ${shorten(found)}${fix === undefined ? "" : `. ${fix}`}`;
}

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
