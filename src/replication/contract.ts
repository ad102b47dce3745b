/** What a destination promises to its sources: the one value that travels from the destination stack to the source stack. */
import * as v from "valibot";
import { parseArn, partitionOfRegion } from "../naming/arn";
import { fields } from "../input/objectShapes";
import { InvalidInputError, show } from "../input/problems";
import { shapeProblems } from "../input/schemaProblems";
import { DEFAULTS, type ReplicationSourceGrant, algorithmOf } from "./arguments/arguments";
import {
  ACCOUNT_ID,
  bucketArnOf,
  ORGANIZATION_ID,
  ORGANIZATION_PATHS,
  REGION,
  roleArnOf,
} from "../naming/names";
import { overridesOwner } from "./rules";
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

/** What the destination grants to one replication role, or to a role of that name in each account of an organization. */
export interface ContractSource {
  /** ARN of the replication role, path included; with `*` for the account where an organization is granted. */
  roleArn: string;
  /** Id of the organization that the account must be in. */
  organizationId?: string;
  /** Places in the organization that the account must be at; left out: any. */
  paths?: string[];
  /** Whether each account may write only keys that begin with `<account>/`. */
  prefixPerAccount?: boolean;
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
        organizationId: v.optional(named(ORGANIZATION_ID)),
        paths: v.optional(v.array(named(ORGANIZATION_PATHS), "must be a list")),
        prefixPerAccount: v.optional(flag),
        tags: flag,
        deleteMarkerReplication: flag,
        ownerOverride: flag,
      },
      "must be what a replication role is granted",
    ),
    "must be a list of what each replication role is granted",
  ),
};

/** Role ARN that a destination's policies name for a source: a pattern, where it is a role of an organization. */
export function grantedRoleArn(partition: string, grant: ReplicationSourceGrant): string {
  return roleArnOf(
    partition,
    grant.accountId ?? "*",
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
      ...(grant.organizationId === undefined ? {} : { organizationId: grant.organizationId }),
      ...(grant.paths === undefined ? {} : { paths: grant.paths }),
      ...(grant.prefixPerAccount === true ? { prefixPerAccount: true } : {}),
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
