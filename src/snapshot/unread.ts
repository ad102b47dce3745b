/** What a reader could not read: kept as such, so that nothing that depends on it is proven or guessed. */
import type { Snapshot } from "./snapshot";

/** Stands where a value would: it is encrypted, or known only after a deployment. */
export class Unread {
  constructor(
    /** For people: `encrypted in the state`. */
    readonly why: string,
    /** URNs of the resources that it will come from, where the engine says so. */
    readonly sources: readonly string[] = [],
    /** How to make it known, for people: `give the state after the apply`. */
    readonly remedy?: string,
  ) {}
}

/** Where a document is attached, which decides on the elements that it must have. */
export type DocumentKind = "identity" | "resource" | "trust";

const UNREAD_ID = "s3-replication:unread";
const UNREAD_KEY = "unread:";

/**
 * A document that may allow anything and may deny anything: both hang on a key that nobody knows, so that each request
 * that it has a say in is unproven, unless something else denies it.
 */
export function unreadPolicy(kind: DocumentKind, why: string): Record<string, unknown> {
  const statement = (effect: "Allow" | "Deny") => ({
    Sid: `S3ReplicationUnread${effect}`,
    Effect: effect,
    ...(kind === "identity" ? {} : { Principal: "*" }),
    Action: "*",
    ...(kind === "trust" ? {} : { Resource: "*" }),
    Condition: unreadCondition(why),
  });
  return { Version: "2012-10-17", Id: UNREAD_ID, Statement: [statement("Allow"), statement("Deny")] };
}

/** Conditions that hold only if what was not read says so. @param conditions What holds besides. */
export function unreadCondition(
  why: string,
  conditions: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { StringEquals: equals = {}, ...others } = conditions;
  return { ...others, StringEquals: { ...(equals as object), [unreadKey(why)]: "true" } };
}

/** The condition key that stands for something that was not read: no request has it, and none is known not to. */
export function unreadKey(why: string): string {
  return `${UNREAD_KEY}${encodeURIComponent(why)}`;
}

/** Whether a statement stands for one of which something could not be read. */
export function hangsOnUnread({ Condition: condition }: { readonly Condition?: unknown }): boolean {
  return Object.values((condition ?? {}) as Readonly<Record<string, object>>).some((keys) =>
    Object.keys(keys).some((key) => key.startsWith(UNREAD_KEY)),
  );
}

/** Whether a statement of that id is one of a document that could not be read. */
export function isPlaceholder(sid: string | undefined): boolean {
  return sid === "S3ReplicationUnreadAllow" || sid === "S3ReplicationUnreadDeny";
}

/** Why a document was not read, of a condition key that stands for it; undefined of a key that AWS knows. */
export function whyUnread(key: string): string | undefined {
  if (!key.startsWith(UNREAD_KEY)) return undefined;
  const written = key.slice(UNREAD_KEY.length);
  try {
    return decodeURIComponent(written);
  } catch {
    // Somebody wrote it by hand.
    return written;
  }
}

/** Whether a document stands for one that could not be read. */
export function isUnreadPolicy(document: unknown): boolean {
  return (document as { Id?: unknown } | null | undefined)?.Id === UNREAD_ID;
}

interface Markable {
  unread?: string[];
  stated?: string[];
}

export function markUnread(state: Markable, setting: string): void {
  state.unread = [...new Set([...(state.unread ?? []), setting])];
}

/** What a resource sets is no longer unread, nor what somebody said of it before. */
export function markRead(state: Markable, setting: string): void {
  const rest = state.unread?.filter((other) => other !== setting) ?? [];
  if (rest.length > 0) state.unread = rest;
  else delete state.unread;
  if (state.stated !== undefined) state.stated = state.stated.filter((other) => other !== setting);
}

/**
 * What a snapshot leaves open of the buckets, roles and keys that take part in a replication: a sentence each.
 * @param explain Why a setting is not known and how to make it known, where somebody knows.
 */
export function unreadSentences(
  snapshot: Snapshot,
  explain: (arn: string, setting: string) => string | undefined = () => undefined,
): string[] {
  const sentences: string[] = [...(snapshot.unread ?? [])];
  const tell = (arn: string, what: string, state: Markable | undefined) => {
    for (const setting of state?.unread ?? []) {
      const why = explain(arn, setting);
      const sentence = `'${setting}' of the ${what} ${arn} could not be read${why === undefined ? "" : `: ${why}`}`;
      if (!sentences.includes(sentence)) sentences.push(sentence);
    }
  };
  const tellKey = (arn: string | undefined) => {
    if (arn !== undefined && Object.hasOwn(snapshot.keys, arn)) tell(arn, "key", snapshot.keys[arn]);
  };
  for (const [arn, bucket] of Object.entries(snapshot.buckets)) {
    const { replication, unread = [] } = bucket;
    if (replication === null && !unread.includes("replication")) continue;
    tell(arn, "bucket", bucket);
    tellKey(bucket.encryption?.keyArn);
    if (replication === null) continue;
    for (const account of Object.values(snapshot.accounts)) {
      if (Object.hasOwn(account.roles, replication.Role)) {
        tell(replication.Role, "role", account.roles[replication.Role]);
      }
    }
    for (const { Destination: destination } of replication.Rules) {
      const target = Object.hasOwn(snapshot.buckets, destination.Bucket)
        ? snapshot.buckets[destination.Bucket]
        : undefined;
      tell(destination.Bucket, "bucket", target);
      tellKey(destination.EncryptionConfiguration?.ReplicaKmsKeyID);
    }
  }
  return sentences;
}
