/** Snapshot files: read with every mistake told, and written. */
import { writeFileSync } from "node:fs";
import { InvalidInputError, show } from "../../problems";
import { type JsonLimits, readJsonFile, subjectOf } from "./jsonFile";
import { checked } from "../../schemaProblems";
import type { Snapshot } from "../snapshot";
import { LARGEST_POLICY, SNAPSHOT } from "../snapshotSchema";
import { type DocumentKind, unreadPolicy } from "../unread";

const LIMITS: JsonLimits = { megabytes: 16, values: 300_000 };

/**
 * @param file Path, or `-` for the standard input.
 * @throws InvalidInputError with the mistakes in the file.
 */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  const value = await readJsonFile("--snapshot", file, LIMITS);
  return parseSnapshot(value, subjectOf("--snapshot", file));
}

/**
 * @param value What JSON says.
 * @param subject What is read, for errors.
 * @throws InvalidInputError with the mistakes in it.
 */
export function parseSnapshot(value: unknown, subject: string): Snapshot {
  return checked(SNAPSHOT, withoutWrappers(value), subject);
}

/** A new file; one that is there is left as it is. */
export function writeSnapshotFile(file: string, snapshot: Snapshot): void {
  try {
    writeFileSync(file, `${JSON.stringify(snapshot, undefined, 2)}\n`, { flag: "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new InvalidInputError("--write-snapshot", [
      exists
        ? `must be a new file, got ${show(file)}, which exists already and is left as it is`
        : `must be a file that can be written, got ${show(file)}: ${(error as Error).message}`,
    ]);
  }
}

// ---- the forms that the AWS CLI prints --------------------------------------------------------------------------

type Change = (value: unknown) => unknown;

/** Takes off what the AWS CLI wraps around documents and configurations, and puts in what stands for the unread. */
function withoutWrappers(value: unknown): unknown {
  const policies = each(document);
  return changed(value, {
    accounts: entries((account) =>
      changed(account, {
        scps: each(policies),
        rcps: each(policies),
        roles: entries((role) =>
          changed(readable(role, ROLE_DOCUMENTS), { policies, trust: document, boundary: document }),
        ),
      }),
    ),
    buckets: entries((bucket) =>
      changed(readable(bucket, { policy: ["resource"] }), {
        policy: document,
        replication: (configuration) => inside(configuration, "ReplicationConfiguration"),
      }),
    ),
    keys: entries((key) => changed(readable(key, KEY_DOCUMENTS), { policy: document })),
  });
}

/** Kind of each document, and whether null says that it is unread: it always exists. */
type Documents = Readonly<Record<string, readonly [kind: DocumentKind, always?: "always"]>>;

const ROLE_DOCUMENTS: Documents = {
  trust: ["trust", "always"],
  policies: ["identity", "always"],
  boundary: ["identity"],
};
const KEY_DOCUMENTS: Documents = { policy: ["resource", "always"] };

/** A document that is null although it always exists, or that `unread` names, is one that nobody could read. */
function readable(owner: unknown, documents: Documents): unknown {
  if (!isObject(owner)) return owner;
  const named: readonly unknown[] = Array.isArray(owner.unread) ? owner.unread : [];
  const read: Record<string, unknown> = { ...owner };
  for (const [name, [kind, always]] of Object.entries(documents)) {
    const isUnread = (always === "always" && read[name] === null) || named.includes(name);
    if (!isUnread || !isEmpty(read[name])) continue;
    const stand = unreadPolicy(kind, `${name} in the snapshot`);
    read[name] = name === "policies" ? [stand] : stand;
    if (!named.includes(name)) read.unread = [...listOf(read.unread), name];
  }
  return read;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/**
 * `get-bucket-policy` and `get-key-policy` print `{"Policy": "<JSON>"}`, `get-role-policy` `{"PolicyDocument": {}}`,
 * `get-policy-version` `{"PolicyVersion": {"Document": {}}}`, `organizations describe-policy` `{"Policy": {"Content":
 * "<JSON>"}}`.
 */
const document: Change = (value) => {
  let inner = value;
  for (const name of ["Policy", "PolicyDocument", "PolicyVersion", "Document", "Content"]) {
    inner = inside(inner, name);
  }
  // What is larger is not worth taking apart: the check tells its size.
  if (typeof inner !== "string" || inner.length > LARGEST_POLICY) return inner;
  try {
    return JSON.parse(inner.replace(/^\uFEFF/, ""));
  } catch {
    // Said to be no policy document when it is checked.
    return inner;
  }
};

function inside(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with some of its fields changed, where it has them. */
function changed(value: unknown, changes: Readonly<Record<string, Change>>): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      Object.hasOwn(changes, name) ? changes[name]?.(inner) : inner,
    ]),
  );
}

function entries(change: Change): Change {
  return (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]))
      : value;
}

function each(change: Change): Change {
  return (value) => (Array.isArray(value) ? value.map(change) : value);
}
