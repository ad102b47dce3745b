/** Changes for which AWS would not store a configuration or a document. */
import type { Snapshot } from "../../src/snapshot/snapshot";
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
