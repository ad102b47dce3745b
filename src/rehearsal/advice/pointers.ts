/** Places in a snapshot: documents and statements, and JSON Pointers (RFC 6901) to them. */
import { bucketArnWithin } from "../../naming/names";
import type { Snapshot } from "../../snapshot/snapshot";
import { parseArn, writtenPolicy } from "../../iam";
import { rolePolicyName } from "../policyBook";
import type { Advice, Missing, StatementPlace, Where } from "../report/report";

export function pointer(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The rest of a path below the bucket, key, role or account that it leads to; slashes that are part of a name are back. */
export function placeWithin(path: string, resource: string): string {
  const holder = `${pointer(resource)}/`;
  const rest = path.slice(path.indexOf(holder) + holder.length);
  return rest.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A snapshot in which the changes are made; it shares what is not changed. */
export function withChanges(snapshot: Snapshot, advice: readonly Advice[]): Snapshot {
  let changed: unknown = snapshot;
  for (const { change } of advice) {
    if (change === undefined) continue;
    const parts = change.path
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    changed = withValue(changed, parts, change.value);
  }
  return changed as Snapshot;
}

function withValue(holder: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(holder)) {
    const items: unknown[] = [...(holder as unknown[])];
    const index = first === "-" ? items.length : Number(first);
    items[index] = withValue(items[index], rest, value);
    return items;
  }
  const fields = (holder ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [first]: withValue(fields[first], rest, value) };
}

/** ARN of whatever has the document that something is missing in, or the account of an account policy. */
export function ownerOf(snapshot: Snapshot, { where, resource }: Missing, roleArn: string): string {
  const bucketArn = bucketArnWithin(resource);
  switch (where) {
    case "role policy":
    case "trust policy":
    case "permission boundary":
    case "session policy":
      return roleArn;
    case "service control policy":
      // Said of an account where it is not the role's own.
      return /^\d{12}$/.test(resource) ? resource : (parseArn(roleArn)?.accountId ?? "");
    case "resource control policy":
      return bucketArn === undefined
        ? (parseArn(resource)?.accountId ?? "")
        : (snapshot.buckets[bucketArn]?.account ?? "");
    case "source bucket policy":
    case "destination bucket policy":
    case "source key policy":
    case "destination key policy":
    case "bucket setting":
    case "key state":
    case "rule":
    case "snapshot":
      return bucketArn ?? resource;
  }
}

/** A statement as it is written in the snapshot, and the place to write it back to. */
export interface WrittenStatement {
  readonly path: string;
  /** Place in the document, from 0. */
  readonly index: number;
  readonly statement: Readonly<Record<string, unknown>>;
  /** What is written at the path when statements of the document, by their places, are replaced by others. */
  readonly with: (statements: ReadonlyMap<number, unknown>) => unknown;
}

/** @param owner ARN of the role, bucket or key that has the document, or the account id of an account policy. */
export function findStatement(
  snapshot: Snapshot,
  where: Where,
  owner: string,
  { policy, index }: StatementPlace,
): WrittenStatement | undefined {
  const found = findDocument(snapshot, where, owner, policy);
  if (found === undefined) return undefined;
  const { document, path } = found;
  const parsed = writtenPolicy(document);
  const statements = [parsed?.Statement].flat();
  const statement = statements[index];
  if (typeof statement !== "object" || statement === null) return undefined;
  // A document that is written as text or with a single statement is written back as a whole.
  const isList = typeof document !== "string" && Array.isArray(parsed?.Statement);
  return {
    index,
    statement: statement as Record<string, unknown>,
    path: isList ? `${path}${pointer("Statement", index)}` : path,
    with: (replaced) =>
      isList
        ? replaced.get(index)
        : {
            ...parsed,
            Statement: statements.map((each, at) => (replaced.has(at) ? replaced.get(at) : each)),
          },
  };
}

/** The organization's policies by how reports call them: kind, level and place. */
const ACCOUNT_POLICY = /^(service|resource) control policy (\d+)\.(\d+)/;

function findDocument(
  snapshot: Snapshot,
  where: Where,
  owner: string,
  policy: string,
): { document: unknown; path: string } | undefined {
  const accountId = parseArn(owner)?.accountId ?? owner;
  const role = snapshot.accounts[accountId]?.roles[owner];
  const rolePath = pointer("accounts", accountId, "roles", owner);
  const [, kind, level, place] = ACCOUNT_POLICY.exec(policy) ?? [];
  if (level !== undefined && place !== undefined) {
    const levels = kind === "service" ? "scps" : "rcps";
    return {
      document: snapshot.accounts[accountId]?.[levels]?.[Number(level)]?.[Number(place)],
      path: pointer("accounts", accountId, levels, level, place),
    };
  }
  if (where === "role policy") {
    const index = role?.policies.findIndex((_, at) => rolePolicyName(role, at) === policy) ?? -1;
    return index < 0
      ? undefined
      : { document: role?.policies[index], path: `${rolePath}${pointer("policies", index)}` };
  }
  if (where === "trust policy") return { document: role?.trust, path: `${rolePath}/trust` };
  if (where === "permission boundary") return { document: role?.boundary, path: `${rolePath}/boundary` };
  if (where.endsWith("bucket policy")) {
    return { document: snapshot.buckets[owner]?.policy, path: pointer("buckets", owner, "policy") };
  }
  if (where.endsWith("key policy")) {
    return { document: snapshot.keys[owner]?.policy, path: pointer("keys", owner, "policy") };
  }
  return undefined;
}

/** Documents that advice for a place goes into, as they are. */
export function documentsAt(snapshot: Snapshot, where: Where, owner: string): readonly unknown[] {
  const role = snapshot.accounts[parseArn(owner)?.accountId ?? ""]?.roles[owner];
  if (where === "role policy") return role?.policies ?? [];
  return [findDocument(snapshot, where, owner, "")?.document];
}
