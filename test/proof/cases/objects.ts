/** Objects that S3 leaves alone or cannot copy, and what nobody read. */
import type { ProofCase } from "../expected";
import {
  allow,
  allowing,
  bucket,
  DESTINATION,
  DESTINATION_ACCOUNT,
  DESTINATION_REGION,
  objectsOf,
  OTHER_ACCOUNT,
  OVERRIDE,
  plainRule,
  policy,
  READ,
  REPLICA_KEY,
  ROLE,
  ROLE_STATEMENTS,
  root,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_KEY,
  throughS3,
  S3_THERE,
} from "../setUp";

const setting = (name: string, failureReason?: string) =>
  ({
    ...(failureReason === undefined ? {} : { failureReason }),
    resource: DESTINATION,
    where: "bucket setting",
    keys: [name],
  }) as const;
const plain = { algorithm: "AES256" } as const;
const never = { algorithm: "NONE" } as const;
const noMarkers = { DeleteMarkerReplication: { Status: "Disabled" } } as const;

export const OBJECTS: readonly ProofCase[] = [
  {
    file: "objects-not-eligible",
    about: "Objects that S3 leaves alone: it is not a failure",
    snapshot: setUpWithoutKms({
      rules: [plainRule({ ...noMarkers, Filter: { Prefix: "2024/" } })],
      objects: [
        { key: "2024/a.pdf", encryption: plain },
        { key: "2024/replica.pdf", encryption: plain, replica: true },
        { key: "2024/cold.pdf", encryption: plain, storageClass: "DEEP_ARCHIVE" },
        { key: "2024/gone.pdf", encryption: plain, deleteMarker: true },
        { key: "2023/a.pdf", encryption: plain },
      ],
    }),
    verdict: "proven",
    outcomes: {
      "2024/a.pdf": "COMPLETED",
      "2024/replica.pdf": "NOT_REPLICATED",
      "2024/cold.pdf": "NOT_REPLICATED",
      "2024/gone.pdf": "NOT_REPLICATED",
      "2023/a.pdf": "NOT_REPLICATED",
    },
    unused: "any",
  },
  {
    file: "objects-unencrypted-into-kms",
    about: "Objects from before 2023 into a bucket under SSE-KMS need kms:GenerateDataKey",
    snapshot: setUp({
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          ROLE_STATEMENTS.replicas,
          ROLE_STATEMENTS.sourceKey,
          allow(["kms:Encrypt", "kms:Decrypt"], REPLICA_KEY, throughS3(S3_THERE, DESTINATION)),
        ),
      ],
      objects: [{ key: "2019/a.pdf", encryption: never }],
    }),
    verdict: "broken",
    outcomes: { "2019/a.pdf": "FAILED" },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "kms:GenerateDataKey",
      resource: REPLICA_KEY,
      where: "role policy",
    },
    unused: "any",
  },
  {
    file: "objects-under-customer-keys",
    about: "Objects under SSE-C into a bucket that blocks SSE-C, as new buckets do",
    snapshot: setUpWithoutKms({
      destination: { blockedEncryptionTypes: ["SSE-C"] },
      objects: [
        { key: "a.pdf", encryption: { algorithm: "SSE-C" } },
        { key: "b.pdf", encryption: plain },
      ],
    }),
    verdict: "broken",
    outcomes: { "a.pdf": "FAILED", "b.pdf": "COMPLETED" },
    cause: setting("blockedEncryptionTypes", "DstPutObjectNotPermitted"),
    unused: "any",
  },
  {
    file: "objects-under-dual-layer-kms",
    about: "Objects under DSSE-KMS are replicated like those under SSE-KMS, without Bucket Keys",
    snapshot: setUp({
      objects: [{ key: "a.pdf", encryption: { algorithm: "aws:kms:dsse", keyArn: SOURCE_KEY } }],
    }),
    verdict: "proven",
    unused: "any",
  },
  {
    file: "settings-unread",
    about: "Whoever made the snapshot may not read the destination's versioning and the key's state",
    snapshot: setUp({
      destination: { unread: ["versioning"] },
      replicaKey: { unread: ["state"] },
      objects: [
        { key: "a.pdf", encryption: plain },
        { key: "b.pdf", encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } },
      ],
    }),
    verdict: "unproven",
    outcomes: { "a.pdf": "UNPROVEN", "b.pdf": "UNPROVEN" },
    cause: { resource: DESTINATION, where: "snapshot", keys: ["versioning"] },
    unused: "any",
    mended: false,
  },
  {
    file: "policies-unread",
    about: "Whoever made the snapshot may not read the policy of the destination's key",
    snapshot: setUp({ replicaKey: { policy: null } }),
    verdict: "unproven",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "UNPROVEN",
      "kms-bucket-key": "UNPROVEN",
      deleted: "COMPLETED",
    },
    cause: {
      action: "kms:Encrypt",
      resource: REPLICA_KEY,
      where: "destination key policy",
      keys: ["the destination key policy (policy in the snapshot)"],
    },
    unused: "any",
    mended: false,
  },
  {
    file: "destination-not-in-snapshot",
    about: "Nobody read the destination bucket",
    snapshot: setUpWithoutKms({
      rules: [{ ...plainRule(), Destination: { Bucket: "arn:aws:s3:::acme-elsewhere" } }],
    }),
    verdict: "unproven",
    outcomes: { plain: "UNPROVEN", tagged: "UNPROVEN", deleted: "UNPROVEN" },
    cause: { resource: "arn:aws:s3:::acme-elsewhere", where: "snapshot" },
    unused: "any",
    mended: false,
  },
  {
    file: "two-rules-one-broken",
    about: "Two prefixes to two buckets: the second bucket's policy was forgotten",
    snapshot: twoDestinations(),
    verdict: "broken",
    outcomes: {
      "invoices/plain": "COMPLETED",
      "invoices/tagged": "COMPLETED",
      "reports/plain": "FAILED",
      "reports/tagged": "FAILED",
      "invoices/deleted": "NOT_REPLICATED",
      "reports/deleted": "NOT_REPLICATED",
    },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "s3:ReplicateObject",
      resource: "arn:aws:s3:::acme-reports/reports/plain",
      where: "destination bucket policy",
    },
    unused: "any",
  },
  {
    file: "unneeded-grants",
    about: "It works, with batch leftovers, wildcards, and a foreign account that may suspend versioning",
    snapshot: setUpWithoutKms({
      rules: [plainRule(noMarkers)],
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          allow("s3:Get*", objectsOf(SOURCE)),
          allow(
            ["s3:ReplicateObject", "s3:ReplicateTags", OVERRIDE, "s3:ReplicateDelete"],
            objectsOf(DESTINATION),
          ),
          allow(["s3:InitiateReplication", ...READ], objectsOf(SOURCE)),
        ),
      ],
      bucketPolicy: policy(
        allowing(ROLE, ["s3:ReplicateObject", "s3:ReplicateTags", OVERRIDE], objectsOf(DESTINATION)),
        allowing([ROLE, root(OTHER_ACCOUNT)], ["s3:PutBucketVersioning"], DESTINATION),
      ),
    }),
    verdict: "proven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "NOT_REPLICATED" },
    unused: [
      `s3:Get* on ${objectsOf(SOURCE)}`,
      `s3:ReplicateDelete on ${objectsOf(DESTINATION)}`,
      `s3:InitiateReplication on ${objectsOf(SOURCE)}`,
      `s3:PutBucketVersioning to ${root(OTHER_ACCOUNT)}`,
      "s3:PutBucketVersioning",
    ],
  },
];

function twoDestinations() {
  const reports = "arn:aws:s3:::acme-reports";
  const to = (prefix: string, Priority: number, Bucket: string) => ({
    ...plainRule({ ...noMarkers, ID: prefix, Priority, Filter: { Prefix: `${prefix}/` } }),
    Destination: { Bucket },
  });
  return setUpWithoutKms({
    rolePolicies: [
      policy(
        ROLE_STATEMENTS.bucket,
        ROLE_STATEMENTS.objects,
        allow(["s3:ReplicateObject", "s3:ReplicateTags"], [objectsOf(DESTINATION), objectsOf(reports)]),
      ),
    ],
    rules: [to("invoices", 1, DESTINATION), to("reports", 2, reports)],
    buckets: { [reports]: bucket(DESTINATION_ACCOUNT, DESTINATION_REGION) },
  });
}
