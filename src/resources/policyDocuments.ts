/** Policy documents of calls. Parts of one may be known only after the deployment: what is written beside them still counts. */
import { type DocumentKind, Unread, unreadCondition, unreadPolicy } from "../snapshot/unread";
import { AwsRefusal } from "./refusal";
import { findUnread, listOf } from "./values";

type Members = Readonly<Record<string, unknown>>;

/** Elements of a statement that are lists, and what stands for an item that nobody knows. */
const LISTS = ["Action", "NotAction", "Resource", "NotResource"] as const;
/** What an unknown exception leaves: anything. */
const POSITIVE: Readonly<Record<string, string>> = {
  NotAction: "Action",
  NotResource: "Resource",
  NotPrincipal: "Principal",
};

/** Policies are objects or JSON. @throws AwsRefusal where a text is no JSON. */
export function asDocument(value: unknown, kind: DocumentKind): unknown {
  const unread = findUnread(value);
  if (unread !== undefined) return partialDocument(value, kind, unread);
  if (typeof value !== "string") return value ?? null;
  if (value === "") return null;
  try {
    return JSON.parse(value);
  } catch {
    throw new AwsRefusal("MalformedPolicy: Policies must be valid JSON");
  }
}

/**
 * A document with something unread in it. A statement splits: what is known of it stays as it is; whatever its unknown
 * parts may say becomes a statement that hangs on a condition which nobody can decide.
 * @returns What stands for a document of which nothing is known, where its form itself is unread.
 */
function partialDocument(document: unknown, kind: DocumentKind, whole: Unread): unknown {
  const statements = membersOf(document)?.Statement;
  const { Statement: _, ...rest } = membersOf(document) ?? {};
  if (statements === undefined || statements instanceof Unread || findUnread(rest) !== undefined)
    return unreadPolicy(kind, whole.why);
  const split = listOf(statements).map((statement) => splitStatement(statement, kind));
  // Added ones come last, so that a statement keeps its number.
  return {
    ...rest,
    Statement: [...split.map(({ stays }) => stays).flat(), ...split.flatMap(({ added }) => added)],
  };
}

interface SplitStatement {
  readonly stays: readonly unknown[];
  readonly added: readonly unknown[];
}

function splitStatement(statement: unknown, kind: DocumentKind): SplitStatement {
  const unread = findUnread(statement);
  if (unread === undefined) return { stays: [statement], added: [] };
  const members = membersOf(statement);
  if (members === undefined) {
    const { Statement } = unreadPolicy(kind, unread.why) as { Statement: unknown[] };
    return { stays: Statement, added: [] };
  }
  const possible = possibleStatements(members, unread);
  const known = knownPart(members);
  if (known === undefined) return { stays: possible, added: [] };
  // A Sid stands once in a document.
  return { stays: [known], added: possible.map(({ Sid: _, ...rest }) => rest) };
}

/** The statement with the known items of its lists alone; undefined where it says nothing for sure then. */
function knownPart(statement: Members): Members | undefined {
  const known: Record<string, unknown> = { ...statement };
  for (const name of ["Action", "Resource"]) {
    if (findUnread(known[name]) === undefined) continue;
    const items = listOf(known[name]).filter((item) => findUnread(item) === undefined);
    if (items.length === 0) return undefined;
    known[name] = items;
  }
  const principal = membersOf(known.Principal);
  if (principal !== undefined && findUnread(principal) !== undefined) {
    const types = Object.entries(principal).flatMap(([type, names]): [string, unknown][] => {
      const items = listOf(names).filter((item) => findUnread(item) === undefined);
      return items.length === 0 ? [] : [[type, items]];
    });
    if (types.length === 0) return undefined;
    known.Principal = Object.fromEntries(types);
  }
  return findUnread(known) === undefined ? known : undefined;
}

/** Statements that the whole one lies in, whatever its unknown parts are. */
function possibleStatements(statement: Members, unread: Unread): Members[] {
  const possible: Record<string, unknown> = { ...statement };
  for (const name of [...LISTS, "Principal", "NotPrincipal"]) {
    if (findUnread(possible[name]) === undefined) continue;
    delete possible[name];
    possible[POSITIVE[name] ?? name] = "*";
  }
  if (findUnread(possible.Sid) !== undefined) delete possible.Sid;
  possible.Condition = unreadCondition(unread.why, knownConditions(possible.Condition));
  const effects = findUnread(possible.Effect) === undefined ? [possible.Effect] : ["Allow", "Deny"];
  return effects.map((Effect) => ({ ...possible, Effect }));
}

/** A policy as an object, where it is one or the JSON of one. */
export function asObject(document: unknown): unknown {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document);
  } catch {
    return document;
  }
}

/** A document whose statements of these effects hang on something that nobody knows. */
export function withUncertain(effects: readonly string[], document: unknown, why: string): unknown {
  const policy = asObject(document) as { Statement?: unknown } | null;
  if (typeof policy !== "object" || policy === null) return document;
  const Statement = listOf(policy.Statement).map((statement) => {
    const { Effect: effect, Condition: condition = {} } = statement as Record<string, unknown>;
    if (!effects.includes(String(effect))) return statement;
    return {
      ...(statement as object),
      Condition: unreadCondition(why, condition as Record<string, unknown>),
    };
  });
  return { ...policy, Statement };
}

/** Conditions without what is unread: they hold wherever the whole ones do. */
function knownConditions(conditions: unknown): Members {
  return Object.fromEntries(
    Object.entries(membersOf(conditions) ?? {}).flatMap(([operator, keys]): [string, unknown][] => {
      const known = Object.entries(membersOf(keys) ?? {}).filter(
        ([, values]) => findUnread(values) === undefined,
      );
      return known.length === 0 ? [] : [[operator, Object.fromEntries(known)]];
    }),
  );
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unread)
    ? (value as Members)
    : undefined;
}
