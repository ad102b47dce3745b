/** One change of a set-up in which everything works, and what a report should say of it. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import type { Where } from "../../src/rehearsal/report/report";

export interface Mutation {
  /** Kind of change, for the table: `action removed`. */
  readonly kind: string;
  /** What is changed, for people: `destination key policy, ReplicateFrom111111111111: kms:Encrypt`. */
  readonly name: string;
  /** The document that is changed; none for settings. */
  readonly document?: unknown;
  /** The statement that is changed, and what becomes of it; none for settings. */
  readonly statement?: ChangedStatement;
  /** @default false */
  readonly ofRuleThatIsOff?: boolean;
  readonly cause: Cause;
  /** A snapshot of its own that shares what is not changed. */
  readonly mutate: (snapshot: Snapshot) => Snapshot;
}

export interface ChangedStatement {
  readonly where: Where;
  /** ARN of the role, bucket or key that has the document. */
  readonly owner: string;
  /** Account of that. */
  readonly account: string;
  readonly before: StatementJson;
  /** The action, key or value that is changed, where it is one. */
  readonly part?: string;
}

/** What is to be named first; every part that is given must fit. */
export interface Cause {
  readonly where?: Where | readonly Where[];
  /** Patterns, one of which matches the missing action. */
  readonly actions?: readonly string[];
  /** A pattern that matches the missing resource. */
  readonly resource?: string;
  /** One of these is among the keys that decide. */
  readonly keys?: readonly string[];
  /** Place in its document of the Deny that is to be blamed. */
  readonly deny?: number;
  /** Words of the refusal, or of the object's reason. */
  readonly says?: RegExp;
}

export interface StatementJson {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly [kind: string]: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: ConditionJson;
}

export type ConditionJson = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();

/** An object or list with a value set at a path, or taken out where it is undefined; the rest is shared. */
export function withValue<T>(holder: T, path: readonly (string | number)[], value: unknown): T {
  const [first, ...rest] = path;
  if (first === undefined) return value as T;
  if (Array.isArray(holder)) {
    const items: unknown[] = [...(holder as unknown[])];
    const index = Number(first);
    if (rest.length === 0 && value === undefined) items.splice(index, 1);
    else items[index] = withValue(items[index], rest, value);
    return items as T;
  }
  const fields: Record<string, unknown> = { ...(holder as Record<string, unknown>) };
  if (rest.length === 0 && value === undefined) delete fields[first];
  else fields[first] = withValue(fields[first], rest, value);
  return fields as T;
}
