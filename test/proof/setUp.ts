/**
 * Two accounts as people set them up for replication, written part by part. Left alone, every part is as it should be;
 * a case replaces the parts that its story is about.
 */
import type { AccountState, BucketState, KeyState, ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import type { ReplicationRuleJson } from "../../src/replication/rules";

export const SOURCE_ACCOUNT = "111122223333";
export const DESTINATION_ACCOUNT = "444455556666";
export const OTHER_ACCOUNT = "777788889999";
export const SOURCE_REGION = "eu-central-1";
export const DESTINATION_REGION = "eu-west-1";
export const SOURCE = "arn:aws:s3:::acme-invoices";
export const DESTINATION = "arn:aws:s3:::acme-invoices-copy";
export const ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/acme-replication`;
export const SOURCE_KEY = keyArn(SOURCE_REGION, SOURCE_ACCOUNT, "1a2b3c4d-0000-4000-8000-000000000001");
export const REPLICA_KEY = keyArn(
  DESTINATION_REGION,
  DESTINATION_ACCOUNT,
  "1a2b3c4d-0000-4000-8000-000000000002",
);

export const S3_THERE = `s3.${DESTINATION_REGION}.amazonaws.com`;
export const S3_HERE = `s3.${SOURCE_REGION}.amazonaws.com`;
export const CONTEXT = "kms:EncryptionContext:aws:s3:arn";

export function keyArn(region: string, account: string, id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

// ---- documents ----------------------------------------------------------------------------------------------------

export interface Statement {
  readonly [element: string]: unknown;
}
export interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
  readonly [element: string]: unknown;
}

export const policy = (...statements: readonly Statement[]): Document => ({
  Version: "2012-10-17",
  Statement: statements,
});

type Text = string | readonly string[];

/** A statement of a role's policy, or of an account's. */
export const allow = (Action: Text, Resource: Text, Condition?: object): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

/** A statement of a bucket's or a key's policy. */
export const allowing = (AWS: Text, Action: Text, Resource: Text, Condition?: object): Statement => ({
  Effect: "Allow",
  Principal: { AWS },
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

export const denyAll = (Action: Text, Resource: Text, Condition?: object): Statement => ({
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

export const root = (account: string) => `arn:aws:iam::${account}:root`;
export const objectsOf = (bucketArn: string) => `${bucketArn}/*`;

/** What every key policy begins with. */
export const administration = (account: string): Statement => ({
  Sid: "Enable IAM User Permissions",
  ...allowing(root(account), "kms:*", "*"),
});

export const trusting = (Service: Text, Condition?: object): Document =>
  policy({
    Effect: "Allow",
    Principal: { Service },
    Action: "sts:AssumeRole",
    ...(Condition === undefined ? {} : { Condition }),
  });

/** Use of a key through S3, for the objects and the Bucket Key of a bucket. */
export const throughS3 = (service: string, bucketArn: string) => ({
  StringLike: { "kms:ViaService": service, [CONTEXT]: [bucketArn, objectsOf(bucketArn)] },
});

export const WRITE = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"] as const;
export const OVERRIDE = "s3:ObjectOwnerOverrideToBucketOwner";
export const READ = [
  "s3:GetObjectVersionForReplication",
  "s3:GetObjectVersionAcl",
  "s3:GetObjectVersionTagging",
] as const;
export const USE_REPLICA_KEY = ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"] as const;

// ---- the role, statement by statement -----------------------------------------------------------------------------

/** Statements of the role's policy by what they are for, so that a case can say which one is another. */
export const ROLE_STATEMENTS = {
  bucket: allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], SOURCE),
  objects: allow(READ, objectsOf(SOURCE)),
  replicas: allow([...WRITE, OVERRIDE], objectsOf(DESTINATION)),
  sourceKey: allow(["kms:Decrypt", "kms:GenerateDataKey"], SOURCE_KEY, throughS3(S3_HERE, SOURCE)),
  replicaKey: allow(USE_REPLICA_KEY, REPLICA_KEY, throughS3(S3_THERE, DESTINATION)),
} as const;

export function rolePolicy(changes: Partial<Record<keyof typeof ROLE_STATEMENTS, Statement>> = {}): Document {
  return policy(...Object.values({ ...ROLE_STATEMENTS, ...changes }));
}

/** The role's policy for objects that no KMS key is needed for. */
export const ROLE_WITHOUT_KMS = policy(
  ROLE_STATEMENTS.bucket,
  ROLE_STATEMENTS.objects,
  ROLE_STATEMENTS.replicas,
);

// ---- rules --------------------------------------------------------------------------------------------------------

export function rule(
  change: Partial<ReplicationRuleJson> = {},
  destination: Partial<ReplicationRuleJson["Destination"]> = {},
): ReplicationRuleJson {
  return {
    ID: "everything",
    Priority: 1,
    Status: "Enabled",
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Enabled" },
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
    ...change,
    Destination: {
      Bucket: DESTINATION,
      Account: DESTINATION_ACCOUNT,
      AccessControlTranslation: { Owner: "Destination" },
      EncryptionConfiguration: { ReplicaKmsKeyID: REPLICA_KEY },
      ...destination,
    },
  };
}

/** An object without some of its fields. */
export function without<T extends object, K extends keyof T>(whole: T, ...names: readonly K[]): Omit<T, K> {
  const copy = { ...whole };
  for (const name of names) delete copy[name];
  return copy;
}

/** A rule that leaves KMS alone. */
export function plainRule(change: Partial<ReplicationRuleJson> = {}): ReplicationRuleJson {
  const whole = rule(change);
  return {
    ...without(whole, "SourceSelectionCriteria"),
    Destination: without(whole.Destination, "EncryptionConfiguration"),
  };
}

// ---- the accounts -------------------------------------------------------------------------------------------------

export interface Parts {
  readonly roleArn: string;
  readonly trust: unknown;
  readonly rolePolicies: readonly unknown[];
  readonly boundary: unknown;
  readonly sourceAccount: Partial<AccountState>;
  readonly destinationAccount: Partial<AccountState>;
  readonly source: Partial<BucketState>;
  readonly destination: Partial<BucketState>;
  /** Policy of the destination bucket. */
  readonly bucketPolicy: unknown;
  readonly rules: readonly ReplicationRuleJson[];
  readonly sourceKey: Partial<KeyState>;
  readonly replicaKey: Partial<KeyState>;
  /** Buckets and keys beside those of the pair. */
  readonly buckets: Snapshot["buckets"];
  readonly keys: Snapshot["keys"];
  readonly objects?: readonly Omit<ObjectState, "bucket">[];
}

const WORKING: Parts = {
  roleArn: ROLE,
  trust: trusting("s3.amazonaws.com"),
  rolePolicies: [rolePolicy()],
  boundary: null,
  sourceAccount: {},
  destinationAccount: {},
  source: {},
  destination: {},
  bucketPolicy: policy(allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
  rules: [rule()],
  sourceKey: {},
  replicaKey: {},
  buckets: {},
  keys: {},
};

export function key(account: string, region: string, document: unknown): KeyState {
  return { account, region, manager: "CUSTOMER", policy: document, state: "Enabled", multiRegion: false };
}

export function bucket(account: string, region: string, change: Partial<BucketState> = {}): BucketState {
  return {
    account,
    region,
    versioning: "Enabled",
    ownership: "BucketOwnerEnforced",
    policy: null,
    objectLock: false,
    replication: null,
    ...change,
  };
}

const underKey = (arn: string) => ({ algorithm: "aws:kms", keyArn: arn, bucketKeyEnabled: true }) as const;

/** Both accounts with everything that replication of SSE-KMS objects needs, but for the parts that are given. */
export function setUp(given: Partial<Parts> = {}): Snapshot {
  const parts = { ...WORKING, ...given };
  const role = { trust: parts.trust, policies: [...parts.rolePolicies], boundary: parts.boundary };
  return {
    accounts: {
      [SOURCE_ACCOUNT]: { ...parts.sourceAccount, roles: { [parts.roleArn]: role } },
      [DESTINATION_ACCOUNT]: { roles: {}, ...parts.destinationAccount },
    },
    buckets: {
      [SOURCE]: bucket(SOURCE_ACCOUNT, SOURCE_REGION, {
        encryption: underKey(SOURCE_KEY),
        replication: { Role: parts.roleArn, Rules: [...parts.rules] },
        ...parts.source,
      }),
      [DESTINATION]: bucket(DESTINATION_ACCOUNT, DESTINATION_REGION, {
        policy: parts.bucketPolicy,
        encryption: underKey(REPLICA_KEY),
        ...parts.destination,
      }),
      ...parts.buckets,
    },
    keys: {
      [SOURCE_KEY]: {
        ...key(SOURCE_ACCOUNT, SOURCE_REGION, policy(administration(SOURCE_ACCOUNT))),
        ...parts.sourceKey,
      },
      [REPLICA_KEY]: {
        ...key(DESTINATION_ACCOUNT, DESTINATION_REGION, replicaKeyPolicy()),
        ...parts.replicaKey,
      },
      ...parts.keys,
    },
    ...(parts.objects === undefined
      ? {}
      : { objects: parts.objects.map((object) => ({ bucket: SOURCE, ...object })) }),
  };
}

/** The replica key's policy, with the statement for the role that is given. */
export function replicaKeyPolicy(
  statement: Statement = allowing(ROLE, USE_REPLICA_KEY, "*", throughS3(S3_THERE, DESTINATION)),
): Document {
  return policy(administration(DESTINATION_ACCOUNT), statement);
}

/** The same accounts with SSE-S3 everywhere, and no key. */
export function setUpWithoutKms(given: Partial<Parts> = {}): Snapshot {
  const encryption = { algorithm: "AES256" } as const;
  const snapshot = setUp({
    rolePolicies: [ROLE_WITHOUT_KMS],
    rules: [plainRule()],
    ...given,
    source: { encryption, ...given.source },
    destination: { encryption, ...given.destination },
  });
  return { ...snapshot, keys: {} };
}
