/** Policy documents of a snapshot that AWS would not store, and what is left of them. */
import { isPublic, parsePolicy, writtenPolicy } from "../iam";
import type { DocumentRow, StoredDocument, WrittenStatement } from "../replication/refusals/documentRow";
import { documentPut, refusalsOfDocument } from "../replication/refusals/documents";
import { parseArn } from "../naming/arn";
import { defaultKeyOf } from "../snapshot/defaultKey";
import type { BucketState, PublicAccessBlock, Snapshot } from "../snapshot/snapshot";
import { hangsOnUnread, isUnreadPolicy } from "../snapshot/unread";
import { pointer } from "./advice/pointers";
import type { Advice, Refusal, Where } from "./report/report";

/** A document of the snapshot that takes part in the replication of a bucket. */
interface Held {
  /** ARN of the source bucket. */
  readonly bucket: string;
  readonly kind: StoredDocument;
  readonly where: Where;
  readonly owner: string;
  readonly document: unknown;
  /** JSON Pointer to it. */
  readonly path: string;
}

interface Found extends Held {
  readonly row: Pick<DocumentRow, "message" | "mend" | "grade" | "source" | "keep" | "add">;
}

/**
 * A snapshot without the public policies that S3 refuses to put, of buckets which nobody of another account replicates
 * into: what another account lacks is told at its objects.
 * @returns With a sentence for each.
 */
export function withoutPublicPolicies(snapshot: Snapshot): {
  readonly snapshot: Snapshot;
  readonly warnings: readonly string[];
} {
  const held = documentsOf(snapshot).filter(({ kind }) => kind === "bucket");
  const isFromElsewhere = ({ bucket, owner }: Held) =>
    snapshot.buckets[bucket]?.account !== snapshot.buckets[owner]?.account;
  const foreign = new Set(held.filter(isFromElsewhere).map(({ owner }) => owner));
  const own = new Map(held.filter(({ owner }) => !foreign.has(owner)).map((one) => [one.owner, one]));
  const refused = new Set(
    [...own.values()]
      .filter(({ kind, owner, document }) => {
        if (isUnreadPolicy(document) || !hasBlock(snapshot, owner, "restrictPublicBuckets")) return false;
        const { statements = [] } = documentPut(kind, owner, document, snapshot.absent) ?? {};
        return !statements.some(hangsOnUnread);
      })
      .filter((one) => isPublicAndBlocked(snapshot, one))
      .map(({ owner }) => owner),
  );
  if (refused.size === 0) return { snapshot, warnings: [] };
  const buckets = Object.entries(snapshot.buckets).map(([arn, bucket]) => {
    return [arn, refused.has(arn) ? { ...bucket, policy: null } : bucket] as const;
  });
  return {
    snapshot: { ...snapshot, buckets: Object.fromEntries(buckets) },
    warnings: [...refused].map(
      (arn) =>
        `S3 refuses the policy of ${arn} (AccessDenied), as it is public and the bucket blocks public policies (BlockPublicPolicy): nothing that it says counts; name the principals that it is for`,
    ),
  };
}

/** What AWS answers to the documents that take part, each once. */
export function documentRefusals(snapshot: Snapshot): Refusal[] {
  return found(snapshot).map(({ bucket, where, owner, row: { message, mend, grade, source } }) => ({
    bucket,
    where,
    resource: owner,
    message: `${message} (${where} of ${owner})`,
    mend,
    grade,
    source,
  }));
}

/** Documents without what AWS refuses of them; what they lack then is advised like anything that is missing. */
export function documentAdvice(snapshot: Snapshot): Advice[] {
  return found(snapshot).map(({ kind, where, owner, document, path, row }) => {
    const base = { where, resource: owner, reason: `AWS does not store it (${row.message}): ${row.mend}` };
    const { keep, add } = row;
    const put = documentPut(kind, owner, document, snapshot.absent);
    if (put !== undefined && add !== undefined) return { ...base, statement: add(put) };
    if (keep === undefined || put === undefined) return base;
    const statements = put.statements
      .map((statement) => (hangsOnUnread(statement) ? statement : keep(statement, put)))
      .filter((statement) => statement !== undefined);
    return { ...base, change: { path, value: rewritten(document, statements, kind) } };
  });
}

function rewritten(
  document: unknown,
  statements: readonly WrittenStatement[],
  kind: StoredDocument,
): unknown {
  // A bucket can be without a policy, and an empty one is none.
  if (statements.length === 0 && kind === "bucket") return null;
  return { ...writtenPolicy(document), Statement: statements };
}

function found(snapshot: Snapshot): Found[] {
  const seen = new Set<string>();
  return documentsOf(snapshot).flatMap((held) => {
    if (seen.has(held.path) || isUnreadPolicy(held.document)) return [];
    seen.add(held.path);
    const put = documentPut(held.kind, held.owner, held.document, snapshot.absent);
    // A statement with something unread stands for whatever it may say.
    const read = put?.statements.filter((statement) => !hangsOnUnread(statement)) ?? [];
    const isWhole = read.length === put?.statements.length;
    const rows = put === undefined ? [] : refusalsOfDocument({ ...put, statements: read, isWhole });
    return [...rows, ...blocked(snapshot, held)].map((row) => ({ ...held, row }));
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
function blocked(snapshot: Snapshot, held: Held): Found["row"][] {
  if (!isPublicAndBlocked(snapshot, held)) return [];
  // Where public buckets are restricted too, the objects themselves tell of it.
  if (hasBlock(snapshot, held.owner, "restrictPublicBuckets")) return [];
  return [
    {
      message:
        "AccessDenied: not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
      mend: "name the principals that the policy is for, or narrow it to fixed values of aws:PrincipalArn or aws:PrincipalAccount",
      grade: "documented",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    },
  ];
}

function isPublicAndBlocked(snapshot: Snapshot, { kind, owner, document }: Held): boolean {
  if (kind !== "bucket" || document === null || !hasBlock(snapshot, owner, "blockPublicPolicy")) return false;
  return isPublic(parsePolicy(document, "policy", { kind: "resource" }));
}

/** Whether a bucket, or its account, blocks public access in one of the ways. */
function hasBlock({ buckets, accounts }: Snapshot, owner: string, way: keyof PublicAccessBlock): boolean {
  const bucket = buckets[owner];
  if (bucket === undefined) return false;
  return [bucket, accounts[bucket.account]].some((holder) => holder?.publicAccessBlock?.[way] === true);
}

function documentsOf(snapshot: Snapshot): Held[] {
  return Object.entries(snapshot.buckets).flatMap(([bucket, state]) => {
    const { replication } = state;
    if (replication === null) return [];
    const destinations = replication.Rules.map(({ Destination }) => Destination);
    const keys = destinations.map(({ EncryptionConfiguration: key }) => key?.ReplicaKmsKeyID);
    const roles = [replication.Role, state.batchReplication?.role];
    return [
      bucketPolicy(snapshot, bucket, bucket, "source bucket policy"),
      ...destinations.map(({ Bucket }) =>
        bucketPolicy(snapshot, bucket, Bucket, "destination bucket policy"),
      ),
      keyPolicy(snapshot, bucket, defaultKeyOf(state), "source key policy"),
      ...keys.map((key) => keyPolicy(snapshot, bucket, key, "destination key policy")),
      ...roles.flatMap((role) => (role === undefined ? [] : ofRole(snapshot, bucket, role))),
      ...accountsOf(
        snapshot,
        state,
        destinations.map(({ Bucket }) => Bucket),
      ).flatMap((account) => ofOrganization(snapshot, bucket, account)),
    ].flat();
  });
}

function bucketPolicy(snapshot: Snapshot, bucket: string, owner: string, where: Where): Held[] {
  const state = Object.hasOwn(snapshot.buckets, owner) ? snapshot.buckets[owner] : undefined;
  if (state === undefined) return [];
  const path = pointer("buckets", owner, "policy");
  return [{ bucket, kind: "bucket", where, owner, document: state.policy, path }];
}

function keyPolicy(snapshot: Snapshot, bucket: string, owner: string | undefined, where: Where): Held[] {
  const state = owner !== undefined && Object.hasOwn(snapshot.keys, owner) ? snapshot.keys[owner] : undefined;
  // Nobody puts the policies of keys that AWS manages.
  if (owner === undefined || state?.manager !== "CUSTOMER") return [];
  const path = pointer("keys", owner, "policy");
  return [{ bucket, kind: "key", where, owner, document: state.policy, path }];
}

function ofRole(snapshot: Snapshot, bucket: string, owner: string): Held[] {
  const accountId = parseArn(owner)?.accountId ?? "";
  const role = snapshot.accounts[accountId]?.roles[owner];
  if (role === undefined) return [];
  const path = pointer("accounts", accountId, "roles", owner);
  const large = role.policies.filter((document) => sizeOf(document) > LARGEST_MANAGED);
  return [
    ...(large.length > 1 ? [together(bucket, owner, large, path)] : []),
    { bucket, kind: "trust", where: "trust policy", owner, document: role.trust, path: `${path}/trust` },
    ...role.policies.map((document, index): Held => {
      const place = `${path}${pointer("policies", index)}`;
      return { bucket, kind: "identity", where: "role policy", owner, document, path: place };
    }),
    {
      bucket,
      kind: "identity",
      where: "permission boundary",
      owner,
      document: role.boundary,
      path: `${path}/boundary`,
    },
  ];
}

/** Characters of a managed policy: what is larger is inline. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LARGEST_MANAGED = 6_144;

function sizeOf(document: unknown): number {
  return documentPut("identity", "", document)?.size ?? 0;
}

/** Inline policies of a role count together. */
function together(bucket: string, owner: string, documents: readonly unknown[], path: string): Held {
  const statements = documents.flatMap(
    (document) => documentPut("identity", owner, document)?.statements ?? [],
  );
  const document = { Version: "2012-10-17", Statement: statements };
  return { bucket, kind: "identity", where: "role policy", owner, document, path: `${path}/policies` };
}

function accountsOf({ buckets }: Snapshot, source: BucketState, destinations: readonly string[]): string[] {
  const accounts = destinations.flatMap(
    (arn) => (Object.hasOwn(buckets, arn) ? buckets[arn]?.account : []) ?? [],
  );
  return [...new Set([source.account, ...accounts])];
}

function ofOrganization(snapshot: Snapshot, bucket: string, owner: string): Held[] {
  const account = snapshot.accounts[owner];
  return (
    [
      ["scps", "scp", "service control policy"],
      ["rcps", "rcp", "resource control policy"],
    ] as const
  ).flatMap(([name, kind, where]) =>
    (account?.[name] ?? []).flatMap((level, at) =>
      level.map((document, place): Held => {
        const path = pointer("accounts", owner, name, at, place);
        return { bucket, kind, where, owner, document, path };
      }),
    ),
  );
}
