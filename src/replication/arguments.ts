/** The plain arguments of the two components and of the ready-made program, and what they are when they are left out. */

/** What an argument is when it is left out. Docs, checks and code all read this one table. */
export const DEFAULTS = {
  roleName: "s3-replication",
  rolePath: "/",
  algorithm: "aws:kms",
  bucketKeyEnabled: true,
  keyDeletionWindowInDays: 30,
  protect: true,
  principal: "AccountRoot",
  metrics: true,
  latencyThresholdInSeconds: 3600,
  reportPrefix: "batch-replication/reports",
  manifestPrefix: "batch-replication/manifests",
} as const;

/** S3 accepts no more rules in one replication configuration. */
export const MOST_RULES = 1000;

/** One replication rule: which objects, to which destination, and what the replicas are. */
export interface ReplicationRuleArgs {
  /** Name of the rule, unique in the bucket, at most 255 characters. */
  id: string;
  /**
   * Name of the destination, a key of `destinations`.
   * @default the only destination
   */
  destination?: string;
  /**
   * Whether the rule replicates anything. Objects written while it is off are not replicated later.
   * @default true
   */
  enabled?: boolean;
  /**
   * Where rules of one destination overlap, the rule with the higher number decides. Give it in every rule or in none.
   * @default the order of the rules: the first one decides
   */
  priority?: number;
  /**
   * Beginning of the object keys that the rule replicates, for example 'reports/'.
   * @default all keys
   */
  prefix?: string;
  /**
   * Tags that an object must all have when it is created, key to value.
   * @default objects with any tags and with none
   */
  tags?: Record<string, string>;
  /**
   * Whether delete markers are replicated. S3 refuses it in a rule with tags.
   * @default false
   */
  deleteMarkerReplication?: boolean;
  /**
   * Storage class of the replicas.
   * @default the storage class of the source object
   */
  storageClass?: string;
  /**
   * Whether the account of the destination owns the replicas, also where the destination bucket has ACLs enabled.
   * @default true across accounts, false within one
   */
  ownerOverride?: boolean;
  /**
   * Whether objects under SSE-KMS and DSSE-KMS are replicated.
   * @default true where the source bucket has a KMS key or additionalSourceKeyArns are given
   */
  sseKmsEncryptedObjects?: boolean;
  /**
   * Key ARN that replicas of SSE-KMS objects are encrypted under. Its key policy must grant what the source's output
   * requiredKeyPolicyStatements says.
   * @default the key of the destination's contract
   */
  replicaKmsKeyArn?: string;
  /**
   * S3 Replication Time Control: most objects within 15 minutes, with events for those that are late. Costs extra.
   * @default false
   */
  replicationTimeControl?: boolean;
  /**
   * CloudWatch metrics of the rule, without which nobody sees a failed replication.
   * @default true
   */
  metrics?: boolean;
  /**
   * Whether changes of tags, ACLs and Object Lock settings made to replicas in the source bucket are replicated back
   * (replica modification sync). Needs rules in both directions.
   * @default false
   */
  replicaModifications?: boolean;
}

/** Default retention of an Object Lock bucket: a mode, and either days or years. */
export interface DefaultRetentionArgs {
  /** 'GOVERNANCE' or 'COMPLIANCE'. */
  mode: string;
  /** Days that a new object version is locked. */
  days?: number;
  /** Years that a new object version is locked. */
  years?: number;
}

/** A role of another account that may replicate into the destination bucket, and what it may do. */
export interface ReplicationSourceGrantArgs {
  /** Account of the source bucket, 12 digits. */
  accountId: string;
  /**
   * Name of the replication role in that account.
   * @default 's3-replication'
   */
  roleName?: string;
  /**
   * Path of that role, for example '/replication/'. It is part of the role's ARN.
   * @default '/'
   */
  rolePath?: string;
  /**
   * Whether rules of that source may replicate delete markers.
   * @default false
   */
  deleteMarkerReplication?: boolean;
  /**
   * Whether rules of that source may hand the replicas to the account of the destination.
   * @default true for another account, false for the destination's own
   */
  ownerOverride?: boolean;
  /**
   * Who the policies name: 'AccountRoot', the account narrowed to the role by a condition, which works before the
   * role exists; or 'Role', the role itself, which must exist already.
   * @default 'AccountRoot'
   */
  principal?: string;
}

/**
 * The role of S3 Batch Replication jobs, which replicate the objects that were there before the rules. The command
 * 's3-replication backfill' makes such jobs.
 */
export interface BatchReplicationArgs {
  /**
   * Name of the role.
   * @default the name of the replication role, with '-batch' behind it
   */
  roleName?: string;
  /**
   * Path of the role.
   * @default the path of the replication role
   */
  rolePath?: string;
  /**
   * Bucket that jobs write completion reports into, which say why objects failed. It can be the source bucket where no
   * rule takes the reports: they would be replicated themselves.
   * @default none: jobs have no report
   */
  reportBucketName?: string;
  /**
   * Beginning of the keys of completion reports, without the slash at its end.
   * @default 'batch-replication/reports'
   */
  reportPrefix?: string;
  /**
   * Bucket that holds manifests of your own: lists of the objects that a job is to replicate. Manifests under SSE-KMS
   * need permissions for their key besides, which this role has not.
   * @default none: S3 lists the objects by the rules
   */
  manifestBucketName?: string;
  /**
   * Beginning of the keys of manifests, without the slash at its end.
   * @default 'batch-replication/manifests'
   */
  manifestPrefix?: string;
}

/** The plain part of the arguments that both sides have. */
export interface PlainBucketArgs {
  accountId: string;
  region: string;
  bucketName: string;
  encryption?: { algorithm?: string; keyArn?: unknown; bucketKeyEnabled?: boolean };
  objectLockEnabled?: boolean;
  defaultRetention?: DefaultRetentionArgs;
  noncurrentVersionExpirationDays?: number;
  tags?: Record<string, string>;
  protect?: boolean;
}

export interface PlainDestinationArgs extends PlainBucketArgs {
  sources: ReplicationSourceGrantArgs[];
}

export interface PlainSourceArgs extends PlainBucketArgs {
  roleName?: string;
  rolePath?: string;
  additionalSourceKeyArns?: unknown[];
  monitoring?: object;
  batchReplication?: BatchReplicationArgs;
  destinations: Record<string, { stack?: string; contract?: unknown }>;
  rules: ReplicationRuleArgs[];
}

/** How a bucket encrypts by default, as its arguments say or leave to be. */
export function algorithmOf({
  encryption,
}: {
  readonly encryption?: { readonly algorithm?: string };
}): string {
  return encryption?.algorithm ?? DEFAULTS.algorithm;
}
