/** The policies of the destination bucket and its key: each source's role, and nobody else. */
import { partitionOfRegion } from "../../naming/arn";
import { actionsOf } from "../permissions";
import { DEFAULTS, type ReplicationSourceGrant } from "../arguments/arguments";
import { grantedRoleArn } from "../contract";
import { accountRootArnOf } from "../../naming/names";
import {
  denyInsecureTransport,
  oneOrMany,
  policy,
  POLICY_LIMITS,
  type PolicyJson,
  policySize,
  type StatementJson,
} from "./document";
import { administerKey, keyUse } from "./keyUse";
import { overridesOwner } from "../rules";

/** What the destination's policies are made of. */
export interface DestinationGrants {
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly sources: readonly ReplicationSourceGrant[];
  /** Lets S3 put the lists of the bucket into it, where they go there. */
  readonly inventory?: StatementJson;
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
  const { inventory } = grants;
  return [
    ...groups.map(({ sid, sources }) => bucketStatement(grants, sid, sources)),
    ...(inventory === undefined ? [] : [inventory]),
  ];
}

function bucketStatement(
  grants: DestinationGrants,
  sid: string,
  sources: readonly ReplicationSourceGrant[],
): StatementJson {
  const [first] = sources;
  const { Principal, Condition } = whoIsGranted(grants, sources);
  // Replaced by AWS with the account of whoever asks.
  const below = first?.prefixPerAccount === true ? "${aws:PrincipalAccount}/" : "";
  return {
    Sid: sid,
    Effect: "Allow",
    Principal,
    Action: [
      ...actionsOf("writeReplicas"),
      ...(first?.deleteMarkerReplication === true ? actionsOf("writeDeleteMarkers") : []),
      ...(first !== undefined && overridesOwner(first, first.accountId, grants.accountId)
        ? actionsOf("giveOwnership")
        : []),
    ],
    Resource: `${grants.bucketArn}/${below}*`,
    ...(Condition === undefined ? {} : { Condition }),
  };
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

function keyStatements(grants: DestinationGrants, groups: readonly GrantGroup[]): StatementJson[] {
  return groups.map(({ sid, sources }) => {
    const { Principal, Condition } = whoIsGranted(grants, sources);
    const use = keyUse(grants.region, [[grants.bucketArn, ""]]);
    const callers = [...new Set(sources.flatMap((source) => source.accountId ?? []))];
    return {
      Sid: sid,
      Effect: "Allow",
      Principal,
      Action: actionsOf("useDestinationKey"),
      // In a key policy `*` means this key.
      Resource: "*",
      Condition: {
        ...Condition,
        ...use,
        StringEquals: {
          // An organization has no such number; its id and its roles narrow as much.
          ...(callers.length === 0 ? {} : { "kms:CallerAccount": oneOrMany(callers) }),
          ...Condition?.StringEquals,
          ...use.StringEquals,
        },
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
  const [first] = sources;
  if (first?.organizationId !== undefined) return organizationIsGranted(first, roleArns);
  if (first?.principal === "Role") return { Principal: { AWS: oneOrMany(roleArns) } };
  const accounts = [...new Set(sources.flatMap((source) => source.accountId ?? []))];
  const roots = accounts.map((accountId) => accountRootArnOf(partition, accountId));
  return {
    Principal: { AWS: oneOrMany(roots) },
    Condition: { ArnEquals: { "aws:PrincipalArn": oneOrMany(roleArns) } },
  };
}

/**
 * No principal stands for the accounts of an organization, so that everybody is named and narrowed: to the organization,
 * to places in it, and to the name of the role. S3 calls no policy public that asks for one organization.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
 */
function organizationIsGranted(
  { organizationId = "", paths }: ReplicationSourceGrant,
  roleArns: readonly string[],
): Required<Pick<StatementJson, "Principal" | "Condition">> {
  return {
    Principal: { AWS: "*" },
    Condition: {
      StringEquals: { "aws:PrincipalOrgID": organizationId },
      // A key of several values, of which an account in an organization has one.
      ...(paths === undefined
        ? {}
        : { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": oneOrMany(paths) } }),
      ArnLike: { "aws:PrincipalArn": oneOrMany(roleArns) },
    },
  };
}

const separately = (sources: readonly ReplicationSourceGrant[]): GrantGroup[] =>
  sources.map((source, index) => ({
    sid: `ReplicateFrom${source.accountId ?? "Organization"}${index === 0 ? "" : `N${index + 1}`}`,
    sources: [source],
  }));

/** Sources with equal grants share a statement: the same people may do the same things, in fewer characters. */
function together(grants: DestinationGrants): GrantGroup[] {
  const groups = new Map<string, ReplicationSourceGrant[]>();
  for (const [index, source] of grants.sources.entries()) {
    const kind = [
      // An organization is one statement already.
      source.organizationId === undefined ? "accounts" : index,
      source.principal ?? DEFAULTS.principal,
      source.deleteMarkerReplication ?? false,
      overridesOwner(source, source.accountId, grants.accountId),
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
