/** Changes for which AWS would not store a configuration or a document. */
import type { KeyState, RoleState, Snapshot } from "../../src/snapshot/snapshot";
import { type Mutation, withValue } from "./mutation";

type Path = readonly (string | number)[];

export function* mutationsOfRefusals(snapshot: Snapshot): Generator<Mutation> {
  for (const [arn, { replication, policy }] of Object.entries(snapshot.buckets)) {
    if (policy !== null) yield* mutationsOfBucketPolicy(arn, policy);
    for (const [index, rule] of (replication?.Rules ?? []).entries()) {
      const path: Path = ["buckets", arn, "replication", "Rules", index];
      for (const [name, inner, value, says] of REFUSED) {
        yield {
          kind: "refused",
          name: `rule '${rule.ID}': ${name}`,
          cause: { says },
          mutate: (whole) => withValue(whole, [...path, ...inner], value),
        };
      }
    }
  }
  for (const [accountId, { roles }] of Object.entries(snapshot.accounts)) {
    for (const [arn, role] of Object.entries(roles)) yield* mutationsOfRoles(accountId, arn, role);
  }
  for (const [arn, key] of Object.entries(snapshot.keys)) yield keyOfTooMany(arn, key);
}

/** Documents of more characters than AWS takes, and a trust policy with an action of another kind. */
function* mutationsOfRoles(
  accountId: string,
  arn: string,
  { trust, policies }: RoleState,
): Generator<Mutation> {
  const path: Path = ["accounts", accountId, "roles", arn];
  const deny = { Effect: "Deny", Action: "s3:ListAllMyBuckets", Resource: "*" };
  const many = (count: number, statement: object) =>
    Array.from({ length: count }, (_, index) => ({ ...statement, Sid: `${"Padding".repeat(8)}${index}` }));
  const { Statement: trusted } = trust as Document;
  const [first] = policies as Document[];
  const nobody = {
    Effect: "Deny",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const [whom] = trusted;
  const more: readonly (readonly [string, Path, readonly unknown[], RegExp])[] = [
    ["trust policy of too many", ["trust", "Statement"], [...trusted, ...many(15, nobody)], /ACLSizePerRole/],
    [
      "trust policy with an action of S3",
      ["trust", "Statement"],
      [{ ...(whom as object), Action: ["sts:AssumeRole", "s3:GetObject"] }, ...trusted.slice(1)],
      /may only specify STS AssumeRole/,
    ],
    [
      "policy of too many",
      ["policies", 0, "Statement"],
      [...(first?.Statement ?? []), ...many(100, deny)],
      /Maximum policy size/,
    ],
  ];
  for (const [name, inner, value, says] of more) {
    yield {
      kind: "refused",
      name: `role ${arn}: ${name}`,
      cause: { says },
      mutate: (whole) => withValue(whole, [...path, ...inner], value),
    };
  }
}

interface Document {
  readonly Statement: readonly unknown[];
}

function keyOfTooMany(arn: string, { policy }: KeyState): Mutation {
  const deny = {
    Effect: "Deny",
    Principal: "*",
    Action: "kms:ScheduleKeyDeletion",
    Resource: "*",
    Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
  };
  const padding = Array.from({ length: 200 }, (_, index) => ({
    ...deny,
    Sid: `${"Padding".repeat(8)}${index}`,
  }));
  const path = ["keys", arn, "policy", "Statement"];
  return {
    kind: "refused",
    name: `key policy of ${arn}: more than AWS takes`,
    cause: { says: /LimitExceededException/ },
    mutate: (whole) => withValue(whole, path, [...(policy as Document).Statement, ...padding]),
  };
}

const NOT_WELL_FORMED = /^MalformedXML: /;

/** What is written into a rule of the V2 schema, and what S3 says. */
const REFUSED: readonly (readonly [string, Path, unknown, RegExp])[] = [
  ["a prefix beside the filter", ["Prefix"], "a/", NOT_WELL_FORMED],
  ["two filters side by side", ["Filter"], { Prefix: "a/", And: { Prefix: "a/" } }, NOT_WELL_FORMED],
  ["an And of one", ["Filter"], { And: { Prefix: "a/" } }, NOT_WELL_FORMED],
  ["no filter", ["Filter"], undefined, NOT_WELL_FORMED],
  ["existing objects", ["ExistingObjectReplication"], { Status: "Enabled" }, NOT_WELL_FORMED],
  ["delete markers without a status", ["DeleteMarkerReplication"], {}, NOT_WELL_FORMED],
  ["an empty selection", ["SourceSelectionCriteria"], {}, /SourceSelectionCriteria|SseKmsEncryptedObjects/],
  ["a long ID", ["ID"], "x".repeat(256), /Rule Id cannot be greater/],
  ["a negative priority", ["Priority"], -1, /Priority must be between/],
  ["a storage class of Outposts", ["Destination", "StorageClass"], "OUTPOSTS", NOT_WELL_FORMED],
  [
    "30 minutes",
    ["Destination", "ReplicationTime"],
    { Status: "Enabled", Time: { Minutes: 30 } },
    /Invalid time minute value/,
  ],
  [
    "a threshold of 10 minutes",
    ["Destination", "Metrics"],
    { Status: "Enabled", EventThreshold: { Minutes: 10 } },
    /event threshold/,
  ],
  [
    "a key id",
    ["Destination", "EncryptionConfiguration"],
    { ReplicaKmsKeyID: "22222222-2222-2222-2222-222222222222" },
    /Invalid ReplicaKmsKeyID ARN|SseKmsEncryptedObjects must be specified/,
  ],
];

function* mutationsOfBucketPolicy(arn: string, policy: unknown): Generator<Mutation> {
  const { Statement } = policy as { Statement: readonly object[] };
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:GetBucketLocation", Resource: arn };
  const added: readonly (readonly [string, readonly object[], RegExp])[] = [
    ["another bucket", [{ ...deny, Resource: "arn:aws:s3:::another" }], /Policy has invalid resource/],
    ["an action that fits no resource", [{ ...deny, Action: "s3:GetObject" }], /Action does not apply/],
    ["an action of KMS", [{ ...deny, Action: ["s3:GetBucketLocation", "kms:Decrypt"] }], /invalid action/],
    [
      "more than AWS takes",
      Array.from({ length: 200 }, (_, index) => ({ ...deny, Sid: `${"Padding".repeat(8)}${index}` })),
      /exceeds the maximum allowed size/,
    ],
  ];
  for (const [name, statements, says] of added) {
    yield {
      kind: "refused",
      name: `bucket policy of ${arn}: ${name}`,
      cause: { says },
      mutate: (whole) =>
        withValue(whole, ["buckets", arn, "policy", "Statement"], [...Statement, ...statements]),
    };
  }
}
