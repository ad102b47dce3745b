/** The plain arguments of the components and of the ready-made program, and what they are when they are left out. */

/** What an argument is when it is left out. Docs, checks and code all read this one table. */
export const DEFAULTS = {
  roleName: "s3-replication",
  rolePath: "/",
  algorithm: "aws:kms",
  bucketKeyEnabled: true,
  objectOwnership: "BucketOwnerEnforced",
  keyDeletionWindowInDays: 30,
  protect: true,
  principal: "AccountRoot",
  metrics: true,
  failedOperationsThreshold: 1,
  latencyThresholdInSeconds: 3600,
  pendingBytesThreshold: 1_000_000_000_000,
  failureQueueDepthThreshold: 1,
  reportPrefix: "batch-replication/reports",
  manifestPrefix: "batch-replication/manifests",
} as const;

/** One replication rule: which objects, to which destination, and what the replicas are. */
export interface ReplicationRule {
  /** Name of the rule, unique in the bucket, at most 255 characters. */
  id: string;
  /**
   * Name of the destination, one of those in 'destinations'.
   * Default: the only destination.
   */
  destination?: string;
  /**
   * Whether the rule replicates anything. Objects written while it is off are not replicated later.
   * Default: true.
   */
  enabled?: boolean;
  /**
   * Where rules of one destination overlap, the rule with the higher number decides. Give it in every rule or in none.
   * Default: 1000 for the first rule, 999 for the second and so on: the first one decides. A rule that is added last
   * leaves the others as they are.
   */
  priority?: number;
  /**
   * Beginning of the object keys that the rule replicates, for example 'reports/'.
   * Default: all keys.
   */
  prefix?: string;
  /**
   * Tags, key to value, that an object must all have when it is created.
   * Default: objects with any tags and with none.
   */
  tags?: Record<string, string>;
  /**
   * Whether delete markers are replicated. S3 refuses it in a rule with tags.
   * Default: false.
   */
  deleteMarkerReplication?: boolean;
  /**
   * Storage class of the replicas.
   * Default: the storage class of the source object.
   */
  storageClass?: string;
  /**
   * Whether the account of the destination owns the replicas, also where the destination bucket has ACLs enabled.
   * Default: true across accounts, false within one.
   */
  ownerOverride?: boolean;
  /**
   * Whether objects under SSE-KMS and DSSE-KMS are replicated.
   * Default: true where the source bucket has a KMS key or 'additionalSourceKeyArns' are given.
   */
  sseKmsEncryptedObjects?: boolean;
  /**
   * ARN of the KMS key that replicas of SSE-KMS objects are encrypted under. Its key policy must grant
   * the replication role what the policy of the destination's own key grants it.
   * Default: the key of the destination's contract.
   */
  replicaKmsKeyArn?: string;
  /**
   * S3 Replication Time Control: most objects within 15 minutes, with events for those that are late. Costs extra.
   * Default: false.
   */
  replicationTimeControl?: boolean;
  /**
   * CloudWatch metrics of the rule, without which nobody sees a failed replication.
   * Default: true.
   */
  metrics?: boolean;
  /**
   * Whether changes of tags, ACLs and Object Lock settings made to replicas in the source bucket are replicated back
   * (replica modification sync). Needs rules in both directions.
   * Default: false.
   */
  replicaModifications?: boolean;
}

/** A replication rule of a bucket that somebody else made, as far as watching it goes. */
export interface WatchedRule {
  /** Id of the rule, as the bucket's replication configuration has it. */
  id: string;
  /** ARN of the rule's destination bucket. */
  destinationBucketArn: string;
  /**
   * Whether the rule is on.
   * Default: true.
   */
  enabled?: boolean;
  /**
   * Whether the rule has replication metrics. S3 sends neither metrics nor events for a rule without them.
   * Default: true.
   */
  metrics?: boolean;
  /**
   * Whether the rule has S3 Replication Time Control, which sends events for objects that are late.
   * Default: false.
   */
  replicationTimeControl?: boolean;
}

/** Default retention of an Object Lock bucket: a mode, and either days or years. */
export interface DefaultRetention {
  /** Mode of the retention: 'GOVERNANCE' or 'COMPLIANCE'. */
  mode: string;
  /** Days that a new object version is locked; left out where years are given. */
  days?: number;
  /** Years that a new object version is locked; left out where days are given. */
  years?: number;
}

/**
 * Who may replicate into the destination bucket, and what they may do: a role of one account, or a role of the same name
 * in each account of an organization.
 */
export interface ReplicationSourceGrant {
  /**
   * Account of the source bucket, 12 digits as a text.
   * Default: none; 'organizationId' is given instead.
   */
  accountId?: string;
  /**
   * Id of an organization, 'o-...', each of whose accounts may replicate. Whoever may make a role of this name and path
   * in one of them may write replicas: keep the name to yourselves, for example by an SCP on the path.
   * Default: none; 'accountId' is given instead.
   */
  organizationId?: string;
  /**
   * Places in the organization that an account must be at, as aws:PrincipalOrgPaths has them: one such as
   * 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*' takes in the unit and the units below it.
   * Default: all accounts of the organization.
   */
  paths?: string[];
  /**
   * Whether each account of the organization may write only below its own id: keys that begin with '<account>/'.
   * Replicas keep the keys of their source objects, so its rules have such prefixes too.
   * Default: false.
   */
  prefixPerAccount?: boolean;
  /**
   * Name of the replication role.
   * Default: 's3-replication'.
   */
  roleName?: string;
  /**
   * Path of that role, for example '/replication/'. It is part of the role's ARN.
   * Default: '/'.
   */
  rolePath?: string;
  /**
   * Whether rules of that source may replicate delete markers.
   * Default: false.
   */
  deleteMarkerReplication?: boolean;
  /**
   * Whether rules of that source may hand the replicas to the account of the destination.
   * Default: true for another account, false for the destination's own.
   */
  ownerOverride?: boolean;
  /**
   * Who the policies name: 'AccountRoot', the account narrowed to the role by a condition, which works before the
   * role exists; or 'Role', the role itself, which must exist already. An organization is always narrowed so.
   * Default: 'AccountRoot'.
   */
  principal?: string;
}

/** The replication role, where it exists already. Its name and path are 'roleName' and 'rolePath'. */
export interface ExistingRole {
  /**
   * Whether the role's permissions are put as two inline policies of their own names. Its trust policy and its other
   * policies stay as they are.
   * Default: false: 'requiredRolePolicies' says what the role needs.
   */
  putPolicies?: boolean;
}

/** What is said of a bucket that exists already. */
export interface PlainExistingBucketArgs {
  objectOwnership?: string;
  policy?: string;
}

/** What an existing bucket notifies at present, as far as it is looked into. */
export interface PlainNotificationArgs {
  queues?: readonly { id?: unknown; events?: unknown }[];
  topics?: readonly { id?: unknown; events?: unknown }[];
  lambdaFunctions?: readonly { id?: unknown; events?: unknown }[];
  eventbridge?: unknown;
}

/**
 * The role of S3 Batch Replication jobs, which replicate the objects that were there before the rules. The command
 * 's3-replication backfill' makes such jobs.
 */
export interface BatchReplicationRole {
  /**
   * Name of the role.
   * Default: the name of the replication role, with '-batch' behind it.
   */
  roleName?: string;
  /**
   * Path of the role.
   * Default: the path of the replication role.
   */
  rolePath?: string;
  /**
   * Bucket that jobs write completion reports into, which say why objects failed. It can be the source bucket where no
   * rule takes the reports: they would be replicated themselves.
   * Default: none: jobs have no report.
   */
  reportBucketName?: string;
  /**
   * Beginning of the keys of completion reports, without the slash at its end.
   * Default: 'batch-replication/reports'.
   */
  reportPrefix?: string;
  /**
   * Bucket that holds manifests of your own: lists of the objects that a job is to replicate. S3 takes
   * no list under SSE-KMS. Inventories can be: reading one needs kms:Decrypt besides, which this role has not.
   * Default: none: S3 lists the objects by the rules.
   */
  manifestBucketName?: string;
  /**
   * Beginning of the keys of manifests, without the slash at its end.
   * Default: 'batch-replication/manifests'.
   */
  manifestPrefix?: string;
}

/**
 * S3 Inventory of a bucket: lists of all its versions, which S3 writes regularly. The command
 * 's3-replication reconcile' compares the lists of both sides, where buckets are too large to be listed. S3 charges for
 * each million of versions listed, and for the storage of the lists.
 */
export interface BucketInventory {
  /**
   * Bucket that S3 writes the lists into, in the Region of the bucket that is listed. It can be that bucket itself where
   * no rule takes the lists: they would be replicated themselves.
   */
  bucketName: string;
  /**
   * Account of that bucket: S3 writes lists to nobody else.
   * Default: the account of the bucket that is listed.
   */
  accountId?: string;
  /**
   * Beginning of the keys of the lists, without the slash at its end.
   * Default: none: keys begin with the name of the bucket that is listed.
   */
  prefix?: string;
  /** How often S3 writes a list: 'Daily' or 'Weekly'. */
  schedule: string;
}

/** The plain part of the arguments that both sides have. */
export interface PlainBucketArgs {
  accountId: string;
  region: string;
  bucketName: string;
  bucketNamespace?: string;
  existingBucket?: PlainExistingBucketArgs;
  encryption?: { algorithm?: string; keyArn?: unknown; bucketKeyEnabled?: boolean };
  objectLockEnabled?: boolean;
  defaultRetention?: DefaultRetention;
  noncurrentVersionExpirationDays?: number;
  inventory?: BucketInventory;
  tags?: Record<string, string>;
  protect?: boolean;
}

export interface PlainDestinationArgs extends PlainBucketArgs {
  sources: ReplicationSourceGrant[];
}

/** The plain part of how failures are noticed: where their events go. */
export interface PlainMonitoringArgs {
  readonly failureQueue?: boolean;
  readonly failureQueueArn?: string;
  readonly failureTopicArn?: string;
}

export interface PlainSourceArgs extends PlainBucketArgs {
  existingBucket?: PlainExistingBucketArgs & { notification?: PlainNotificationArgs };
  roleName?: string;
  rolePath?: string;
  existingRole?: ExistingRole;
  organizationId?: string;
  organizationPath?: string;
  additionalSourceKeyArns?: unknown[];
  monitoring?: PlainMonitoringArgs;
  batchReplication?: BatchReplicationRole;
  destinations: Record<string, { stack?: string; contract?: unknown }>;
  rules: ReplicationRule[];
}

/** How a bucket encrypts by default, as its arguments say or leave to be. */
export function algorithmOf({
  encryption,
}: {
  readonly encryption?: { readonly algorithm?: string };
}): string {
  return encryption?.algorithm ?? DEFAULTS.algorithm;
}
