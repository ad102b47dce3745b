/** What a destination promises to its sources: the one value that travels from the destination stack to the source stack. */
import * as v from "valibot";
import { parseArn, partitionOfRegion } from "../naming/arn";
import { fields } from "../input/objectShapes";
import { InvalidInputError, show } from "../input/problems";
import { shapeProblems } from "../input/schemaProblems";
import { DEFAULTS, type ReplicationSourceGrant, algorithmOf } from "./arguments/arguments";
import { ACCOUNT_ID, bucketArnOf, REGION, roleArnOf } from "../naming/names";
import { overridesOwner, type ResolvedRule } from "./rules";
import { flag, named } from "../input/values";

/** Version of the contract that this package writes and reads. */
export const CONTRACT_VERSION = 1;

/** Terms of a contract that are known before anything is deployed: all but the ARN of a new key. */
export interface ContractTerms {
  version: number;
  accountId: string;
  region: string;
  partition: string;
  bucketArn: string;
  encryption: string;
  /** Left out where the bucket existed already and nobody said it; so is Object Ownership. */
  bucketKeyEnabled?: boolean;
  objectOwnership?: string;
  objectLockEnabled: boolean;
  sources: ContractSource[];
}

/** What the destination grants to one replication role. */
export interface ContractSource {
  /** ARN of the replication role, path included. */
  roleArn: string;
  /** Whether replicas may carry the tags of the source objects. */
  tags: boolean;
  /** Whether delete markers may be replicated. */
  deleteMarkerReplication: boolean;
  /** Whether replicas may be handed to the destination's account. */
  ownerOverride: boolean;
}

const TERMS_SHAPE = {
  version: v.literal(
    CONTRACT_VERSION,
    `must be ${CONTRACT_VERSION}, the version that this release reads; use the same release of s3-replication in both stacks`,
  ),
  accountId: named(ACCOUNT_ID),
  region: named(REGION),
  partition: v.string("must be a partition such as 'aws'"),
  bucketArn: v.pipe(
    v.string("must be the ARN of a bucket"),
    v.check((text) => parseArn(text)?.service === "s3", "must be the ARN of a bucket"),
  ),
  encryption: v.picklist(["aws:kms", "AES256"], "must be 'aws:kms' or 'AES256'"),
  bucketKeyEnabled: v.optional(flag),
  objectOwnership: v.optional(v.string("must be the Object Ownership setting of the bucket")),
  objectLockEnabled: flag,
  sources: v.array(
    fields(
      {
        roleArn: v.string("must be the ARN of a role"),
        tags: flag,
        deleteMarkerReplication: flag,
        ownerOverride: flag,
      },
      "must be what a replication role is granted",
    ),
    "must be a list of what each replication role is granted",
  ),
};

/** Role ARN that a destination's policies name for a source. */
export function grantedRoleArn(partition: string, grant: ReplicationSourceGrant): string {
  return roleArnOf(
    partition,
    grant.accountId,
    grant.rolePath ?? DEFAULTS.rolePath,
    grant.roleName ?? DEFAULTS.roleName,
  );
}

/** Arguments of a destination that its contract is made of. */
export interface ContractArguments {
  readonly accountId: string;
  readonly region: string;
  readonly bucketName: string;
  readonly existingBucket?: { readonly objectOwnership?: string };
  readonly encryption?: { readonly algorithm?: string; readonly bucketKeyEnabled?: boolean };
  readonly objectLockEnabled?: boolean;
  readonly sources: readonly ReplicationSourceGrant[];
}

/** The terms that follow from a destination's plain arguments. */
export function contractTerms(args: ContractArguments): ContractTerms {
  const partition = partitionOfRegion(args.region);
  const encryption = algorithmOf(args);
  return {
    version: CONTRACT_VERSION,
    accountId: args.accountId,
    region: args.region,
    partition,
    bucketArn: bucketArnOf(partition, args.bucketName),
    encryption,
    ...bucketTerms(args),
    objectLockEnabled: args.objectLockEnabled ?? false,
    sources: args.sources.map((grant) => ({
      roleArn: grantedRoleArn(partition, grant),
      tags: true,
      deleteMarkerReplication: grant.deleteMarkerReplication ?? false,
      ownerOverride: overridesOwner(grant, grant.accountId, args.accountId),
    })),
  };
}

/** Of a new bucket it is known how it will be set, of one that exists what the arguments say. */
function bucketTerms(args: ContractArguments): Pick<ContractTerms, "bucketKeyEnabled" | "objectOwnership"> {
  const { existingBucket, encryption: { bucketKeyEnabled } = {} } = args;
  const isKms = algorithmOf(args) === "aws:kms";
  if (existingBucket === undefined) {
    return {
      bucketKeyEnabled: isKms && (bucketKeyEnabled ?? DEFAULTS.bucketKeyEnabled),
      objectOwnership: DEFAULTS.objectOwnership,
    };
  }
  const { objectOwnership } = existingBucket;
  return {
    ...(isKms && bucketKeyEnabled === undefined ? {} : { bucketKeyEnabled: isKms && bucketKeyEnabled }),
    ...(objectOwnership === undefined ? {} : { objectOwnership }),
  };
}

/**
 * The terms of a contract that came from somewhere else.
 * @param from Where it came from, for people: `stack 'organization/s3-replication/destination'`.
 * @throws InvalidInputError when there is none, or a term is missing or of another type or version.
 */
export function readContractTerms(value: unknown, from: string): ContractTerms {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const got = value === undefined || value === null ? "none" : show(value);
    throw new InvalidInputError(`contract of ${from}`, [
      `must be the 'contract' output of a ReplicationDestination, got ${got}; deploy the destination first (pulumi up), and check that its program exports 'contract'`,
    ]);
  }
  const schema = fields(TERMS_SHAPE, "must be a contract");
  const problems = shapeProblems(schema, value);
  if (problems.length > 0) throw new InvalidInputError(`contract of ${from}`, problems);
  const terms: ContractTerms = v.parse(schema, value);
  if (terms.partition !== partitionOfRegion(terms.region)) {
    throw new InvalidInputError(`contract of ${from}`, [
      `'partition' must be '${partitionOfRegion(terms.region)}', that of Region '${terms.region}', got '${terms.partition}'`,
    ]);
  }
  return terms;
}

/** The key ARN of a contract: a key where the terms say SSE-KMS, otherwise none. */
export function readContractKeyArn(terms: ContractTerms, value: unknown, from: string): string | undefined {
  if (terms.encryption !== "aws:kms") return undefined;
  const arn = typeof value === "string" ? parseArn(value) : undefined;
  if (arn?.service !== "kms" || !arn.resource.startsWith("key/") || arn.region !== terms.region) {
    throw new InvalidInputError(`contract of ${from}`, [
      `'keyArn' must be the key ARN of a KMS key in '${terms.region}', the bucket's Region, got ${show(value)}`,
    ]);
  }
  return value as string;
}

/** What a source brings to the contract. */
export interface ContractCounterpart {
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly roleArn: string;
  readonly objectLockEnabled: boolean;
}

/**
 * Everything that the rules to one destination need and its contract does not grant, as sentences that name the
 * setting to change and the stack it is in. Empty when the rules fit.
 */
export function contractProblems(
  terms: ContractTerms,
  rules: readonly ResolvedRule[],
  source: ContractCounterpart,
  from: string,
): string[] {
  const granted = terms.sources.find((candidate) => candidate.roleArn === source.roleArn);
  return [
    ...pairProblems(terms, source, granted, from),
    ...rules.flatMap((rule) => [
      ...grantProblems(terms, rule, source, granted, from),
      ...replicaKeyProblems(terms, rule, from),
    ]),
  ];
}

/** What no rule can mend: the two buckets, and the role. */
function pairProblems(
  terms: ContractTerms,
  source: ContractCounterpart,
  granted: ContractSource | undefined,
  from: string,
): string[] {
  const problems: string[] = [];
  if (terms.partition !== partitionOfRegion(source.region)) {
    problems.push(
      `S3 does not replicate between partitions: the source is in '${partitionOfRegion(source.region)}', the destination in '${terms.partition}'`,
    );
  }
  if (terms.bucketArn === source.bucketArn) {
    problems.push(
      `the source and the destination are the same bucket, ${show(terms.bucketArn)}: change 'bucketName' in one of the two`,
    );
  }
  if (source.objectLockEnabled && !terms.objectLockEnabled) {
    problems.push(
      `the source bucket has Object Lock, and S3 then needs it at the destination too: set 'objectLockEnabled: true' at the destination (${from})`,
    );
  }
  if (granted === undefined) {
    const roles = terms.sources.map((candidate) => candidate.roleArn).join(", ") || "no role";
    problems.push(
      `the destination does not grant anything to this source's role ${source.roleArn}, but to ${roles}: add the role's account, 'roleName' and 'rolePath' to 'sources' at the destination (${from}), or correct them here`,
    );
  }
  return problems;
}

/** What the rule does and the destination does not grant to the role. */
function grantProblems(
  terms: ContractTerms,
  rule: ResolvedRule,
  source: ContractCounterpart,
  granted: ContractSource | undefined,
  from: string,
): string[] {
  const isRefused = (wants: boolean, setting: "deleteMarkerReplication" | "ownerOverride") =>
    wants && granted?.[setting] === false;
  const refused = (what: string, setting: string) =>
    `rule '${rule.id}' ${what}, which the destination does not grant to ${source.roleArn}: set '${setting}: true' for it in 'sources' at the destination (${from}) and deploy that first, or set it to false in the rule`;
  const problems: string[] = [];
  if (isRefused(rule.deleteMarkerReplication, "deleteMarkerReplication")) {
    problems.push(refused("replicates delete markers", "deleteMarkerReplication"));
  }
  if (isRefused(overridesOwner(rule, source.accountId, terms.accountId), "ownerOverride")) {
    problems.push(refused("gives the replicas to the destination's account", "ownerOverride"));
  }
  if (granted?.tags === false) {
    problems.push(
      `rule '${rule.id}' would lose the tags of its objects: the contract (${from}) does not grant tags`,
    );
  }
  return problems;
}

/** Whether there is a key for the replicas, where the destination is. */
function replicaKeyProblems(terms: ContractTerms, rule: ResolvedRule, from: string): string[] {
  const problems: string[] = [];
  if (rule.sseKmsEncryptedObjects && rule.replicaKmsKeyArn === undefined && terms.encryption !== "aws:kms") {
    problems.push(
      `rule '${rule.id}' replicates SSE-KMS objects, and the destination has no KMS key for the replicas: set 'encryption.algorithm: aws:kms' at the destination (${from}), give the rule a 'replicaKmsKeyArn', or set its 'sseKmsEncryptedObjects: false'`,
    );
  }
  const region = parseArn(rule.replicaKmsKeyArn ?? "")?.region;
  if (region !== undefined && region !== terms.region) {
    problems.push(
      `rule '${rule.id}': 'replicaKmsKeyArn' must be a key in the destination's Region '${terms.region}', got a key in '${region}': ${show(rule.replicaKmsKeyArn)}`,
    );
  }
  return problems;
}
