/** Set-ups in the manner of modules, generators and templates. */
import type { ProofCase } from "../expected";
import {
  administration,
  allow,
  allowing,
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  objectsOf,
  OVERRIDE,
  policy,
  READ,
  REPLICA_KEY,
  replicaKeyPolicy,
  ROLE,
  root,
  setUp,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  trusting,
  WRITE,
} from "../setUp";

const CDK_ENCRYPT = ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];
const tlsOnly = (arn: string) =>
  denyAll("s3:*", [arn, objectsOf(arn)], { Bool: { "aws:SecureTransport": "false" } });

export const STYLES: readonly ProofCase[] = [
  {
    file: "module-style-proven",
    about: "One role policy with conditions on the keys, policies that name the role, TLS only",
    snapshot: setUp({
      source: { policy: policy(tlsOnly(SOURCE)) },
      bucketPolicy: policy(
        tlsOnly(DESTINATION),
        allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION)),
      ),
    }),
    verdict: "proven",
  },
  {
    file: "module-style-string-documents",
    about: "The same with documents as JSON text and a single statement without a list",
    snapshot: setUp({
      trust: JSON.stringify(trusting("s3.amazonaws.com")),
      bucketPolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION)),
      }),
    }),
    verdict: "proven",
  },
  {
    file: "module-style-string-documents-broken",
    about: "JSON text and a single statement, and s3:ReplicateObject is not in it",
    snapshot: setUp({
      bucketPolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: allowing(
          ROLE,
          ["s3:ReplicateDelete", "s3:ReplicateTags", OVERRIDE],
          objectsOf(DESTINATION),
        ),
      }),
    }),
    verdict: "broken",
    outcomes: {
      plain: "FAILED",
      tagged: "FAILED",
      kms: "FAILED",
      "kms-bucket-key": "FAILED",
      deleted: "COMPLETED",
    },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
    },
  },
  {
    file: "cdk-style-account-root",
    about: "Grants with wildcards on the keys, the whole source account in bucket and key policy",
    snapshot: setUp({
      rolePolicies: [
        policy(
          allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], SOURCE),
          allow(READ, objectsOf(SOURCE)),
          allow([...WRITE, OVERRIDE], objectsOf(DESTINATION)),
          allow(["kms:Decrypt", ...CDK_ENCRYPT], SOURCE_KEY),
          allow(["kms:Decrypt", ...CDK_ENCRYPT], REPLICA_KEY),
        ),
      ],
      bucketPolicy: policy(
        allowing(root(SOURCE_ACCOUNT), ["s3:GetBucketVersioning", "s3:PutBucketVersioning"], DESTINATION),
        allowing(root(SOURCE_ACCOUNT), [...WRITE, OVERRIDE], objectsOf(DESTINATION)),
      ),
      replicaKey: {
        policy: replicaKeyPolicy(allowing(root(SOURCE_ACCOUNT), ["kms:Decrypt", ...CDK_ENCRYPT], "*")),
      },
    }),
    verdict: "proven",
    unused: [
      "kms:Encrypt on " + SOURCE_KEY,
      "kms:ReEncrypt* on " + SOURCE_KEY,
      "kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*",
      "kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*",
      "kms:ReEncrypt* on " + REPLICA_KEY,
      "kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*",
      "kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*",
      `s3:GetBucketVersioning, s3:PutBucketVersioning to ${root(SOURCE_ACCOUNT)}`,
      "s3:GetBucketVersioning",
      "s3:PutBucketVersioning",
      `${[...WRITE, OVERRIDE].join(", ")} to ${root(SOURCE_ACCOUNT)}`,
      `kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey* to ${root(SOURCE_ACCOUNT)}`,
      "kms:ReEncrypt*",
      "kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*",
      "kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey*",
    ],
  },
  {
    file: "cdk-style-key-not-granted",
    about: "The construct could not change a key of another account: its policy has the administration only",
    snapshot: setUp({
      rolePolicies: [
        policy(
          allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], SOURCE),
          allow(READ, objectsOf(SOURCE)),
          allow([...WRITE, OVERRIDE], objectsOf(DESTINATION)),
          allow(["kms:Decrypt", ...CDK_ENCRYPT], SOURCE_KEY),
          allow(["kms:Decrypt", ...CDK_ENCRYPT], REPLICA_KEY),
        ),
      ],
      replicaKey: { policy: policy(administration(DESTINATION_ACCOUNT)) },
    }),
    verdict: "broken",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "FAILED",
      "kms-bucket-key": "FAILED",
      deleted: "COMPLETED",
    },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "kms:Encrypt",
      resource: REPLICA_KEY,
      where: "destination key policy",
    },
    unused: "any",
  },
];
