/** How a policy document that cannot be read is explained. */
import { shorten } from "../output/shorten";

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
