/** The key that a rule names, its state, and keys that the snapshot does not hold. */
import type { ProofCase } from "../expected";
import {
  administration,
  allow,
  allowing,
  CONTEXT,
  DESTINATION,
  DESTINATION_ACCOUNT,
  DESTINATION_REGION,
  key,
  keyArn,
  objectsOf,
  policy,
  REPLICA_KEY,
  rolePolicy,
  rule,
  S3_THERE,
  setUp,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  USE_REPLICA_KEY,
} from "../setUp";

export const kmsFailed = {
  plain: "COMPLETED",
  tagged: "COMPLETED",
  kms: "FAILED",
  "kms-bucket-key": "FAILED",
  deleted: "COMPLETED",
} as const;
const kmsOpen = { ...kmsFailed, kms: "UNPROVEN", "kms-bucket-key": "UNPROVEN" } as const;

const encrypt = (where: "role policy" | "destination key policy", ...keys: string[]) =>
  ({
    failureReason: "DstPutObjectNotPermitted",
    action: "kms:Encrypt",
    resource: REPLICA_KEY,
    where,
    keys,
  }) as const;
/** The rule names the key that is given. */
const naming = (ReplicaKmsKeyID: string | undefined) =>
  rule({}, { EncryptionConfiguration: { ReplicaKmsKeyID } });
const keyOfRule = (failureReason: string | undefined, resource: string) =>
  ({
    ...(failureReason === undefined ? {} : { failureReason }),
    resource,
    where: "rule",
    keys: ["ReplicaKmsKeyID"],
  }) as const;

const useFor = (...contexts: string[]) => ({
  StringEquals: { "kms:ViaService": S3_THERE },
  StringLike: { [CONTEXT]: contexts },
});
const inSource = keyArn(DESTINATION_REGION, SOURCE_ACCOUNT, "1a2b3c4d-0000-4000-8000-00000000cccc");
const MANAGED = keyArn(DESTINATION_REGION, DESTINATION_ACCOUNT, "1a2b3c4d-0000-4000-8000-00000000dddd");

const NOT_EXPORTED = keyArn(DESTINATION_REGION, DESTINATION_ACCOUNT, "1a2b3c4d-0000-4000-8000-00000000eeee");
const ALIAS_ARN = `arn:aws:kms:${DESTINATION_REGION}:${DESTINATION_ACCOUNT}:alias/invoices`;

export const REPLICA_KEYS: readonly ProofCase[] = [
  {
    file: "key-alias-in-rule",
    about: "The rule names an alias, which is looked up in the account of whoever asks",
    snapshot: setUp({ rules: [naming("alias/invoices")] }),
    verdict: "broken",
    refusals: [/Invalid ReplicaKmsKeyID ARN/],
    outcomes: kmsOpen,
    cause: keyOfRule(undefined, "alias/invoices"),
    says: /alias/,
    unused: "any",
  },
  {
    file: "key-id-in-rule",
    about: "The rule names a key id without an account",
    snapshot: setUp({ rules: [naming("1a2b3c4d-0000-4000-8000-000000000002")] }),
    verdict: "broken",
    refusals: [/Invalid ReplicaKmsKeyID ARN/],
    outcomes: kmsOpen,
    cause: keyOfRule(undefined, "1a2b3c4d-0000-4000-8000-000000000002"),
    unused: "any",
  },
  {
    file: "key-managed-by-aws",
    about: "Replicas under the destination's own aws/s3, which no other account can use",
    snapshot: setUp({
      rules: [naming(MANAGED)],
      keys: {
        [MANAGED]: {
          ...key(
            DESTINATION_ACCOUNT,
            DESTINATION_REGION,
            policy(
              allowing("*", ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], "*", {
                StringEquals: { "kms:CallerAccount": DESTINATION_ACCOUNT, "kms:ViaService": S3_THERE },
              }),
            ),
          ),
          manager: "AWS",
        },
      },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: keyOfRule("DstKmsKeyNotFound", MANAGED),
    unused: "any",
  },
  {
    file: "key-in-source-region",
    about: "The rule names a key of the source's Region",
    snapshot: setUp({ rules: [naming(SOURCE_KEY)] }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: keyOfRule("DstKmsKeyNotFound", SOURCE_KEY),
    unused: "any",
  },
  {
    file: "key-in-source-region-everywhere",
    about: "Rule and role name a key of the source's Region, and the right key does not know the role",
    snapshot: setUp({
      rules: [naming(SOURCE_KEY)],
      rolePolicies: [
        rolePolicy({
          replicaKey: allow(USE_REPLICA_KEY, SOURCE_KEY, useFor(DESTINATION, objectsOf(DESTINATION))),
        }),
      ],
      replicaKey: { policy: policy(administration(DESTINATION_ACCOUNT)) },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: keyOfRule("DstKmsKeyNotFound", SOURCE_KEY),
    unused: "any",
  },
  {
    file: "key-of-source-account-there",
    about:
      "Replicas under a key of the source's account in the right Region: it works, with one account's keys",
    snapshot: setUp({
      rules: [naming(inSource)],
      rolePolicies: [
        rolePolicy({
          replicaKey: allow(USE_REPLICA_KEY, inSource, useFor(DESTINATION, objectsOf(DESTINATION))),
        }),
      ],
      keys: { [inSource]: key(SOURCE_ACCOUNT, DESTINATION_REGION, policy(administration(SOURCE_ACCOUNT))) },
    }),
    verdict: "proven",
  },
  {
    file: "key-disabled",
    about: "The destination's key is disabled",
    snapshot: setUp({ replicaKey: { state: "Disabled" } }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: {
      failureReason: "DstKmsKeyInvalidState",
      resource: REPLICA_KEY,
      where: "key state",
      keys: [REPLICA_KEY],
    },
  },
  {
    file: "key-pending-deletion",
    about: "The source key waits for its deletion",
    snapshot: setUp({ sourceKey: { state: "PendingDeletion" } }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: {
      failureReason: "SrcKmsKeyInvalidState",
      resource: SOURCE_KEY,
      where: "key state",
      keys: [SOURCE_KEY],
    },
  },
  {
    file: "key-not-in-snapshot",
    about: "Nobody exported the destination's key, which the role may use",
    snapshot: setUp({
      rules: [naming(NOT_EXPORTED)],
      rolePolicies: [
        rolePolicy({
          replicaKey: allow(USE_REPLICA_KEY, NOT_EXPORTED, useFor(DESTINATION, objectsOf(DESTINATION))),
        }),
      ],
    }),
    verdict: "unproven",
    outcomes: kmsOpen,
    cause: { resource: NOT_EXPORTED, where: "snapshot" },
    mended: false,
  },
  {
    file: "key-not-in-snapshot-nor-in-role",
    about: "Nobody exported the destination's key, and the role may not use it, whatever its policy says",
    snapshot: setUp({ rules: [naming(NOT_EXPORTED)] }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: { ...encrypt("role policy"), resource: NOT_EXPORTED },
    unused: "any",
    mended: false,
  },
  {
    file: "key-alias-arn-in-rule",
    about: "The rule names an alias by its ARN; which key it stands for, the snapshot does not tell",
    snapshot: setUp({ rules: [naming(ALIAS_ARN)] }),
    verdict: "unproven",
    outcomes: kmsOpen,
    cause: keyOfRule(undefined, ALIAS_ARN),
    unused: "any",
  },
  {
    file: "key-alias-of-managed-key",
    about: "The rule names the alias of aws/s3",
    snapshot: setUp({ rules: [naming("alias/aws/s3")] }),
    verdict: "broken",
    refusals: [/Invalid ReplicaKmsKeyID ARN/],
    outcomes: kmsFailed,
    cause: keyOfRule("DstKmsKeyNotFound", "alias/aws/s3"),
    unused: "any",
  },
  {
    file: "key-missing-in-rule",
    about: "The rule selects SSE-KMS objects and names no key",
    snapshot: setUp({ rules: [naming(undefined)] }),
    verdict: "broken",
    outcomes: kmsFailed,
    refusals: [/ReplicaKmsKeyID must be specified/],
    cause: keyOfRule("DstKmsKeyNotFound", ""),
    unused: "any",
  },
];
