/** The accounts as rehearsal sees them, whatever they were read from; also the form of a snapshot file. */
import type { BatchReplication } from "../replication/batch/permissions";
import type { ReplicationConfiguration } from "../replication/rules";

/** An IAM policy document as it is written down, or as a JSON string. Checked when it is decided upon. */
export type PolicyText = unknown;

export interface Snapshot {
  /** By account id. */
  accounts: Record<string, AccountState>;
  /** By bucket ARN. */
  buckets: Record<string, BucketState>;
  /** By key ARN. */
  keys: Record<string, KeyState>;
  /** ARNs of buckets, keys and roles that were looked for, and that do not exist. */
  absent?: string[];
  /** Findings about rules that whoever wrote the program says are meant so, by their ids. */
  accepted?: string[];
  /** What the sources leave open besides the settings that are marked, a sentence each: nothing is proven then. */
  unread?: string[];
  /** What two sources say otherwise of one thing, a sentence each: it names which one counts. */
  contradictions?: string[];
  /** Objects to replicate; left out: the kinds of objects that each rule can meet. */
  objects?: ObjectState[];
}

export interface AccountState {
  /**
   * Id of the account's organization, `o-...`, which conditions on aws:PrincipalOrgID ask for. Left out: not known; null:
   * the account is in none.
   */
  organizationId?: string | null;
  /** Place of the account in its organization, `o-.../r-.../ou-.../`, which conditions on paths ask for. */
  organizationPath?: string;
  /** Service control policies, a list a level. Left out: there are none; null: nobody could read them. */
  scps?: PolicyText[][] | null;
  /** Resource control policies, a list a level. Left out: there are none; null: nobody could read them. */
  rcps?: PolicyText[][] | null;
  publicAccessBlock?: PublicAccessBlock;
  /** By role ARN. */
  roles: Record<string, RoleState>;
  /** Names of settings here that nobody read: the program says them. */
  stated?: string[];
}

export interface RoleState {
  trust: PolicyText;
  policies: PolicyText[];
  boundary?: PolicyText;
  /** Names of the policies, in their order, for people. */
  policyNames?: string[];
  /** Left out: not known. */
  tags?: Record<string, string>;
  unread?: string[];
}

export interface PublicAccessBlock {
  blockPublicAcls?: boolean;
  blockPublicPolicy?: boolean;
  ignorePublicAcls?: boolean;
  restrictPublicBuckets?: boolean;
}

export type ObjectOwnership = "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter";

export interface BucketState {
  account: string;
  region: string;
  versioning: "Enabled" | "Suspended" | null;
  ownership: ObjectOwnership;
  policy: PolicyText;
  encryption?: EncryptionState;
  objectLock: boolean;
  requesterPays?: boolean;
  publicAccessBlock?: PublicAccessBlock;
  blockedEncryptionTypes?: string[];
  /** Lifecycle rules. Left out: not known. */
  lifecycle?: LifecycleRuleState[];
  /** Tags of the bucket itself. Left out: not known. */
  tags?: Record<string, string>;
  /** Whether tags of the bucket decide on access to it. Left out: not known. */
  abac?: "Enabled" | "Disabled";
  replication: ReplicationConfiguration | null;
  /** A Batch Replication job of the bucket's existing objects, to be rehearsed too. */
  batchReplication?: BatchReplication;
  /**
   * Names of the settings here that nobody could read. What stands in their place is no statement about the account:
   * nothing that depends on it is proven.
   */
  unread?: string[];
  /** Names of the settings here that nobody read: the program says them of a bucket that it does not make. */
  stated?: string[];
}

/** A lifecycle rule, as far as replication meets it. */
export interface LifecycleRuleState {
  id?: string;
  status: "Enabled" | "Disabled";
  /** What keys of its objects begin with. Left out: anything. */
  prefix?: string;
  /** Whether objects or their older versions expire. Left out: they do not. */
  expires?: boolean;
  /** Storage classes that it moves objects or their older versions to. Left out: none. */
  transitions?: string[];
}

/** How a bucket or an object is encrypted. */
export interface EncryptionState {
  /** `NONE` is an object that was written before S3 encrypted everything. */
  algorithm: "AES256" | "aws:kms" | "aws:kms:dsse" | "SSE-C" | "NONE";
  keyArn?: string;
  bucketKeyEnabled?: boolean;
}

export interface KeyState {
  account: string;
  region: string;
  manager: "CUSTOMER" | "AWS";
  policy: PolicyText;
  grants?: {
    granteePrincipal: string;
    operations: string[];
    constraints?: {
      encryptionContextSubset?: Record<string, string>;
      encryptionContextEquals?: Record<string, string>;
    };
  }[];
  /** `Unavailable` is a key whose store is not connected. */
  state: "Enabled" | "Disabled" | "PendingDeletion" | "PendingImport" | "Unavailable";
  multiRegion: boolean;
  /** Left out: not known. */
  tags?: Record<string, string>;
  unread?: string[];
}

export interface ObjectState {
  /** ARN of the source bucket. */
  bucket: string;
  key: string;
  tags?: Record<string, string>;
  encryption: EncryptionState;
  storageClass?: string;
  deleteMarker?: boolean;
  /** Has annotations. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html */
  annotated?: boolean;
  /** Under an Object Lock retention or legal hold. */
  objectLock?: boolean;
  /** The object is a replica itself. */
  replica?: boolean;
}

/** Whether something was looked for, and is not there. */
export function isAbsent({ absent }: Snapshot, arn: string): boolean {
  return absent?.includes(arn) === true;
}

export function emptySnapshot(): Snapshot {
  return { accounts: {}, buckets: {}, keys: {} };
}

export function accountOf(snapshot: Snapshot, accountId: string): AccountState {
  return (snapshot.accounts[accountId] ??= { roles: {} });
}
