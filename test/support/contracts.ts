/** What a destination may fail to grant, and what the source then says: used wherever a contract can come from. */
import type { ReplicationSourceArgs } from "../../src";
import {
  contract,
  type ContractGrant,
  grantTo,
  keyArn,
  type PlainContract,
  sourceArgs,
  sourceWithRule,
} from "./pairs";

export const ROLE = "arn:aws:iam::111111111111:role/s3-replication";

const granting = (change: Partial<ContractGrant>) => contract({ sources: [grantTo(ROLE, change)] });

/** What is wrong, the contract, the source, and the sentence that names the setting and the place to change it. */
export type Mismatch = readonly [string, PlainContract, ReplicationSourceArgs, (from: string) => string];

export const MISMATCHES: readonly Mismatch[] = [
  [
    "delete markers",
    granting({ deleteMarkerReplication: false }),
    sourceWithRule({ deleteMarkerReplication: true }),
    (from) =>
      `rule 'everything' replicates delete markers, which the destination does not grant to ${ROLE}: set 'deleteMarkerReplication: true' for it in 'sources' at the destination (${from}) and deploy that first, or set it to false in the rule`,
  ],
  [
    "owner override that is the default",
    granting({ ownerOverride: false }),
    sourceArgs(),
    (from) =>
      `rule 'everything' gives the replicas to the destination's account, which the destination does not grant to ${ROLE}: set 'ownerOverride: true' for it in 'sources' at the destination (${from}) and deploy that first, or set it to false in the rule`,
  ],
  [
    "owner override that is asked for",
    granting({ ownerOverride: false }),
    sourceWithRule({ ownerOverride: true }),
    (from) =>
      `rule 'everything' gives the replicas to the destination's account, which the destination does not grant to ${ROLE}: set 'ownerOverride: true' for it in 'sources' at the destination (${from}) and deploy that first, or set it to false in the rule`,
  ],
  [
    "Object Lock",
    contract(),
    sourceArgs({ objectLockEnabled: true }),
    (from) =>
      `the source bucket has Object Lock, and S3 then needs it at the destination too: set 'objectLockEnabled: true' at the destination (${from})`,
  ],
  [
    "this role, by its name",
    contract(),
    sourceArgs({ roleName: "other" }),
    (from) =>
      `the destination does not grant anything to this source's role arn:aws:iam::111111111111:role/other, but to ${ROLE}: add the role's account, 'roleName' and 'rolePath' to 'sources' at the destination (${from}), or correct them here`,
  ],
  [
    "this role, by its path",
    contract(),
    sourceArgs({ rolePath: "/x/" }),
    (from) =>
      `the destination does not grant anything to this source's role arn:aws:iam::111111111111:role/x/s3-replication, but to ${ROLE}: add the role's account, 'roleName' and 'rolePath' to 'sources' at the destination (${from}), or correct them here`,
  ],
  [
    "any role",
    contract({ sources: [] }),
    sourceArgs(),
    (from) =>
      `the destination does not grant anything to this source's role ${ROLE}, but to no role: add the role's account, 'roleName' and 'rolePath' to 'sources' at the destination (${from}), or correct them here`,
  ],
  [
    "tags",
    granting({ tags: false }),
    sourceArgs(),
    (from) =>
      `rule 'everything' would lose the tags of its objects: the contract (${from}) does not grant tags`,
  ],
  [
    "a key for SSE-KMS objects",
    contract({ encryption: "AES256", keyArn: undefined, bucketKeyEnabled: false }),
    sourceArgs(),
    (from) =>
      `rule 'everything' replicates SSE-KMS objects, and the destination has no KMS key for the replicas: set 'encryption.algorithm: aws:kms' at the destination (${from}), give the rule a 'replicaKmsKeyArn', or set its 'sseKmsEncryptedObjects: false'`,
  ],
  [
    "the Region of the replica key",
    contract(),
    sourceWithRule({ replicaKmsKeyArn: keyArn("222222222222", "eu-west-1") }),
    () =>
      `rule 'everything': 'replicaKmsKeyArn' must be a key in the destination's Region 'eu-central-1', got a key in 'eu-west-1': '${keyArn("222222222222", "eu-west-1")}'`,
  ],
  [
    "the partition",
    contract({
      region: "cn-north-1",
      partition: "aws-cn",
      keyArn: keyArn("222222222222", "cn-north-1", "aws-cn"),
      bucketArn: "arn:aws-cn:s3:::orders-replicas",
    }),
    sourceArgs(),
    () => "S3 does not replicate between partitions: the source is in 'aws', the destination in 'aws-cn'",
  ],
  [
    "another bucket than the source",
    contract({ bucketArn: "arn:aws:s3:::orders" }),
    sourceArgs(),
    () =>
      "the source and the destination are the same bucket, 'arn:aws:s3:::orders': change 'bucketName' in one of the two",
  ],
];

/** What is wrong with the contract itself, and the sentence about it. */
export const MALFORMED: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["no version", { version: undefined }, version("nothing")],
  ["a later version", { version: 2 }, version("2")],
  ["a version that is a text", { version: "1" }, version("'1'")],
  [
    "no account",
    { accountId: undefined },
    "'accountId' must be a 12-digit AWS account id in quotes, got nothing",
  ],
  [
    "an account that is a number",
    { accountId: 222222222222 },
    "'accountId' must be a 12-digit AWS account id in quotes, got 222222222222",
  ],
  ["no Region", { region: undefined }, "'region' must be an AWS Region such as 'eu-west-1', got nothing"],
  [
    "no Region of AWS",
    { region: "Frankfurt" },
    "'region' must be an AWS Region such as 'eu-west-1', got 'Frankfurt'",
  ],
  ["no partition", { partition: undefined }, "'partition' must be a partition such as 'aws', got nothing"],
  [
    "a partition that is not the Region's",
    { partition: "aws-cn" },
    "'partition' must be 'aws', that of Region 'eu-central-1', got 'aws-cn'",
  ],
  ["no bucket", { bucketArn: undefined }, "'bucketArn' must be the ARN of a bucket, got nothing"],
  ["a bucket name", { bucketArn: "orders" }, "'bucketArn' must be the ARN of a bucket, got 'orders'"],
  ["no encryption", { encryption: undefined }, "'encryption' must be 'aws:kms' or 'AES256', got nothing"],
  ["another encryption", { encryption: "DES" }, "'encryption' must be 'aws:kms' or 'AES256', got 'DES'"],
  [
    "a Bucket Key that is a text",
    { bucketKeyEnabled: "true" },
    "'bucketKeyEnabled' must be true or false, got 'true'",
  ],
  [
    "an ownership that is none",
    { objectOwnership: true },
    "'objectOwnership' must be the Object Ownership setting of the bucket, got true",
  ],
  [
    "no Object Lock",
    { objectLockEnabled: undefined },
    "'objectLockEnabled' must be true or false, got nothing",
  ],
  [
    "no sources",
    { sources: undefined },
    "'sources' must be a list of what each replication role is granted, got nothing",
  ],
  [
    "a source without a role",
    { sources: [{ ...grantTo(ROLE), roleArn: undefined }] },
    "'sources[0].roleArn' must be the ARN of a role, got nothing",
  ],
  [
    "a source whose grant is a text",
    { sources: [{ ...grantTo(ROLE), deleteMarkerReplication: "yes" }] },
    "'sources[0].deleteMarkerReplication' must be true or false, got 'yes'",
  ],
  [
    "a source without tags",
    { sources: [{ ...grantTo(ROLE), tags: undefined }] },
    "'sources[0].tags' must be true or false, got nothing",
  ],
  [
    "a source without owner override",
    { sources: [{ ...grantTo(ROLE), ownerOverride: undefined }] },
    "'sources[0].ownerOverride' must be true or false, got nothing",
  ],
];

/** What is wrong with the key of a contract that says SSE-KMS, the key, and how an error shows it. */
export const MALFORMED_KEYS: readonly (readonly [string, unknown, string])[] = [
  ["no key", undefined, "nothing"],
  ["a number", 7, "7"],
  ...Object.entries({
    "a key id": "12345678-1234-1234-1234-123456789012",
    "an alias": "arn:aws:kms:eu-central-1:222222222222:alias/replicas",
    "a bucket": "arn:aws:s3:::orders-replicas",
    "a key in another Region": keyArn("222222222222", "eu-west-1"),
  }).map(([what, arn]) => [what, arn, `'${arn}'`] as const),
];

function version(got: string): string {
  return `'version' must be 1, the version that this release reads; use the same release of s3-replication in both stacks, got ${got}`;
}
