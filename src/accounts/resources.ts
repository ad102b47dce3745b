/**
 * What each kind of resource of @pulumi/aws does to an account: one entry a type. An entry changes the snapshot, throws
 * what AWS would answer where AWS refuses, and returns the resource's outputs.
 */
import { createHash } from "node:crypto";
import { partitionOfRegion, parseArn } from "../iam/arn";
import { bucketArnOf, roleArnOf } from "../replication/names";
import { refusalsOfConfiguration, type ReplicationConfiguration } from "../replication/rules";
import { fromPulumiRule, type PulumiRule } from "./replicationRule";
import { accountOf, type BucketState, type EncryptionState, type RoleState, type Snapshot } from "./snapshot";

/** A resource on its way into an account. */
export interface ResourceInputs {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly accountId: string;
  /** Region of the resource, or of its provider. */
  readonly region: string;
}

/** What AWS gives back. */
export interface ResourceOutputs {
  readonly id: string;
  readonly outputs: Record<string, unknown>;
}

type Handler = (snapshot: Snapshot, resource: ResourceInputs) => ResourceOutputs;

/** AWS's refusal, in its own words as far as they are known. */
export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";
}

/** Creates a resource in the accounts. Types that have no say in replication are accepted as they are. */
export function applyResource(snapshot: Snapshot, resource: ResourceInputs): ResourceOutputs {
  const handler = HANDLERS[resource.type];
  return handler === undefined ? { id: resource.name, outputs: {} } : handler(snapshot, resource);
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  "aws:s3/bucket:Bucket": (snapshot, { inputs, accountId, region, name }) => {
    const bucketName = textOr(inputs.bucket, `${name}-${uniqueId(accountId, name).slice(0, 7)}`);
    const arn = bucketArnOf(partitionOfRegion(region), bucketName);
    const existing = snapshot.buckets[arn];
    if (existing !== undefined) {
      throw new AwsRefusal(
        existing.account === accountId
          ? `BucketAlreadyOwnedByYou: the bucket '${bucketName}' exists already`
          : `BucketAlreadyExists: the bucket name '${bucketName}' is taken; bucket names are unique across all accounts`,
      );
    }
    const objectLock = inputs.objectLockEnabled === true;
    snapshot.buckets[arn] = {
      account: accountId,
      region,
      // A bucket made with Object Lock is versioned from the start.
      versioning: objectLock ? "Enabled" : null,
      ownership: "BucketOwnerEnforced",
      policy: null,
      encryption: { algorithm: "AES256" },
      objectLock,
      publicAccessBlock: ALL_BLOCKED,
      replication: null,
    };
    return { id: bucketName, outputs: { arn, bucket: bucketName } };
  },

  "aws:s3/bucketVersioning:BucketVersioning": setting((bucket, inputs) => {
    const status = (inputs.versioningConfiguration as { status?: string } | undefined)?.status;
    if (status !== "Enabled" && bucket.replication !== null) {
      throw new AwsRefusal(
        "InvalidBucketState: A replication configuration is present on this bucket, so you cannot change the versioning state",
      );
    }
    bucket.versioning = status === "Enabled" || status === "Suspended" ? status : null;
  }),

  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    (bucket, inputs) => {
      const [rule] = (inputs.rules ?? []) as {
        applyServerSideEncryptionByDefault?: {
          sseAlgorithm: EncryptionState["algorithm"];
          kmsMasterKeyId?: string;
        };
        bucketKeyEnabled?: boolean;
        blockedEncryptionTypes?: string[];
      }[];
      const byDefault = rule?.applyServerSideEncryptionByDefault;
      bucket.encryption = {
        algorithm: byDefault?.sseAlgorithm ?? "AES256",
        ...(byDefault?.kmsMasterKeyId === undefined ? {} : { keyArn: byDefault.kmsMasterKeyId }),
        ...(rule?.bucketKeyEnabled === undefined ? {} : { bucketKeyEnabled: rule.bucketKeyEnabled }),
      };
      if (rule?.blockedEncryptionTypes !== undefined)
        bucket.blockedEncryptionTypes = rule.blockedEncryptionTypes;
    },
  ),

  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting((bucket, inputs) => {
    bucket.ownership = (inputs.rule as { objectOwnership: BucketState["ownership"] }).objectOwnership;
  }),

  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting((bucket, inputs) => {
    const flag = (key: string) => ({ [key]: inputs[key] === true });
    bucket.publicAccessBlock = {
      ...flag("blockPublicAcls"),
      ...flag("blockPublicPolicy"),
      ...flag("ignorePublicAcls"),
      ...flag("restrictPublicBuckets"),
    };
  }),

  "aws:s3/bucketPolicy:BucketPolicy": setting((bucket, inputs, snapshot) => {
    const policy = asDocument(inputs.policy);
    for (const arn of principalsThatMustExist(policy)) {
      if (!roleExists(snapshot, arn))
        throw new AwsRefusal(`MalformedPolicy: Invalid principal in policy: ${arn}`);
    }
    bucket.policy = policy;
  }),

  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting((bucket) => {
    if (bucket.versioning !== "Enabled") {
      throw new AwsRefusal(
        "InvalidBucketState: Versioning must be 'Enabled' on the bucket to apply Object Lock",
      );
    }
    bucket.objectLock = true;
  }),

  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(() => undefined),

  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": setting((bucket, inputs, snapshot) => {
    const configuration: ReplicationConfiguration = {
      Role: text(inputs.role),
      Rules: (inputs.rules as PulumiRule[]).map(fromPulumiRule),
    };
    const [refusal] = [
      ...refusalsOfConfiguration(configuration),
      ...refusalsOfBuckets(bucket, configuration, snapshot),
    ];
    if (refusal !== undefined) throw new AwsRefusal(refusal);
    bucket.replication = configuration;
  }),

  "aws:kms/key:Key": (snapshot, { inputs, accountId, region, name }) => {
    const keyId = uniqueId(accountId, region, name);
    const arn = `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:key/${keyId}`;
    const policy = asDocument(inputs.policy);
    for (const principal of principalsThatMustExist(policy)) {
      if (!roleExists(snapshot, principal)) {
        throw new AwsRefusal(
          `MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals: ${principal}`,
        );
      }
    }
    snapshot.keys[arn] = {
      account: accountId,
      region,
      manager: "CUSTOMER",
      policy,
      state: inputs.isEnabled === false ? "Disabled" : "Enabled",
      multiRegion: inputs.multiRegion === true,
    };
    return { id: keyId, outputs: { arn, keyId } };
  },

  "aws:kms/alias:Alias": (_snapshot, { inputs, accountId, region }) => {
    const alias = text(inputs.name);
    return {
      id: alias,
      outputs: { arn: `arn:${partitionOfRegion(region)}:kms:${region}:${accountId}:${alias}` },
    };
  },

  "aws:iam/role:Role": (snapshot, { inputs, accountId, region, name }) => {
    const roleName = textOr(inputs.name, `${name}-${uniqueId(accountId, name).slice(0, 7)}`);
    const arn = roleArnOf(partitionOfRegion(region), accountId, textOr(inputs.path, "/"), roleName);
    const { roles } = accountOf(snapshot, accountId);
    // Role names are unique in an account whatever their paths are.
    if (Object.keys(roles).some((other) => other.endsWith(`/${roleName}`))) {
      throw new AwsRefusal(
        `EntityAlreadyExists: Role with name ${roleName} already exists in account ${accountId}`,
      );
    }
    roles[arn] = {
      trust: asDocument(inputs.assumeRolePolicy),
      policies: [],
      policyNames: [],
      boundary: null,
    };
    return { id: roleName, outputs: { arn, name: roleName } };
  },

  "aws:iam/rolePolicy:RolePolicy": (snapshot, { inputs, accountId, name }) => {
    const roleName = text(inputs.role);
    const role = roleCalled(snapshot, accountId, roleName);
    if (role === undefined) {
      throw new AwsRefusal(
        `NoSuchEntity: The role with name ${roleName} cannot be found in account ${accountId}`,
      );
    }
    const policyName = textOr(inputs.name, name);
    role.policies.push(asDocument(inputs.policy));
    (role.policyNames ??= []).push(policyName);
    return { id: `${roleName}:${policyName}`, outputs: { name: policyName } };
  },
};

/** What S3 gives a new bucket since April 2023. */
const ALL_BLOCKED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

/** A resource that sets something on a bucket, which is there already. */
function setting(
  change: (bucket: BucketState, inputs: ResourceInputs["inputs"], snapshot: Snapshot) => void,
): Handler {
  return (snapshot, { inputs, region, accountId }) => {
    const bucketName = text(inputs.bucket);
    const bucket = snapshot.buckets[bucketArnOf(partitionOfRegion(region), bucketName)];
    if (bucket === undefined) throw new AwsRefusal(`NoSuchBucket: The bucket '${bucketName}' does not exist`);
    if (bucket.account !== accountId) {
      throw new AwsRefusal(`AccessDenied: account ${accountId} may not configure the bucket '${bucketName}'`);
    }
    change(bucket, inputs, snapshot);
    return { id: bucketName, outputs: {} };
  };
}

/**
 * What S3 checks of the buckets when a replication configuration is put: versioning on both sides, and no more.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
 */
export function refusalsOfBuckets(
  source: BucketState,
  configuration: ReplicationConfiguration,
  snapshot: Snapshot,
): string[] {
  const refusals: string[] = [];
  if (source.versioning !== "Enabled") {
    refusals.push(
      "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration",
    );
  }
  for (const { Destination: destination } of configuration.Rules) {
    if (snapshot.buckets[destination.Bucket]?.versioning !== "Enabled") {
      refusals.push("InvalidRequest: Destination bucket must have versioning enabled.");
    }
  }
  return refusals;
}

/** Roles that a policy names: AWS looks each of them up when the policy is put. */
function principalsThatMustExist(policy: unknown): string[] {
  const statements = (policy as { Statement?: unknown } | null)?.Statement;
  return [statements].flat().flatMap((statement) => {
    const principal = (statement as { Principal?: { AWS?: string | string[] } } | undefined)?.Principal;
    const named = typeof principal === "object" ? [principal.AWS ?? []].flat() : [];
    return named.filter((arn) => parseArn(arn)?.resource.startsWith("role/") === true);
  });
}

function roleExists(snapshot: Snapshot, arn: string): boolean {
  const accountId = parseArn(arn)?.accountId ?? "";
  return snapshot.accounts[accountId]?.roles[arn] !== undefined;
}

function roleCalled(snapshot: Snapshot, accountId: string, roleName: string): RoleState | undefined {
  const entry = Object.entries(snapshot.accounts[accountId]?.roles ?? {}).find(([arn]) =>
    arn.endsWith(`/${roleName}`),
  );
  return entry?.[1];
}

/** An id in the form of AWS's key ids, the same in every run. */
function uniqueId(...parts: string[]): string {
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join("-");
}

/** Policies reach a program's resources as objects or as JSON. */
function asDocument(value: unknown): unknown {
  if (typeof value !== "string") return value ?? null;
  try {
    return JSON.parse(value);
  } catch {
    throw new AwsRefusal("MalformedPolicy: Policies must be valid JSON");
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
