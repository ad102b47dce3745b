/** The forms in which the AWS CLI prints documents and settings, taken apart to what a snapshot says of them. */
import { listOf } from "../input/anyValue";
import { KEY_STATES } from "./keyStates";
import { lifecycleOf } from "./lifecycle";
import { LARGEST_POLICY } from "./snapshotSchema";
import { assertUniqueNames } from "../files/uniqueNames";
import { type DocumentKind, unreadPolicy } from "./unread";

type Change = (value: unknown) => unknown;

/** Takes off what the AWS CLI wraps around documents and configurations, and puts in what stands for the unread. */
export function withoutWrappers(value: unknown): unknown {
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
      changed(withBlockedTypes(readable(bucket, { policy: ["resource"] })), {
        policy: document,
        ...SETTINGS,
      }),
    ),
    keys: entries((key) => changed(readable(key, KEY_DOCUMENTS), { policy: document, state: keyState })),
  });
}

/** What `aws s3api get-*` prints of a bucket's settings, by their names in a snapshot. Any other form stays as it is. */
const SETTINGS: Readonly<Record<string, Change>> = {
  // Of a bucket that never had versioning, it prints nothing.
  versioning: (value) => (isObject(value) ? (value.Status ?? null) : value),
  ownership: printed("OwnershipControls", (controls) => firstRule(controls).ObjectOwnership),
  encryption: printed("ServerSideEncryptionConfiguration", (configuration) => {
    const { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled } = firstRule(configuration);
    const { SSEAlgorithm, KMSMasterKeyID } = objectOf(byDefault);
    return { algorithm: SSEAlgorithm, keyArn: KMSMasterKeyID, bucketKeyEnabled: BucketKeyEnabled };
  }),
  objectLock: printed("ObjectLockConfiguration", (lock) => objectOf(lock).ObjectLockEnabled === "Enabled"),
  requesterPays: printed("Payer", (payer) => payer === "Requester"),
  publicAccessBlock: printed("PublicAccessBlockConfiguration", (block) =>
    Object.fromEntries(
      Object.entries(objectOf(block)).map(([name, value]) => [
        `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
        value,
      ]),
    ),
  ),
  lifecycle: printed("Rules", lifecycleOf),
  replication: printed("ReplicationConfiguration", (configuration) => configuration),
};

/** `get-bucket-encryption` says in one answer what is two settings here. */
function withBlockedTypes(bucket: unknown): unknown {
  const { encryption, blockedEncryptionTypes } = objectOf(bucket);
  const rule = firstRule(objectOf(encryption).ServerSideEncryptionConfiguration);
  const { EncryptionType } = objectOf(rule.BlockedEncryptionTypes);
  if (blockedEncryptionTypes !== undefined || EncryptionType === undefined) return bucket;
  return { ...objectOf(bucket), blockedEncryptionTypes: EncryptionType };
}

/** `aws kms describe-key` knows more states than make a difference. */
const keyState: Change = (value) => (typeof value === "string" ? (KEY_STATES[value] ?? value) : value);

function printed(name: string, change: Change): Change {
  return (value) => (isObject(value) && Object.hasOwn(value, name) ? change(value[name]) : value);
}

function firstRule(configuration: unknown): Record<string, unknown> {
  return objectOf(listOf(objectOf(configuration).Rules)[0]);
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
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

/**
 * `get-bucket-policy` and `get-key-policy` print `{"Policy": "<JSON>"}`, `get-role-policy` `{"PolicyDocument": {}}`,
 * `get-policy-version` `{"PolicyVersion": {"Document": {}}}`, `organizations describe-policy` `{"Policy": {"Content":
 * "<JSON>"}}`.
 */
const document: Change = (value) => {
  let inner = value;
  for (const name of ["Policy", "PolicyDocument", "PolicyVersion", "Document", "Content"]) {
    inner = printed(name, (document) => document)(inner);
  }
  // What is larger is not worth taking apart: the check tells its size.
  if (typeof inner !== "string" || inner.length > LARGEST_POLICY) return inner;
  const text = inner.replace(/^\uFEFF/, "");
  try {
    inner = JSON.parse(text);
  } catch {
    // Said to be no policy document when it is checked.
    return inner;
  }
  assertUniqueNames("a policy document in the snapshot", text);
  return inner;
};

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
