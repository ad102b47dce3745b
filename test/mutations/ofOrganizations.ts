/** Changes of what organizations say: service control policies and resource control policies that stop replication. */
import { parseArn } from "../../src/iam";
import { bucketArnWithin } from "../../src/naming/names";
import type { Where } from "../../src/rehearsal/report/report";
import type { AccountState, Snapshot } from "../../src/snapshot/snapshot";
import { type Mutation, withValue } from "./mutation";
import { destinationsOf, replicaKeysOf } from "./ofSettings";

interface Denied {
  /** For people: what the policy is like. */
  readonly name: string;
  readonly action: string;
  readonly condition?: object;
}

const document = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const FULL = document({ Effect: "Allow", Action: "*", Resource: "*" });
const RCP_FULL = document({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" });

export function* mutationsOfOrganizations(snapshot: Snapshot): Generator<Mutation> {
  for (const accountId of Object.keys(snapshot.accounts)) {
    for (const denied of deniedOfRoles(snapshot, accountId)) {
      const { action, condition } = denied;
      const deny = { Effect: "Deny", Action: action, Resource: "*", ...withCondition(condition) };
      yield mutation(accountId, "scps", "service control policy", denied, [FULL, document(deny)]);
    }
    for (const denied of deniedOfResources(snapshot, accountId)) {
      const { action, condition } = denied;
      const deny = {
        Effect: "Deny",
        Principal: "*",
        Action: action,
        Resource: "*",
        ...withCondition(condition),
      };
      yield mutation(accountId, "rcps", "resource control policy", denied, [RCP_FULL, document(deny)]);
    }
    yield* refusedOf(accountId);
  }
}

const withCondition = (condition: object | undefined) =>
  condition === undefined ? {} : { Condition: condition };

function mutation(
  accountId: string,
  field: "scps" | "rcps",
  where: Where,
  { name, action }: Denied,
  level: readonly object[],
): Mutation {
  return {
    kind: `${field} denied`,
    name: `account ${accountId}: a ${where} denies ${action} ${name}`,
    cause: { where, actions: [action] },
    mutate: (whole) => withValue(whole, ["accounts", accountId, field], [level]),
  };
}

/** What is denied to the replication roles of an account. */
function deniedOfRoles(snapshot: Snapshot, accountId: string): Denied[] {
  const roles = sendersOf(snapshot).map(({ replication }) => replication?.Role ?? "");
  if (!roles.some((arn) => parseArn(arn)?.accountId === accountId)) return [];
  return [
    { name: "to everybody", action: "s3:ReplicateObject" },
    {
      name: "in every Region",
      action: "s3:GetObjectVersionForReplication",
      condition: { StringNotEquals: { "aws:RequestedRegion": "mx-central-1" } },
    },
    {
      name: "but to administrators",
      action: "s3:GetObjectVersionAcl",
      condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/administrators/*" } },
    },
  ];
}

/** What is denied on the buckets, keys and roles of an account. */
function deniedOfResources(snapshot: Snapshot, accountId: string): Denied[] {
  const isHere = (arn: string) => snapshot.buckets[arn]?.account === accountId;
  const isSource = sendersOf(snapshot).some(({ account }) => account === accountId);
  const isDestination = [...destinationsOf(snapshot)].some((arn) => isHere(bucketArnWithin(arn) ?? arn));
  const hasReplicaKey = [...replicaKeysOf(snapshot)].some(
    (arn) => snapshot.keys[arn]?.account === accountId && snapshot.keys[arn]?.manager === "CUSTOMER",
  );
  return [
    ...(isDestination
      ? [
          { name: "to everybody", action: "s3:ReplicateObject" },
          {
            name: "outside of a VPC endpoint",
            action: "s3:ReplicateObject",
            condition: { StringNotEqualsIfExists: { "aws:SourceVpce": "vpce-1a2b3c4d" } },
          },
        ]
      : []),
    ...(isSource
      ? [
          { name: "to everybody", action: "s3:GetObjectVersionForReplication" },
          {
            name: "outside of an organization, services too",
            action: "sts:AssumeRole",
            condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
          },
        ]
      : []),
    ...(hasReplicaKey ? [{ name: "to everybody", action: "kms:Encrypt" }] : []),
  ];
}

function sendersOf({ buckets }: Snapshot) {
  return Object.values(buckets).filter(({ replication }) => replication !== null);
}

/** What AWS does not store of an organization's policies. */
function* refusedOf(accountId: string): Generator<Mutation> {
  const deny = { Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" };
  const padding = Array.from({ length: 60 }, (_, at) => ({ ...deny, Sid: `${"Padding".repeat(8)}${at}` }));
  const everybody = { Principal: "*" };
  const refused: readonly (readonly [string, keyof AccountState, readonly object[], RegExp])[] = [
    ["too large", "scps", [FULL, document(...padding)], /exceeded the maximum policy size/],
    [
      "too large",
      "rcps",
      [RCP_FULL, document(...padding.map((each) => ({ ...each, ...everybody })))],
      /exceeded the maximum policy size/,
    ],
    [
      "with an Allow",
      "rcps",
      [RCP_FULL, document({ ...deny, ...everybody }, { ...deny, ...everybody, Effect: "Allow" })],
      /only supported in RCPFullAWSAccess/,
    ],
    [
      "for one principal",
      "rcps",
      [RCP_FULL, document({ ...deny, Principal: { AWS: accountId } })],
      /Principal of a resource control policy/,
    ],
    [
      "with NotAction",
      "rcps",
      [
        RCP_FULL,
        document({ Effect: "Deny", ...everybody, NotAction: ["s3:*", "kms:*", "sts:*"], Resource: "*" }),
      ],
      /NotAction is no element/,
    ],
  ];
  for (const [name, field, level, says] of refused) {
    yield {
      kind: "refused",
      name: `account ${accountId}: ${field} ${name}`,
      cause: { says },
      mutate: (whole) => withValue(whole, ["accounts", accountId, field], [level]),
    };
  }
}
