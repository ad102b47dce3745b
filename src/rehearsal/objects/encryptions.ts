/** How objects of a bucket can be encrypted and locked. */
import { mayUseBucketKeys } from "../../snapshot/bucketKeys";
import type { BucketState, EncryptionState, KeyState, Snapshot } from "../../snapshot/snapshot";
import type { Policies } from "../../iam";
import { defaultKeyOf } from "../../snapshot/defaultKey";
import { type ReplicationConfiguration, type ReplicationRuleJson, selectsKms } from "../../replication/rules";
import type { ActionNames } from "./statements";

export interface Form {
  /** For keys of sample objects: `kms-bucket-key`. */
  readonly name: string;
  readonly encryption: EncryptionState;
  readonly locked: boolean;
  /** Left out: it has no annotations. */
  readonly annotated?: boolean;
  /** Whether only a rule that selects SSE-KMS objects has to do with it. */
  readonly forSelected: boolean;
}

/**
 * Forms of objects under SSE-S3, under the bucket's default key, and under every other key that the role's policies
 * name: these are the keys that whoever wrote them had in mind. Under keys that nobody named, objects may lie as well,
 * but a set-up that is proven for every key there is does not exist.
 * @param mentionsAnnotations Whether some policy speaks of annotations: elsewhere nobody is known to write any.
 */
export function formsOf(
  bucketArn: string,
  bucket: BucketState,
  configuration: ReplicationConfiguration,
  snapshot: Snapshot,
  identity: Policies["identity"],
  actions: ActionNames,
  mentionsAnnotations: boolean,
): Form[] {
  const defaultKey = defaultKeyOf(bucket);
  const named = namedKeys(bucket, snapshot.keys, identity, actions).filter((arn) => arn !== defaultKey);
  const others = named.length === 0 ? new Set() : keysOfOthers(snapshot, bucketArn, configuration);
  const kmsForms = [
    ...defaultForms(bucket, defaultKey),
    ...named
      .filter((keyArn) => !others.has(keyArn))
      .flatMap((keyArn, index) => ofKey(bucket, `kms-key-${index + 2}`, keyArn)),
  ];
  // A rule that selects SSE-KMS objects expects some, under whatever key they are.
  const expected = kmsForms.length === 0 && configuration.Rules.some(takesKms);
  const unlocked: Form[] = [
    { ...PLAIN, name: "plain" },
    ...kmsForms,
    ...(takesCustomerKeys(bucket) ? [CUSTOMER_KEY] : []),
    ...(expected ? ofKey(bucket, "kms", undefined) : []),
    ...(mentionsAnnotations ? [{ ...PLAIN, name: "annotated", annotated: true }] : []),
  ];
  return bucket.objectLock ? [...unlocked, ...unlocked.map(locked)] : unlocked;
}

const PLAIN = { encryption: { algorithm: "AES256" }, locked: false, forSelected: false } as const;

const CUSTOMER_KEY: Form = {
  name: "customer-key",
  encryption: { algorithm: "SSE-C" },
  locked: false,
  forSelected: false,
};

/** Nobody says of most buckets whether they take SSE-C; of one that does not block it, objects may be under it. */
function takesCustomerKeys({ blockedEncryptionTypes }: BucketState): boolean {
  return blockedEncryptionTypes !== undefined && !blockedEncryptionTypes.includes("SSE-C");
}

/** Objects as the bucket writes them by default, where that is under KMS. */
function defaultForms(bucket: BucketState, keyArn: string | undefined): Form[] {
  if (keyArn === undefined) return [];
  const forms = ofKey(bucket, "kms", keyArn).map((form) => ({ ...form, forSelected: false }));
  if (bucket.encryption?.algorithm !== "aws:kms:dsse") return forms;
  const encryption = { algorithm: "aws:kms:dsse", keyArn, bucketKeyEnabled: false } as const;
  return [...forms, { name: "dsse", encryption, locked: false, forSelected: false }];
}

/**
 * Objects under SSE-KMS with one key. Keys are used with an S3 Bucket Key only where the bucket's default says so, and
 * then without one as well: objects from before it was turned on keep their own.
 */
function ofKey(bucket: BucketState, name: string, keyArn: string | undefined): Form[] {
  const encryption = { algorithm: "aws:kms", keyArn, bucketKeyEnabled: false } as const;
  const without: Form = { name, encryption, locked: false, forSelected: true };
  if (!mayUseBucketKeys(bucket)) return [without];
  return [
    without,
    { ...without, name: `${name}-bucket-key`, encryption: { ...encryption, bucketKeyEnabled: true } },
  ];
}

function locked(form: Form): Form {
  return { ...form, name: form.name === "plain" ? "locked" : `${form.name}-locked`, locked: true };
}

function takesKms(rule: ReplicationRuleJson): boolean {
  return rule.Status === "Enabled" && selectsKms(rule);
}

/** Keys that an Allow for kms:Decrypt names. A wildcard names no key in particular. */
function namedKeys(
  { account, region }: BucketState,
  keys: Readonly<Record<string, KeyState>>,
  identity: Policies["identity"],
  actions: ActionNames,
): string[] {
  const named = new Set(
    (identity === "unread" ? [] : identity).flatMap(({ document }) =>
      document.statements
        .filter((statement) => statement.effect === "Allow" && actions.matches(statement, "kms:Decrypt"))
        .flatMap(({ resources }) => resources ?? []),
    ),
  );
  return [...named].filter((arn) => {
    const key = Object.hasOwn(keys, arn) ? keys[arn] : undefined;
    return key?.account === account && key.region === region;
  });
}

/**
 * Keys that the role's policies name for something else: those of replicas, and those of other buckets that are
 * replicated as the same role.
 */
function keysOfOthers(
  snapshot: Snapshot,
  bucketArn: string,
  configuration: ReplicationConfiguration,
): Set<string> {
  const keys = new Set<string>();
  for (const [arn, bucket] of Object.entries(snapshot.buckets)) {
    const { replication } = bucket;
    if (replication?.Role !== configuration.Role) continue;
    const defaultKey = arn === bucketArn ? undefined : defaultKeyOf(bucket);
    if (defaultKey !== undefined) keys.add(defaultKey);
    for (const { Destination: destination } of replication.Rules) {
      const replicaKey = destination.EncryptionConfiguration?.ReplicaKmsKeyID;
      if (replicaKey !== undefined) keys.add(replicaKey);
    }
  }
  return keys;
}
