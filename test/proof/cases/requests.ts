/** What S3 asks for beyond the usual: annotations, locks, aliases, headers, writers of other accounts, batch jobs. */
import type { ProofCase } from "../expected";
import {
  allow,
  allowing,
  bucket,
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  DESTINATION_REGION,
  key,
  objectsOf,
  OTHER_ACCOUNT,
  OVERRIDE,
  plainRule,
  policy,
  READ,
  REPLICA_KEY,
  replicaKeyPolicy,
  ROLE,
  ROLE_STATEMENTS,
  ROLE_WITHOUT_KMS,
  rolePolicy,
  rule,
  S3_HERE,
  S3_THERE,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  SOURCE_REGION,
  type Statement,
  throughS3,
  trusting,
  WRITE,
} from "../setUp";

const ANNOTATIONS = "s3:GetObjectVersionAnnotationForReplication";
const ALIAS = `arn:aws:kms:${SOURCE_REGION}:${SOURCE_ACCOUNT}:alias/invoices`;
const plain = { algorithm: "AES256" } as const;
const grant = allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION));
const readingAnnotations = policy(
  ROLE_STATEMENTS.bucket,
  allow([...READ, ANNOTATIONS], objectsOf(SOURCE)),
  ROLE_STATEMENTS.replicas,
);
const locked = {
  source: { objectLock: true },
  destination: { objectLock: true },
  rolePolicies: [
    ROLE_WITHOUT_KMS,
    policy(allow(["s3:GetObjectRetention", "s3:GetObjectLegalHold"], objectsOf(SOURCE))),
  ],
};
const noMarkers = { DeleteMarkerReplication: { Status: "Disabled" } } as const;
const underAlias = { algorithm: "aws:kms", keyArn: ALIAS } as const;
const aliasEntry = key(
  SOURCE_ACCOUNT,
  SOURCE_REGION,
  policy(allowing(`arn:aws:iam::${SOURCE_ACCOUNT}:root`, "kms:*", "*")),
);
const sourceKeyOf = (resource: string) =>
  rolePolicy({
    sourceKey: allow(["kms:Decrypt", "kms:GenerateDataKey"], resource, throughS3(S3_HERE, SOURCE)),
  });

const BATCH_ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/acme-backfill`;
const REPORTS = "arn:aws:s3:::acme-reports";
const MANIFESTS = "arn:aws:s3:::acme-manifests";
const initiate = allow("s3:InitiateReplication", objectsOf(SOURCE));
const generate = allow(["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"], SOURCE);
const readManifest = allow(["s3:GetObject", "s3:GetObjectVersion"], objectsOf(MANIFESTS));

/** A pair with a job, whose role has these statements. */
function withJob(
  job: object,
  statements: readonly Statement[],
  manifestEncryption: { algorithm: "AES256" | "aws:kms"; keyArn?: string } = plain,
) {
  const snapshot = setUpWithoutKms({
    source: { batchReplication: { role: BATCH_ROLE, ...job } },
    rules: [plainRule(noMarkers)],
    buckets: {
      [REPORTS]: bucket(SOURCE_ACCOUNT, SOURCE_REGION),
      [MANIFESTS]: bucket(SOURCE_ACCOUNT, SOURCE_REGION, { encryption: manifestEncryption }),
    },
  });
  const roles = snapshot.accounts[SOURCE_ACCOUNT]?.roles ?? {};
  roles[BATCH_ROLE] = {
    trust: trusting("batchoperations.s3.amazonaws.com"),
    policies: [policy(...statements)],
  };
  return {
    ...snapshot,
    keys: { [SOURCE_KEY]: key(SOURCE_ACCOUNT, SOURCE_REGION, aliasEntry.policy) },
  };
}
const withoutMarkers = { plain: "COMPLETED", tagged: "COMPLETED", deleted: "NOT_REPLICATED" } as const;

export const REQUESTS: readonly ProofCase[] = [
  {
    file: "annotations-read",
    about: "The role reads annotations, so that these are replicated too",
    snapshot: setUpWithoutKms({ rolePolicies: [readingAnnotations] }),
    verdict: "proven",
  },
  {
    file: "annotations-denied-at-destination",
    about: "The destination denies annotations, and nothing else",
    snapshot: setUpWithoutKms({
      rolePolicies: [readingAnnotations],
      bucketPolicy: policy(grant, denyAll("s3:ReplicateObjectAnnotation", objectsOf(DESTINATION))),
    }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", annotated: "COMPLETED", deleted: "COMPLETED" },
    cause: {
      action: "s3:ReplicateObjectAnnotation",
      resource: `${DESTINATION}/annotated`,
      where: "destination bucket policy",
    },
  },
  {
    file: "annotations-not-read",
    about: "An object has annotations, and the role may not read them",
    snapshot: setUpWithoutKms({ objects: [{ key: "a.pdf", encryption: plain, annotated: true }] }),
    verdict: "broken",
    says: /replicated without its annotations/,
    cause: { action: ANNOTATIONS, resource: `${SOURCE}/a.pdf`, where: "role policy" },
    unused: "any",
  },
  {
    file: "lock-denied-at-destination",
    about: "The destination guards its locks: pages contradict each other whether S3 sets them",
    snapshot: setUpWithoutKms({
      ...locked,
      bucketPolicy: policy(grant, denyAll("s3:PutObjectRetention", objectsOf(DESTINATION))),
    }),
    verdict: "unproven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", locked: "UNPROVEN", deleted: "COMPLETED" },
    says: /failure reasons name s3:PutObjectRetention/,
  },
  {
    file: "lock-limited-at-destination",
    about: "The destination limits retentions by their days, which nobody knows of a replica",
    snapshot: setUpWithoutKms({
      ...locked,
      bucketPolicy: policy(
        grant,
        denyAll("s3:PutObject*", objectsOf(DESTINATION), {
          NumericGreaterThan: { "s3:object-lock-remaining-retention-days": "30" },
        }),
      ),
    }),
    verdict: "unproven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", locked: "UNPROVEN", deleted: "COMPLETED" },
  },
  {
    file: "source-alias-without-decrypt",
    about: "The default key is said by an alias, and the role may decrypt with none",
    snapshot: setUp({
      source: { encryption: underAlias },
      keys: { [ALIAS]: aliasEntry },
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          ROLE_STATEMENTS.replicas,
          ROLE_STATEMENTS.replicaKey,
        ),
      ],
    }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", kms: "FAILED", deleted: "COMPLETED" },
    cause: {
      failureReason: "SrcGetObjectNotPermitted",
      action: "kms:Decrypt",
      resource: ALIAS,
      where: "role policy",
    },
    unused: "any",
    mended: false,
  },
  {
    file: "source-alias-named-in-the-role",
    about: "The role's policy names the alias, which stands for no key there",
    snapshot: setUp({
      source: { encryption: underAlias },
      keys: { [ALIAS]: aliasEntry },
      rolePolicies: [sourceKeyOf(ALIAS)],
    }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", kms: "FAILED", deleted: "COMPLETED" },
    unused: "any",
    mended: false,
  },
  {
    file: "source-alias-of-some-key",
    about: "The role may use one key of the account, and the alias may stand for it or for another",
    snapshot: setUp({
      source: { encryption: underAlias },
      keys: { [ALIAS]: aliasEntry },
      rolePolicies: [sourceKeyOf(SOURCE_KEY)],
    }),
    verdict: "unproven",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "UNPROVEN",
      "kms-key-2": "COMPLETED",
      deleted: "COMPLETED",
    },
    says: /which key .* stands for is not said/,
    unused: "any",
    mended: false,
  },
  {
    file: "source-alias-any-key",
    about: "The role may use every key of the account through S3, so that it does not matter which one it is",
    snapshot: setUp({
      source: { encryption: underAlias },
      keys: { [ALIAS]: aliasEntry },
      rolePolicies: [sourceKeyOf(`arn:aws:kms:${SOURCE_REGION}:${SOURCE_ACCOUNT}:key/*`)],
    }),
    verdict: "proven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", kms: "COMPLETED", deleted: "COMPLETED" },
    unused: "any",
  },
  {
    file: "unencrypted-under-managed-default",
    about: "An object from before 2023 takes the destination's aws/s3, which no other account can use",
    snapshot: setUpWithoutKms({
      destination: { encryption: { algorithm: "aws:kms" } },
      objects: [{ key: "2019/a.pdf", encryption: { algorithm: "NONE" } }],
    }),
    verdict: "broken",
    outcomes: { "2019/a.pdf": "FAILED" },
    cause: {
      failureReason: "DstKmsKeyNotFound",
      resource: DESTINATION,
      where: "bucket setting",
      keys: ["encryption"],
    },
    unused: "any",
    mended: false,
  },
  {
    file: "unencrypted-under-key-elsewhere",
    about: "The destination's default key is in another Region",
    snapshot: setUp({
      destination: {
        encryption: {
          algorithm: "aws:kms",
          keyArn: REPLICA_KEY.replace(DESTINATION_REGION, SOURCE_REGION),
        },
      },
      objects: [{ key: "2019/a.pdf", encryption: { algorithm: "NONE" } }],
    }),
    verdict: "broken",
    outcomes: { "2019/a.pdf": "FAILED" },
    says: /default key is in eu-central-1, the bucket in eu-west-1/,
    unused: "any",
    mended: false,
  },
  {
    file: "dsse-header-of-replica",
    about: "The destination takes replicas under DSSE-KMS only, and these say so",
    snapshot: setUp({
      source: { encryption: { algorithm: "aws:kms:dsse", keyArn: SOURCE_KEY } },
      destination: { encryption: { algorithm: "aws:kms:dsse", keyArn: REPLICA_KEY } },
      bucketPolicy: policy(
        grant,
        denyAll("s3:ReplicateObject", objectsOf(DESTINATION), {
          StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms:dsse" },
        }),
      ),
      objects: [
        { key: "double.pdf", encryption: { algorithm: "aws:kms:dsse", keyArn: SOURCE_KEY } },
        { key: "single.pdf", encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } },
      ],
    }),
    verdict: "broken",
    outcomes: { "double.pdf": "COMPLETED", "single.pdf": "FAILED" },
    unused: "any",
  },
  {
    file: "customer-keys-forbidden",
    about: "The destination forbids the header of SSE-C, which no other replica has",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        grant,
        denyAll("s3:*", objectsOf(DESTINATION), {
          Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
        }),
      ),
    }),
    verdict: "proven",
  },
  {
    file: "customer-keys-blocked-there-only",
    about: "The source takes SSE-C, the destination blocks it",
    snapshot: setUpWithoutKms({
      source: { blockedEncryptionTypes: ["NONE"] },
      destination: { blockedEncryptionTypes: ["SSE-C"] },
    }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", "customer-key": "FAILED", deleted: "COMPLETED" },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      resource: DESTINATION,
      where: "bucket setting",
      keys: ["blockedEncryptionTypes"],
    },
  },
  {
    file: "writers-of-other-accounts",
    about: "Another account writes into the source, and goes on owning what it wrote",
    snapshot: setUpWithoutKms({
      source: {
        ownership: "ObjectWriter",
        policy: policy(allowing(OTHER_ACCOUNT, "s3:PutObject", objectsOf(SOURCE))),
      },
    }),
    verdict: "unproven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "COMPLETED", "*": "UNPROVEN" },
    says: /their objects belong to them/,
    unused: "any",
    mended: false,
  },
  {
    file: "writers-who-hand-over",
    about: "Another account writes into the source with the canned ACL that the policy asks for",
    snapshot: setUpWithoutKms({
      source: {
        ownership: "BucketOwnerPreferred",
        policy: policy(
          allowing(OTHER_ACCOUNT, "s3:PutObject", objectsOf(SOURCE), {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" },
          }),
        ),
      },
    }),
    verdict: "proven",
    unused: "any",
  },
  {
    file: "writers-context-forbidden",
    about: "The key of the source refuses every encryption context but S3's own",
    snapshot: setUp({
      sourceKey: {
        policy: policy(
          allowing(`arn:aws:iam::${SOURCE_ACCOUNT}:root`, "kms:*", "*"),
          denyAll("kms:Decrypt", "*", { Null: { "kms:EncryptionContext:Department": "false" } }),
        ),
      },
    }),
    verdict: "unproven",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "UNPROVEN",
      "kms-bucket-key": "UNPROVEN",
      deleted: "COMPLETED",
    },
    unused: "any",
  },
  {
    file: "grant-for-one-context",
    about: "The replica key's grant is for one encryption context and no more keys in it",
    snapshot: setUp({
      replicaKey: {
        policy: replicaKeyPolicy(
          allowing(`arn:aws:iam::${DESTINATION_ACCOUNT}:role/nobody`, "kms:DescribeKey", "*"),
        ),
        grants: [
          {
            granteePrincipal: ROLE,
            operations: ["Encrypt", "GenerateDataKey", "Decrypt"],
            constraints: { encryptionContextEquals: { "aws:s3:arn": DESTINATION } },
          },
        ],
      },
      objects: [
        {
          key: "a.pdf",
          encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: true },
        },
      ],
    }),
    verdict: "unproven",
    outcomes: { "a.pdf": "UNPROVEN" },
    unused: "any",
  },
  {
    file: "encrypt-alone",
    about: "Bucket Keys nowhere, and kms:Encrypt alone at the destination: it was seen to be enough",
    snapshot: setUp({
      rules: [rule(noMarkers)],
      source: { encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } },
      destination: { encryption: { algorithm: "aws:kms", keyArn: REPLICA_KEY } },
      rolePolicies: [
        rolePolicy({
          sourceKey: allow("kms:Decrypt", SOURCE_KEY, throughS3(S3_HERE, SOURCE)),
          replicaKey: allow("kms:Encrypt", REPLICA_KEY, throughS3(S3_THERE, DESTINATION)),
        }),
      ],
    }),
    verdict: "proven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", kms: "COMPLETED", deleted: "NOT_REPLICATED" },
    observations: [/without kms:GenerateDataKey on the source key/, /kms:Encrypt alone/],
    unused: "any",
  },
  {
    file: "batch-report-in-one-folder",
    about: "The job may write its report's manifest, and not its results",
    snapshot: withJob({ reportBucket: REPORTS, reportPrefix: "backfill" }, [
      initiate,
      generate,
      allow("s3:PutObject", `${REPORTS}/backfill/job-*/manifest.json*`),
    ]),
    verdict: "broken",
    outcomes: { ...withoutMarkers, "*": "FAILED" },
    unused: "any",
  },
  {
    file: "batch-report-below-prefix",
    about: "The job may write everything below the report's prefix",
    snapshot: withJob({ reportBucket: REPORTS, reportPrefix: "backfill" }, [
      initiate,
      generate,
      allow("s3:PutObject", `${REPORTS}/backfill/job-*`),
    ]),
    verdict: "proven",
    outcomes: { ...withoutMarkers, "*": "COMPLETED" },
    unused: "any",
  },
  {
    file: "batch-own-manifest",
    about: "A manifest of the user's: no configuration is read, and no inventory is set up",
    snapshot: withJob({ manifestBucket: MANIFESTS, manifestGiven: true }, [initiate, readManifest]),
    verdict: "proven",
    outcomes: { ...withoutMarkers, "*": "COMPLETED" },
    unused: "any",
  },
  {
    file: "batch-own-manifest-under-kms",
    about: "The manifest lies under a key that the job's role may not use",
    snapshot: withJob({ manifestBucket: MANIFESTS, manifestGiven: true }, [initiate, readManifest], {
      algorithm: "aws:kms",
      keyArn: SOURCE_KEY,
    }),
    verdict: "broken",
    outcomes: { ...withoutMarkers, "*": "FAILED" },
    cause: { action: "kms:Decrypt", resource: SOURCE_KEY, where: "role policy" },
    unused: "any",
  },
];
