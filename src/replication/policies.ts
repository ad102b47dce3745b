/**
 * The policy documents of both accounts, and the statement that grants one missing permission: what is deployed and
 * what is recommended are this one piece of code.
 */
import { dnsSuffixOfRegion, parseArn, partitionOfRegion } from "../iam/arn";
import { DEFAULTS, type ReplicationSourceGrant } from "./arguments";
import { ACTIONS } from "./actions";
import { grantedRoleArn } from "./contract";
import { accountRootArnOf } from "./names";

/** A policy document as it is written down. */
export interface PolicyJson {
  Version: "2012-10-17";
  Statement: StatementJson[];
}

export interface StatementJson {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: "*" | { AWS?: string | string[]; Service?: string };
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * AWS's limits, in characters. The role's is for all its inline policies together, white space not counted.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 */
export const POLICY_LIMITS = { role: 10_240, bucket: 20_480, key: 32_768 } as const;

export const policy = (statements: StatementJson[]): PolicyJson => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** One value alone, several as a list: the form in which AWS shows policies. */
const oneOrMany = (values: readonly string[]): string | string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : [...values];

/** S3 as the service that KMS is used through. @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
export function viaS3(region: string): string {
  return `s3.${region}.${dnsSuffixOfRegion(region)}`;
}

// ---- the replication role -------------------------------------------------------------------------------------

/** Only S3 may assume the replication role. */
export function trustPolicy(): PolicyJson {
  return policy([
    {
      Sid: "AllowS3ToReplicate",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: oneOrMany(ACTIONS.assumeRole),
    },
  ]);
}

/** What a rule makes the role do at its destination. */
export interface RuleGrant {
  readonly prefix: string;
  readonly destinationBucketArn: string;
  readonly deleteMarkers: boolean;
  readonly ownerOverride: boolean;
  /** Undefined where the rule does not replicate SSE-KMS objects. */
  readonly replicaKey?: { readonly arn: string; readonly region: string };
}

/** What the role's policies are made of. */
export interface RoleGrants {
  readonly sourceBucketArn: string;
  readonly sourceRegion: string;
  /** Keys that source objects can be under; empty where there are none. */
  readonly sourceKeyArns: readonly string[];
  readonly readObjectLock: boolean;
  readonly rules: readonly RuleGrant[];
}

/** The S3 permissions of the replication role, no wider than the prefixes of its rules. */
export function roleS3Policy(grants: RoleGrants): PolicyJson {
  const { sourceBucketArn, rules } = grants;
  const sourceObjects = objectArns(rules.map((rule) => [sourceBucketArn, rule.prefix]));
  const replicas = (choose: (rule: RuleGrant) => boolean) =>
    objectArns(rules.filter(choose).map((rule) => [rule.destinationBucketArn, rule.prefix]));
  return policy(
    [
      allow("ReadSourceBucket", ACTIONS.readSourceBucket, [sourceBucketArn]),
      allow("ReadSourceObjects", ACTIONS.readSourceObjects, sourceObjects),
      allow("ReadSourceTags", ACTIONS.readSourceTags, sourceObjects),
      allow("ReadSourceObjectLock", ACTIONS.readSourceObjectLock, grants.readObjectLock ? sourceObjects : []),
      allow(
        "WriteReplicas",
        ACTIONS.writeReplicas,
        replicas(() => true),
      ),
      allow(
        "WriteDeleteMarkers",
        ACTIONS.writeDeleteMarkers,
        replicas((rule) => rule.deleteMarkers),
      ),
      allow(
        "GiveOwnership",
        ACTIONS.giveOwnership,
        replicas((rule) => rule.ownerOverride),
      ),
    ].filter((statement) => statement.Resource?.length !== 0),
  );
}

/** The KMS permissions of the replication role; undefined where no rule replicates SSE-KMS objects. */
export function roleKeyPolicy(grants: RoleGrants): PolicyJson | undefined {
  const kmsRules = grants.rules.filter((rule) => rule.replicaKey !== undefined);
  if (kmsRules.length === 0) return undefined;
  const replicaKeys = new Map<string, { region: string; rules: RuleGrant[] }>();
  for (const rule of kmsRules) {
    if (rule.replicaKey === undefined) continue;
    const entry = replicaKeys.get(rule.replicaKey.arn) ?? { region: rule.replicaKey.region, rules: [] };
    entry.rules.push(rule);
    replicaKeys.set(rule.replicaKey.arn, entry);
  }
  const statements = [...replicaKeys].map(([keyArn, { region, rules }], index) => ({
    ...allow(`EncryptReplicas${index === 0 ? "" : index + 1}`, ACTIONS.useDestinationKey, [keyArn]),
    Condition: keyUse(
      region,
      rules.map((rule) => [rule.destinationBucketArn, rule.prefix]),
    ),
  }));
  if (grants.sourceKeyArns.length > 0) {
    statements.unshift({
      ...allow("ReadSourceKeys", ACTIONS.useSourceKey, grants.sourceKeyArns),
      Condition: keyUse(
        grants.sourceRegion,
        kmsRules.map((rule) => [grants.sourceBucketArn, rule.prefix]),
      ),
    });
  }
  return policy(statements);
}

export function allow(sid: string, actions: readonly string[], resources: readonly string[]): StatementJson {
  return { Sid: sid, Effect: "Allow", Action: oneOrMany(actions), Resource: oneOrMany(resources) };
}

/**
 * A key is used through S3 only, and for these objects only. The encryption context is the object's ARN, with an S3
 * Bucket Key the bucket's; objects of both kinds stand side by side, so both forms are named.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
function keyUse(
  region: string,
  objects: readonly (readonly [bucketArn: string, prefix: string])[],
): Record<string, Record<string, string | string[]>> {
  const bucketArns = [...new Set(objects.map(([bucketArn]) => bucketArn))];
  return {
    StringEquals: { "kms:ViaService": viaS3(region) },
    StringLike: { "kms:EncryptionContext:aws:s3:arn": [...bucketArns, ...objectArns(objects)] },
  };
}

/** ARNs of the objects under some prefixes, those left out that a shorter prefix of the same bucket covers. */
export function objectArns(objects: readonly (readonly [bucketArn: string, prefix: string])[]): string[] {
  const sorted = [...new Set(objects.map(([bucketArn, prefix]) => `${bucketArn}/${prefix}`))].sort();
  const kept: string[] = [];
  for (const beginning of sorted) {
    const last = kept.at(-1);
    if (last === undefined || !beginning.startsWith(last)) kept.push(beginning);
  }
  return kept.map((beginning) => `${escapePattern(beginning)}*`);
}

/** A text as a policy writes it where `*`, `?` and `$` stand for themselves. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export function escapePattern(text: string): string {
  return text.replace(/[*?$]/g, (character) => `\${${character}}`);
}

// ---- bucket policies --------------------------------------------------------------------------------------------

/** Nobody uses the bucket without TLS. */
function denyInsecureTransport(bucketArn: string): StatementJson {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

export function sourceBucketPolicy(bucketArn: string): PolicyJson {
  return policy([denyInsecureTransport(bucketArn)]);
}

/** What the destination's policies are made of. */
export interface DestinationGrants {
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly sources: readonly ReplicationSourceGrant[];
}

/** Sources that are granted the same, in one statement together where space is short. */
interface GrantGroup {
  readonly sid: string;
  readonly sources: readonly ReplicationSourceGrant[];
}

/** A policy that a bucket has already. What is in it was written by others. */
export interface PresentPolicy {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly unknown[];
}

/** @param present The policy of a bucket that exists, which stays as it is: it only gets the statements of replication. */
export function destinationBucketPolicy(grants: DestinationGrants, present?: PresentPolicy): PolicyJson {
  return fitting(POLICY_LIMITS.bucket, grants, (groups) => {
    const statements = bucketStatements(grants, groups);
    return present === undefined
      ? policy([denyInsecureTransport(grants.bucketArn), ...statements])
      : withStatements(present, statements);
  });
}

function withStatements(present: PresentPolicy, statements: readonly StatementJson[]): PolicyJson {
  return { ...present, Statement: [...present.Statement, ...statements] } as PolicyJson;
}

/** The statements that the policy of a destination bucket needs: to be added where the policy is somebody else's. */
export function destinationBucketStatements(grants: DestinationGrants): StatementJson[] {
  return bucketStatements(grants, separately(grants.sources));
}

function bucketStatements(grants: DestinationGrants, groups: readonly GrantGroup[]): StatementJson[] {
  return groups.map(({ sid, sources }) => bucketStatement(grants, sid, sources));
}

function bucketStatement(
  grants: DestinationGrants,
  sid: string,
  sources: readonly ReplicationSourceGrant[],
): StatementJson {
  const [first] = sources;
  const { Principal, Condition } = whoIsGranted(grants, sources);
  return {
    Sid: sid,
    Effect: "Allow",
    Principal,
    Action: [
      ...ACTIONS.writeReplicas,
      ...(first?.deleteMarkerReplication === true ? ACTIONS.writeDeleteMarkers : []),
      ...(first !== undefined && grantsOwnerOverride(first, grants.accountId) ? ACTIONS.giveOwnership : []),
    ],
    Resource: `${grants.bucketArn}/*`,
    ...(Condition === undefined ? {} : { Condition }),
  };
}

/** Whether a source may hand its replicas to the destination's account. */
function grantsOwnerOverride(grant: ReplicationSourceGrant, destinationAccountId: string): boolean {
  return grant.ownerOverride ?? grant.accountId !== destinationAccountId;
}

/** S3 may send events of this bucket of this account to the queue or topic. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html */
export function failureStatement(targetArn: string, bucketArn: string, accountId: string): StatementJson {
  return {
    Sid: "S3SendsEvents",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: parseArn(targetArn)?.service === "sns" ? "sns:Publish" : "sqs:SendMessage",
    Resource: targetArn,
    Condition: {
      ArnEquals: { "aws:SourceArn": bucketArn },
      StringEquals: { "aws:SourceAccount": accountId },
    },
  };
}

export function failurePolicy(targetArn: string, bucketArn: string, accountId: string): PolicyJson {
  return policy([failureStatement(targetArn, bucketArn, accountId)]);
}

// ---- key policies -----------------------------------------------------------------------------------------------

/** The account that has the key administers it through IAM. Without this statement the key would lock itself out. */
function administerKey(accountId: string, region: string): StatementJson {
  return {
    Sid: "AdministerKey",
    Effect: "Allow",
    Principal: { AWS: accountRootArnOf(partitionOfRegion(region), accountId) },
    Action: "kms:*",
    Resource: "*",
  };
}

export function sourceKeyPolicy(accountId: string, region: string): PolicyJson {
  return policy([administerKey(accountId, region)]);
}

export function destinationKeyPolicy(grants: DestinationGrants): PolicyJson {
  return fitting(POLICY_LIMITS.key, grants, (groups) =>
    policy([administerKey(grants.accountId, grants.region), ...keyStatements(grants, groups)]),
  );
}

/** The statements that the key policy of a destination key needs: to be added where the key is somebody else's. */
export function destinationKeyStatements(grants: DestinationGrants): StatementJson[] {
  return keyStatements(grants, separately(grants.sources));
}

/**
 * The statement that lets a replication role use a source key, for a key policy that does not leave it to IAM.
 * @param roleArn The role, which is narrowed to by a condition.
 */
export function sourceKeyStatement(roleArn: string, region: string, bucketArn: string): StatementJson {
  const accountId = parseArn(roleArn)?.accountId ?? "";
  return {
    Sid: "ReplicateAs",
    Effect: "Allow",
    Principal: { AWS: accountRootArnOf(partitionOfRegion(region), accountId) },
    Action: [...ACTIONS.useSourceKey],
    Resource: "*",
    Condition: { ArnEquals: { "aws:PrincipalArn": roleArn }, ...keyUse(region, [[bucketArn, ""]]) },
  };
}

function keyStatements(grants: DestinationGrants, groups: readonly GrantGroup[]): StatementJson[] {
  return groups.map(({ sid, sources }) => {
    const { Principal, Condition } = whoIsGranted(grants, sources);
    const use = keyUse(grants.region, [[grants.bucketArn, ""]]);
    const callers = [...new Set(sources.map((source) => source.accountId))];
    return {
      Sid: sid,
      Effect: "Allow",
      Principal,
      Action: [...ACTIONS.useDestinationKey],
      // In a key policy `*` means this key.
      Resource: "*",
      Condition: {
        ...Condition,
        ...use,
        StringEquals: { "kms:CallerAccount": oneOrMany(callers), ...use.StringEquals },
      },
    };
  });
}

// ---- who is granted ---------------------------------------------------------------------------------------------

/**
 * A principal that is named must exist when a policy is put, so the account is named instead and narrowed to the role:
 * the destination can be deployed before the source.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function whoIsGranted(
  grants: DestinationGrants,
  sources: readonly ReplicationSourceGrant[],
): Required<Pick<StatementJson, "Principal">> & Pick<StatementJson, "Condition"> {
  const partition = partitionOfRegion(grants.region);
  const roleArns = sources.map((source) => grantedRoleArn(partition, source));
  if (sources[0]?.principal === "Role") return { Principal: { AWS: oneOrMany(roleArns) } };
  const roots = [...new Set(sources.map((source) => accountRootArnOf(partition, source.accountId)))];
  return {
    Principal: { AWS: oneOrMany(roots) },
    Condition: { ArnEquals: { "aws:PrincipalArn": oneOrMany(roleArns) } },
  };
}

const separately = (sources: readonly ReplicationSourceGrant[]): GrantGroup[] =>
  sources.map((source, index) => ({
    sid: `ReplicateFrom${source.accountId}${index === 0 ? "" : `N${index + 1}`}`,
    sources: [source],
  }));

/** Sources with equal grants share a statement: the same people may do the same things, in fewer characters. */
function together(grants: DestinationGrants): GrantGroup[] {
  const groups = new Map<string, ReplicationSourceGrant[]>();
  for (const source of grants.sources) {
    const kind = [
      source.principal ?? DEFAULTS.principal,
      source.deleteMarkerReplication ?? false,
      grantsOwnerOverride(source, grants.accountId),
    ].join();
    groups.set(kind, [...(groups.get(kind) ?? []), source]);
  }
  return [...groups.values()].map((group, index) => ({
    sid: `ReplicateFromSources${index + 1}`,
    sources: group,
  }));
}

/** A statement a source where that fits AWS's limit, otherwise one for all sources that are granted the same. */
function fitting(
  limit: number,
  grants: DestinationGrants,
  write: (groups: readonly GrantGroup[]) => PolicyJson,
): PolicyJson {
  const separate = write(separately(grants.sources));
  return policySize(separate) <= limit ? separate : write(together(grants));
}

/** Size of a policy as AWS counts it: characters without white space between elements. */
export function policySize(document: PolicyJson): number {
  return JSON.stringify(document).length;
}
