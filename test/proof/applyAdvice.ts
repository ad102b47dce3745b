/** Does to a snapshot what a report advises, the way a person would who pastes every statement and sets every value. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import { parseArn, parsePolicy, type PolicyKind } from "../../src/iam";
import type { Advice, Where } from "../../src/rehearsal/report/report";

interface Document {
  Version: string;
  Statement: unknown[];
}

/** @returns A new snapshot. @throws Error where the advice cannot be followed, or AWS would refuse what comes out. */
export function applyAdvice(snapshot: Snapshot, advice: readonly Advice[]): Snapshot {
  const mended = structuredClone(snapshot);
  for (const { change } of advice) {
    if (change !== undefined) set(mended, change.path, structuredClone(change.value));
  }
  for (const { where, resource, statement } of advice) {
    if (statement !== undefined) append(mended, where, resource, structuredClone(statement));
  }
  return mended;
}

// ---- values ---------------------------------------------------------------------------------------------------------

function set(snapshot: Snapshot, path: string, value: unknown): void {
  const parts = path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = parts.pop();
  let holder: unknown = snapshot;
  for (const part of parts) {
    const inner = (holder as Record<string, unknown>)[part];
    if (typeof inner !== "object" || inner === null) throw new Error(`there is no ${part} for ${path}`);
    holder = inner;
  }
  if (last === undefined || typeof holder !== "object" || holder === null) {
    throw new Error(`nothing is at ${path}`);
  }
  if (last === "-") (holder as unknown[]).push(value);
  else (holder as Record<string, unknown>)[last] = value;
}

// ---- statements -----------------------------------------------------------------------------------------------------

function append(snapshot: Snapshot, where: Where, resource: string, statement: unknown): void {
  const { owner, name, kind } = placeOf(snapshot, where, resource);
  const document = opened(owner[name]);
  document.Statement.push(statement);
  parsePolicy(document, `${where} of ${resource} with the advised statement`, { kind });
  owner[name] = document;
}

function placeOf(
  snapshot: Snapshot,
  where: Where,
  resource: string,
): { owner: Record<string | number, unknown>; name: string | number; kind: PolicyKind } {
  const role = snapshot.accounts[parseArn(resource)?.accountId ?? ""]?.roles[resource];
  const place = (owner: object | undefined, name: string | number, kind: PolicyKind) => {
    if (owner === undefined) {
      throw new Error(`a statement was advised for the ${where} of ${resource}, which is not there`);
    }
    return { owner: owner as Record<string | number, unknown>, name, kind };
  };
  if (where === "role policy") return place(role?.policies, 0, "identity");
  if (where === "permission boundary") return place(role, "boundary", "identity");
  if (where === "trust policy") return place(role, "trust", "trust");
  if (where.endsWith("bucket policy")) return place(snapshot.buckets[resource], "policy", "resource");
  return place(where.endsWith("key policy") ? snapshot.keys[resource] : undefined, "policy", "resource");
}

/** A document as an object with a list of statements; where there was none, an empty one. */
function opened(document: unknown): Document {
  if (document === null || document === undefined) return { Version: "2012-10-17", Statement: [] };
  const parsed = (typeof document === "string" ? JSON.parse(document) : document) as Document;
  return { ...parsed, Statement: [parsed.Statement].flat() };
}
