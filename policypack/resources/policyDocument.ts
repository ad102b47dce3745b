/** IAM policy documents, read without judging. */
import { Answer, Field, Unknown, Unreadable, readProperty } from "./values";

/** One statement of an IAM document, read without judging. */
export class Statement {
  constructor(readonly field: Field) {}

  get path(): string {
    return this.field.path;
  }

  get effect(): Field {
    return this.field.get("Effect");
  }

  get actions(): Field[] {
    return this.field.get("Action").items();
  }

  get resources(): Field[] {
    return this.field.get("Resource").items();
  }

  has(element: "NotAction" | "NotResource" | "NotPrincipal"): boolean {
    return !this.field.get(element).isMissing;
  }

  get principals(): Principal[] {
    const field = this.field.get("Principal");
    if (field.unknown) return [{ kind: "unknown", unknown: field.unknown }];
    if (field.value === "*") return [{ kind: "everyone" }];
    return (field.entries() ?? [["", field] as const]).flatMap(([type, values]) =>
      values.items().map((value) => readPrincipal(type, value)),
    );
  }

  get conditions(): Condition[] | Unknown {
    const field = this.field.get("Condition");
    if (field.unknown) return field.unknown;
    const conditions: Condition[] = [];
    for (const [operator, keys] of field.entries() ?? []) {
      if (keys.unknown) return keys.unknown;
      for (const [key, values] of keys.entries() ?? []) {
        conditions.push({ operator: operator.toLowerCase(), key: key.toLowerCase(), values: values.items() });
      }
    }
    return conditions;
  }
}

export type Principal =
  | { kind: "everyone" }
  /** A whole account: its root, or its number. */
  | { kind: "account"; account: string }
  /** One role or user. A deleted one is left as an id without its account. */
  | { kind: "identity"; account?: string }
  | { kind: "service"; service: string }
  | { kind: "federated" }
  | { kind: "unknown"; unknown: Unknown }
  | { kind: "unreadable"; field: Field };

export interface Condition {
  /** In lower case, as IAM compares it. */
  operator: string;
  /** In lower case, as IAM compares it. */
  key: string;
  values: Field[];
}

/** The statements of a document given as JSON text or as an object; undefined where there is none. */
export function readDocument(field: Field): Statement[] | Unknown | Unreadable | undefined {
  if (field.unknown) return field.unknown;
  if (field.isMissing) return undefined;
  if (field.value instanceof Unreadable) return field.value;
  const document = field.text === undefined ? field : parse(field.text, field.path);
  if (document === undefined) return new Unreadable(field.path, "a string that is not JSON");
  if (document.entries() === undefined) return new Unreadable(field.path, "a value that is not an object");
  const statements = document.get("Statement");
  if (statements.unknown) return statements.unknown;
  if (statements.isMissing) return new Unreadable(field.path, "a document without 'Statement'");
  return statements.items().map((item) => new Statement(item));
}

function parse(text: string, path: string): Field | undefined {
  try {
    return new Field(readProperty({ document: JSON.parse(text) as unknown }, "document", "", path), path);
  } catch {
    // The parser's own message quotes the text, which may be a secret.
    return undefined;
  }
}

function readPrincipal(type: string, field: Field): Principal {
  if (field.unknown) return { kind: "unknown", unknown: field.unknown };
  const { text } = field;
  if (text === undefined) return { kind: "unreadable", field };
  switch (type) {
    case "AWS": {
      if (text === "*") return { kind: "everyone" };
      const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
      if (account !== undefined) return { kind: "account", account };
      const identity = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):[\w-]+\/(.+)$/.exec(text);
      // AWS refuses wildcards here; if one gets this far it is as wide as the account.
      if (identity?.[1] !== undefined && identity[2]?.includes("*"))
        return { kind: "account", account: identity[1] };
      if (identity?.[1] !== undefined) return { kind: "identity", account: identity[1] };
      return /^A[A-Z0-9]{15,}$/.test(text) ? { kind: "identity" } : { kind: "unreadable", field };
    }
    case "Service":
      return { kind: "service", service: text };
    case "Federated":
      return { kind: "federated" };
    case "CanonicalUser":
      return { kind: "identity" };
    default:
      return { kind: "unreadable", field };
  }
}

/** Whether an IAM action pattern covers an action. */
export function covers(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}

export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}

/** An action as a message may show it: nothing but AWS's own names, in case the document is a secret. */
export function showAction(action: string): string {
  return action === "*" || /^[a-z0-9-]{2,32}:[A-Za-z0-9*?]{1,64}$/.test(action)
    ? `'${action}'`
    : "another action";
}

/** The operators that fail where the request does not carry the key. `...IfExists` and negations hold there. */
const POSITIVE = /^(?:foranyvalue:)?(?:stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

/** Whether a statement holds only for requests in which one of the keys has a value that is accepted. */
export function isNarrowedBy(
  statement: Statement,
  isKey: (key: string) => boolean,
  accepts: (value: string) => boolean,
): Answer {
  const { conditions } = statement;
  if (conditions instanceof Unknown) return conditions;
  let unknown: Unknown | undefined;
  for (const { operator, key, values } of conditions) {
    if (!POSITIVE.test(operator) || !isKey(key) || values.length === 0) continue;
    const open = values.find((value) => value.unknown);
    if (open) unknown ??= open.unknown;
    else if (values.every((value) => value.text !== undefined && accepts(value.text))) return true;
  }
  return unknown ?? false;
}
