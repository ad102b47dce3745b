/** Keys: their policies, and the conditions of their use. */
import type { ProofCase } from "../expected";
import {
  administration,
  allow,
  allowing,
  CONTEXT,
  DESTINATION,
  DESTINATION_ACCOUNT,
  keyArn,
  objectsOf,
  OVERRIDE,
  policy,
  REPLICA_KEY,
  replicaKeyPolicy,
  ROLE,
  ROLE_STATEMENTS,
  rolePolicy,
  root,
  S3_HERE,
  S3_THERE,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  SOURCE_REGION,
  USE_REPLICA_KEY,
  WRITE,
} from "../setUp";

export const kmsFailed = {
  plain: "COMPLETED",
  tagged: "COMPLETED",
  kms: "FAILED",
  "kms-bucket-key": "FAILED",
  deleted: "COMPLETED",
} as const;
const bucketKeyFailed = { ...kmsFailed, kms: "COMPLETED" } as const;
const withoutBucketKeyFailed = { ...kmsFailed, "kms-bucket-key": "COMPLETED" } as const;

const encrypt = (where: "role policy" | "destination key policy", ...keys: string[]) =>
  ({
    failureReason: "DstPutObjectNotPermitted",
    action: "kms:Encrypt",
    resource: REPLICA_KEY,
    where,
    keys,
  }) as const;
const decrypt = (where: "role policy" | "source key policy", ...keys: string[]) =>
  ({
    failureReason: "SrcGetObjectNotPermitted",
    action: "kms:Decrypt",
    resource: SOURCE_KEY,
    where,
    keys,
  }) as const;

const useFor = (...contexts: string[]) => ({
  StringEquals: { "kms:ViaService": S3_THERE },
  StringLike: { [CONTEXT]: contexts },
});

const kmsOpen = { ...kmsFailed, kms: "UNPROVEN", "kms-bucket-key": "UNPROVEN" } as const;
export const KEYS: readonly ProofCase[] = [
  {
    file: "key-policy-without-role",
    about: "The role may use the destination's key, and the key's policy does not know the role",
    snapshot: setUp({ replicaKey: { policy: policy(administration(DESTINATION_ACCOUNT)) } }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: encrypt("destination key policy"),
  },
  {
    file: "role-without-destination-key",
    about: "The key's policy names the role, and the role's policy does not name the key",
    snapshot: setUp({
      rolePolicies: [rolePolicy({ replicaKey: allow(USE_REPLICA_KEY, SOURCE_KEY, useFor(DESTINATION)) })],
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: encrypt("role policy"),
    unused: "any",
  },
  {
    file: "key-via-service-of-source-region",
    about: "kms:ViaService names the source's Region for the destination's key",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          replicaKey: allow(USE_REPLICA_KEY, REPLICA_KEY, {
            StringEquals: { "kms:ViaService": S3_HERE },
            StringLike: { [CONTEXT]: [DESTINATION, objectsOf(DESTINATION)] },
          }),
        }),
      ],
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: encrypt("role policy", "kms:ViaService"),
  },
  {
    file: "key-context-of-source-bucket",
    about: "The destination's key is granted for the ARNs of the source bucket",
    snapshot: setUp({
      replicaKey: {
        policy: replicaKeyPolicy(allowing(ROLE, USE_REPLICA_KEY, "*", useFor(SOURCE, objectsOf(SOURCE)))),
      },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: encrypt("destination key policy", CONTEXT),
  },
  {
    file: "key-context-objects-only",
    about: "The source key is granted for object ARNs, and the bucket uses a Bucket Key",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          sourceKey: allow(["kms:Decrypt", "kms:GenerateDataKey"], SOURCE_KEY, {
            StringEquals: { "kms:ViaService": S3_HERE },
            StringLike: { [CONTEXT]: objectsOf(SOURCE) },
          }),
        }),
      ],
    }),
    verdict: "broken",
    outcomes: bucketKeyFailed,
    cause: decrypt("role policy", CONTEXT),
  },
  {
    file: "key-context-bucket-only",
    about:
      "The source key is granted for the bucket's ARN, and objects from before the Bucket Key have their own",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          sourceKey: allow(["kms:Decrypt", "kms:GenerateDataKey"], SOURCE_KEY, {
            StringEquals: { "kms:ViaService": S3_HERE, [CONTEXT]: SOURCE },
          }),
        }),
      ],
    }),
    verdict: "broken",
    outcomes: withoutBucketKeyFailed,
    cause: decrypt("role policy", CONTEXT),
  },
  {
    file: "key-context-one-form-at-destination",
    about:
      "Objects without a Bucket Key into a bucket with one: which context the replica has is contradicted",
    snapshot: setUp({
      replicaKey: {
        policy: replicaKeyPolicy(allowing(ROLE, USE_REPLICA_KEY, "*", useFor(objectsOf(DESTINATION)))),
      },
      objects: [{ key: "2024/a.pdf", encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } }],
    }),
    verdict: "unproven",
    outcomes: { "2024/a.pdf": "UNPROVEN" },
    cause: {
      action: "kms:Encrypt",
      resource: REPLICA_KEY,
      where: "destination key policy",
      keys: [CONTEXT],
    },
    unused: "any",
  },
  {
    file: "key-context-two-statements",
    about: "One statement for the object's ARN, another for the bucket's: together they cover both",
    snapshot: setUp({
      replicaKey: {
        policy: policy(
          administration(DESTINATION_ACCOUNT),
          allowing(ROLE, USE_REPLICA_KEY, "*", useFor(objectsOf(DESTINATION))),
          allowing(ROLE, USE_REPLICA_KEY, "*", useFor(DESTINATION)),
        ),
      },
    }),
    verdict: "proven",
  },
  {
    file: "key-context-role-one-policy-other",
    about: "The role may use the key for objects, the key's policy lets it for the bucket: they never meet",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({ replicaKey: allow(USE_REPLICA_KEY, REPLICA_KEY, useFor(objectsOf(DESTINATION))) }),
      ],
      replicaKey: { policy: replicaKeyPolicy(allowing(ROLE, USE_REPLICA_KEY, "*", useFor(DESTINATION))) },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: encrypt("role policy", CONTEXT),
  },
  {
    file: "key-context-misprinted",
    about: "The condition key as one page of the guide misprints it, which no request ever has",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          sourceKey: allow(["kms:Decrypt", "kms:GenerateDataKey"], SOURCE_KEY, {
            StringLike: {
              "kms:ViaService": S3_HERE,
              "kms:EncryptionContext:arn:aws:arn": [SOURCE, objectsOf(SOURCE)],
            },
          }),
        }),
      ],
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: decrypt("role policy", "kms:EncryptionContext:arn:aws:arn"),
    unused: "any",
  },
  {
    file: "key-grant-instead-of-policy",
    about: "The key's policy has the administration only, and a grant lets the role use the key",
    snapshot: setUp({
      replicaKey: {
        policy: policy(administration(DESTINATION_ACCOUNT)),
        grants: [{ granteePrincipal: ROLE, operations: ["Encrypt", "GenerateDataKey", "Decrypt"] }],
      },
    }),
    verdict: "proven",
  },
  {
    file: "key-grant-without-decrypt",
    about: "A grant for encrypting only: with Bucket Keys the pages do not agree on what more is needed",
    snapshot: setUp({
      replicaKey: {
        policy: policy(administration(DESTINATION_ACCOUNT)),
        grants: [{ granteePrincipal: ROLE, operations: ["Encrypt", "GenerateDataKey"] }],
      },
    }),
    verdict: "unproven",
    outcomes: kmsOpen,
    cause: { action: "kms:Decrypt", resource: REPLICA_KEY, where: "destination key policy" },
  },
  {
    file: "key-policy-caller-account-wrong",
    about: "kms:CallerAccount names the account that has the key",
    snapshot: setUp({
      replicaKey: {
        policy: replicaKeyPolicy(
          allowing("*", USE_REPLICA_KEY, "*", {
            StringEquals: { "kms:CallerAccount": DESTINATION_ACCOUNT, "kms:ViaService": S3_THERE },
          }),
        ),
      },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: encrypt("destination key policy", "kms:CallerAccount"),
    unused: "any",
  },
  {
    file: "key-policy-source-not-delegated",
    about: "The source key's policy names its administrators and leaves nothing to IAM",
    snapshot: setUp({
      sourceKey: {
        policy: policy(allowing(`arn:aws:iam::${SOURCE_ACCOUNT}:role/KeyAdmin`, "kms:*", "*")),
      },
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: decrypt("source key policy"),
  },
  {
    file: "key-encrypt-only-no-bucket-keys",
    about: "kms:Encrypt alone, and no Bucket Key anywhere: seen to work",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({ replicaKey: allow("kms:Encrypt", REPLICA_KEY, useFor(objectsOf(DESTINATION))) }),
      ],
      replicaKey: {
        policy: replicaKeyPolicy(allowing(ROLE, "kms:Encrypt", "*", useFor(objectsOf(DESTINATION)))),
      },
      source: { encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: false } },
      destination: { encryption: { algorithm: "aws:kms", keyArn: REPLICA_KEY, bucketKeyEnabled: false } },
      objects: [{ key: "2024/a.pdf", encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } }],
    }),
    verdict: "proven",
    unused: "any",
  },
  {
    file: "key-delegated-to-source-account",
    about:
      "The key's policy gives the whole source account everything: it works, and lets in everybody there",
    snapshot: setUp({
      replicaKey: { policy: replicaKeyPolicy(allowing(root(SOURCE_ACCOUNT), "kms:*", "*")) },
    }),
    verdict: "proven",
    unused: [`kms:* to ${root(SOURCE_ACCOUNT)}`, "kms:*", "kms:*", "kms:*"],
  },
  {
    file: "key-use-not-narrowed",
    about: "Grants on the keys without any condition",
    snapshot: setUp({
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          allow([...WRITE, OVERRIDE], objectsOf(DESTINATION)),
          allow(["kms:Decrypt", "kms:GenerateDataKey"], keyArn(SOURCE_REGION, SOURCE_ACCOUNT, "*")),
          ROLE_STATEMENTS.replicaKey,
        ),
      ],
    }),
    verdict: "proven",
    unused: [
      `kms:Decrypt on ${keyArn(SOURCE_REGION, SOURCE_ACCOUNT, "*")}`,
      `kms:GenerateDataKey on ${keyArn(SOURCE_REGION, SOURCE_ACCOUNT, "*")}`,
      "kms:Decrypt, kms:GenerateDataKey",
      "kms:Decrypt, kms:GenerateDataKey",
    ],
  },
];
