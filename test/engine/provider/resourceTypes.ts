/**
 * What the AWS provider knows about each type that the components make, beside what `applyResource` knows: which
 * properties can only be changed by a replacement, which are documents, which are known only afterwards, and what its
 * deletion leaves behind.
 */
import { partitionOfRegion } from "../../../src/naming/arn";
import { AwsRefusal } from "../../../src/resources/resources";
import type { BucketState, RoleState, Snapshot } from "../../../src/snapshot/snapshot";
import { bucketArnOf } from "../../../src/naming/names";
import type { Properties } from "./values";

/** A resource that is there, in its account. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  /** Name under which it was made; two things never share one, so that a second key has an id of its own. */
  readonly madeAs: string;
  readonly madeAt: number;
  inputs: Properties;
  outputs: Properties;
}

export interface ResourceType {
  /** A change of one of these makes another resource. */
  readonly replaceOn: readonly string[];
  /** JSON documents. */
  readonly documents?: readonly string[];
  /** Outputs that only AWS can tell. */
  readonly computed?: readonly string[];
  /** What AWS gives a property that the program leaves out, and shows as an output. */
  readonly defaults?: Properties;
  /** The property that gets a name from the resource's name where the program gives none. */
  readonly autoNamed?: string;
  /** Id and outputs of what has no say in replication, which `applyResource` leaves to others. */
  readonly made?: (inputs: Properties, where: Pick<Thing, "accountId" | "region">) => Made;
  /** What a deletion does to the account; a thing that AWS does not delete at once is left as it then is. */
  readonly remove?: (snapshot: Snapshot, thing: Thing) => void;
}

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

const NONE: ResourceType = { replaceOn: [] };

export function typeOf(token: string): ResourceType {
  return TYPES[token] ?? NONE;
}

export const BUCKET = "aws:s3/bucket:Bucket";
export const KEY = "aws:kms/key:Key";
export const ALIAS = "aws:kms/alias:Alias";
export const ROLE = "aws:iam/role:Role";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
export const BUCKET_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
export const BUCKET_NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
export const QUEUE = "aws:sqs/queue:Queue";
export const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
export const BUCKET_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";

const TYPES: Readonly<Record<string, ResourceType>> = {
  [BUCKET]: {
    replaceOn: ["region", "bucket", "bucketPrefix", "objectLockEnabled"],
    computed: ["arn", "bucketDomainName", "bucketRegionalDomainName", "hostedZoneId", "tagsAll"],
    autoNamed: "bucket",
    remove: (snapshot, thing) => {
      delete snapshot.buckets[bucketArn(thing)];
    },
  },
  [BUCKET_VERSIONING]: setting((bucket) => {
    if (bucket.replication !== null) {
      throw new AwsRefusal(
        "InvalidBucketState: A replication configuration is present on this bucket, so you cannot change the versioning state",
      );
    }
    // Versioning cannot be taken away again; the provider suspends it.
    bucket.versioning = "Suspended";
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    (bucket) => {
      bucket.encryption = { algorithm: "AES256" };
      delete bucket.blockedEncryptionTypes;
    },
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting((bucket) => {
    bucket.ownership = "ObjectWriter";
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting((bucket) => {
    bucket.publicAccessBlock = {};
  }),
  [BUCKET_POLICY]: {
    ...setting((bucket) => {
      bucket.policy = null;
    }),
    documents: ["policy"],
  },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting(() => undefined),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(() => undefined),
  [BUCKET_NOTIFICATION]: {
    ...setting(() => undefined),
    made: ({ bucket }) => ({ id: String(bucket), outputs: {} }),
  },
  [BUCKET_REPLICATION]: setting((bucket) => {
    bucket.replication = null;
  }),
  [KEY]: {
    replaceOn: ["region", "multiRegion", "keyUsage", "customerMasterKeySpec", "customKeyStoreId"],
    documents: ["policy"],
    computed: ["arn", "keyId", "tagsAll"],
    remove: (snapshot, { outputs }) => {
      const key = snapshot.keys[String(outputs.arn)];
      // A key waits for its deletion window; until then it is there, and of no use.
      if (key !== undefined) key.state = "PendingDeletion";
    },
  },
  [ALIAS]: { replaceOn: ["region", "name", "namePrefix"], computed: ["arn", "targetKeyArn"] },
  [ROLE]: {
    replaceOn: ["name", "namePrefix", "path"],
    defaults: { path: "/" },
    documents: ["assumeRolePolicy"],
    computed: ["arn", "createDate", "uniqueId", "tagsAll"],
    autoNamed: "name",
    remove: (snapshot, { accountId, outputs }) => {
      const roles = snapshot.accounts[accountId]?.roles ?? {};
      if ((roles[String(outputs.arn)]?.policies.length ?? 0) > 0)
        throw new AwsRefusal("DeleteConflict: Cannot delete entity, must delete policies first.");
      delete roles[String(outputs.arn)];
    },
  },
  [ROLE_POLICY]: {
    replaceOn: ["name", "namePrefix", "role"],
    documents: ["policy"],
    autoNamed: "name",
    remove: removeRolePolicy,
  },
  [QUEUE]: {
    replaceOn: ["region", "name", "namePrefix", "fifoQueue"],
    documents: ["policy"],
    computed: ["arn", "url", "tagsAll"],
    autoNamed: "name",
    made: ({ name }, { accountId, region }) => {
      const url = `https://sqs.${region}.amazonaws.com/${accountId}/${String(name)}`;
      return { id: url, outputs: { url, arn: `arn:aws:sqs:${region}:${accountId}:${String(name)}` } };
    },
  },
  [QUEUE_POLICY]: {
    replaceOn: ["region", "queueUrl"],
    documents: ["policy"],
    made: ({ queueUrl }) => ({ id: String(queueUrl), outputs: {} }),
  },
  "aws:sns/topic:Topic": {
    replaceOn: ["region", "name"],
    computed: ["arn", "tagsAll"],
    autoNamed: "name",
    made: ({ name }, { accountId, region }) => {
      const arn = `arn:aws:sns:${region}:${accountId}:${String(name)}`;
      return { id: arn, outputs: { arn } };
    },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    replaceOn: ["region", "name"],
    computed: ["arn", "tagsAll"],
    autoNamed: "name",
    made: ({ name }, { accountId, region }) => ({
      id: String(name),
      outputs: { arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${String(name)}` },
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    replaceOn: ["region", "dashboardName"],
    documents: ["dashboardBody"],
    computed: ["dashboardArn"],
    made: ({ dashboardName }, { accountId }) => ({
      id: String(dashboardName),
      outputs: { dashboardArn: `arn:aws:cloudwatch::${accountId}:dashboard/${String(dashboardName)}` },
    }),
  },
};

/** A setting of a bucket, which goes back to what S3 gives a bucket that nobody configured. */
function setting(undo: (bucket: BucketState) => void): ResourceType {
  return {
    replaceOn: ["region", "bucket"],
    remove: (snapshot, thing) => {
      const bucket = snapshot.buckets[bucketArn(thing)];
      if (bucket !== undefined) undo(bucket);
    },
  };
}

/** ARN of the bucket that a thing is, or is a setting of. */
export function bucketArn({ region, inputs }: Pick<Thing, "region" | "inputs">): string {
  return bucketArnOf(partitionOfRegion(region), String(inputs.bucket));
}

function removeRolePolicy(snapshot: Snapshot, { accountId, inputs }: Thing): void {
  const role = roleCalled(snapshot, accountId, String(inputs.role));
  const index = role?.policyNames?.indexOf(String(inputs.name)) ?? -1;
  if (role === undefined || index < 0) return;
  role.policies.splice(index, 1);
  role.policyNames?.splice(index, 1);
}

export function roleCalled(snapshot: Snapshot, accountId: string, name: string): RoleState | undefined {
  const roles = Object.entries(snapshot.accounts[accountId]?.roles ?? {});
  return roles.find(([arn]) => arn.endsWith(`/${name}`))?.[1];
}
