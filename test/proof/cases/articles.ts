/** Set-ups as articles on the web write them, with what they leave out and what they grant too much. */
import type { ProofCase, RefusedCase } from "../expected";
import {
  administration,
  allow,
  allowing,
  DESTINATION,
  DESTINATION_ACCOUNT,
  objectsOf,
  OVERRIDE,
  plainRule,
  policy,
  READ,
  REPLICA_KEY,
  ROLE,
  root,
  rule,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  trusting,
  without,
  WRITE,
} from "../setUp";

const SERVICE_ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/service-role/s3crr_role_for_acme-invoices`;
const AWS_MANAGED_USE = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncrypt*",
  "kms:GenerateDataKey*",
  "kms:DescribeKey",
];

/** The role that the console makes for a replication rule. */
const consoleRole = policy(
  allow(
    [
      "s3:ListBucket",
      "s3:GetReplicationConfiguration",
      ...READ,
      "s3:GetObjectRetention",
      "s3:GetObjectLegalHold",
    ],
    [SOURCE, objectsOf(SOURCE), DESTINATION, objectsOf(DESTINATION)],
  ),
  allow([...WRITE, OVERRIDE], [objectsOf(SOURCE), objectsOf(DESTINATION)]),
);

/** The statement that the console writes for accounts that may use a key. */
const keyForAccount = policy(
  administration(DESTINATION_ACCOUNT),
  { Sid: "Allow use of the key", ...allowing(root(SOURCE_ACCOUNT), AWS_MANAGED_USE, "*") },
  {
    Sid: "Allow attachment of persistent resources",
    ...allowing(root(SOURCE_ACCOUNT), ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], "*", {
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
  },
);

const generatedBucketPolicy = (...actions: string[]) =>
  policy(
    { Sid: "Permissions on objects", ...allowing(SERVICE_ROLE, actions, objectsOf(DESTINATION)) },
    {
      Sid: "Permissions on bucket",
      ...allowing(
        SERVICE_ROLE,
        ["s3:List*", "s3:GetBucketVersioning", "s3:PutBucketVersioning"],
        DESTINATION,
      ),
    },
  );

/** A rule of the V1 schema, as a provider of some years ago writes it. */
const v1Rule = () => {
  const rest = without(rule(), "Filter", "Priority", "DeleteMarkerReplication");
  return { ...rest, ID: "Replicate_to_Bob_bucket", Prefix: "" };
};

const ARTICLE_001_ROLE = policy(
  allow(
    ["s3:ListBucket", "s3:GetReplicationConfiguration", ...READ, "s3:GetObjectVersion", OVERRIDE],
    [SOURCE, objectsOf(SOURCE)],
  ),
  allow([...WRITE, "s3:GetObjectVersionTagging", OVERRIDE], objectsOf(DESTINATION)),
  allow("kms:Decrypt", SOURCE_KEY),
  allow("kms:Encrypt", REPLICA_KEY),
);

export const ARTICLES: readonly ProofCase[] = [
  {
    file: "article-console-plain-objects",
    about: "The console's role, SSE-S3, and a bucket policy that names the role with its path",
    snapshot: setUpWithoutKms({
      roleArn: SERVICE_ROLE,
      rolePolicies: [consoleRole],
      bucketPolicy: policy(allowing(SERVICE_ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
      rules: [plainRule({ DeleteMarkerReplication: { Status: "Disabled" } })],
    }),
    verdict: "proven",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "NOT_REPLICATED" },
    unused: "any",
  },
  {
    file: "article-console-kms-same-region",
    about: "The console's role with kms:Decrypt and kms:Encrypt added, and a key that the account may use",
    snapshot: setUp({
      roleArn: SERVICE_ROLE,
      rolePolicies: [
        consoleRole,
        policy(allow("kms:Decrypt", SOURCE_KEY), allow("kms:Encrypt", REPLICA_KEY)),
      ],
      bucketPolicy: policy(allowing(SERVICE_ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
      replicaKey: { policy: keyForAccount },
      source: { encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY, bucketKeyEnabled: true } },
    }),
    // With Bucket Keys, which the console turns on, the pages do not agree on what more is needed.
    verdict: "unproven",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "UNPROVEN",
      "kms-bucket-key": "UNPROVEN",
      deleted: "COMPLETED",
    },
    cause: { action: "kms:GenerateDataKey", resource: REPLICA_KEY, where: "role policy" },
    says: /kms:GenerateDataKey on the destination key/,
    unused: "any",
  },
  {
    file: "article-alice-and-bob",
    about: "A rule without Filter, kms:Encrypt only, and the whole account in the bucket policy",
    snapshot: setUp({
      rolePolicies: [ARTICLE_001_ROLE],
      rules: [v1Rule()],
      source: { encryption: { algorithm: "aws:kms", keyArn: SOURCE_KEY } },
      destination: { encryption: { algorithm: "AES256" }, ownership: "ObjectWriter" },
      replicaKey: {
        policy: policy(
          {
            Sid: "VisualEditor0",
            ...allowing(
              [ROLE],
              ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
              ["*"],
            ),
          },
          allowing([root(DESTINATION_ACCOUNT)], ["kms:*"], ["*"]),
        ),
      },
      bucketPolicy: policy({
        Sid: "VisualEditor0",
        ...allowing(
          [root(SOURCE_ACCOUNT)],
          ["s3:GetBucketVersioning", "s3:PutBucketVersioning", "s3:ReplicateObject", OVERRIDE],
          [DESTINATION, objectsOf(DESTINATION)],
        ),
      }),
    }),
    verdict: "unproven",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "COMPLETED",
      deleted: "UNPROVEN",
    },
    cause: { resource: SOURCE, where: "rule", keys: ["DeleteMarkerReplication"] },
    observations: [/without s3:ReplicateTags/, /on the source key/, /kms:Encrypt alone/],
    unused: "any",
  },
  {
    file: "article-cross-region-bucket-key",
    about: "kms:Encrypt and kms:GenerateDataKey on the new key, Bucket Keys on at the destination",
    snapshot: setUp({
      rolePolicies: [
        policy(
          {
            Sid: "SourceBucketPermissions",
            ...allow(
              [...READ, "s3:ListBucket", "s3:GetReplicationConfiguration"],
              [objectsOf(SOURCE), SOURCE],
            ),
          },
          {
            Sid: "DestinationBucketPermissions",
            ...allow([...WRITE, OVERRIDE, "s3:GetObjectVersionTagging"], [objectsOf(DESTINATION)]),
          },
          { Sid: "SourceBucketKMSKey", ...allow(["kms:Decrypt", "kms:GenerateDataKey"], SOURCE_KEY) },
          { Sid: "DestinationBucketKMSKey", ...allow(["kms:Encrypt", "kms:GenerateDataKey"], REPLICA_KEY) },
        ),
      ],
      replicaKey: {
        policy: policy(
          administration(DESTINATION_ACCOUNT),
          allowing(ROLE, ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], "*"),
        ),
      },
      bucketPolicy: policy({
        Sid: "DestinationBucketPermissions",
        ...allowing(ROLE, [...WRITE, OVERRIDE, "s3:GetObjectVersionTagging"], [objectsOf(DESTINATION)]),
      }),
    }),
    verdict: "unproven",
    outcomes: {
      plain: "COMPLETED",
      tagged: "COMPLETED",
      kms: "UNPROVEN",
      "kms-bucket-key": "UNPROVEN",
      deleted: "COMPLETED",
    },
    cause: { action: "kms:Decrypt", resource: REPLICA_KEY, where: "role policy" },
    says: /full example with kms:Encrypt only/,
    unused: "any",
  },
  {
    file: "article-generated-role",
    about:
      "The bucket policy of the guide with plain hyphens: it grants no s3:ReplicateTags, and the versioning",
    snapshot: setUpWithoutKms({
      roleArn: SERVICE_ROLE,
      rolePolicies: [consoleRole],
      bucketPolicy: generatedBucketPolicy("s3:ReplicateDelete", "s3:ReplicateObject", OVERRIDE),
    }),
    verdict: "proven",
    observations: [/without s3:ReplicateTags/],
    unused: "any",
  },
  {
    file: "article-generated-role-narrow",
    about: "The same with s3:ReplicateTags and without the permissions on the bucket",
    snapshot: setUpWithoutKms({
      roleArn: SERVICE_ROLE,
      rolePolicies: [
        policy(
          allow(["s3:ListBucket", "s3:GetReplicationConfiguration"], SOURCE),
          allow(READ, objectsOf(SOURCE)),
          allow([...WRITE, OVERRIDE], objectsOf(DESTINATION)),
        ),
      ],
      bucketPolicy: policy(allowing(SERVICE_ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
    }),
    verdict: "proven",
  },
];

const enDash = { ...trusting("s3.amazonaws.com"), Version: "2012–10–17" };

export const REFUSED_ARTICLES: readonly RefusedCase[] = [
  {
    file: "article-en-dash-in-trust-policy",
    about: "A trust policy copied from a web page, whose hyphens are dashes",
    snapshot: setUpWithoutKms({ roleArn: SERVICE_ROLE, rolePolicies: [consoleRole], trust: enDash }),
    error: /trust\.Version.*Type '2012-10-17' with plain hyphens.*'?2012–10–17/s,
  },
  {
    file: "article-en-dash-in-bucket-policy",
    about: "A bucket policy copied from a web page, whose hyphens are dashes",
    snapshot: setUpWithoutKms({
      roleArn: SERVICE_ROLE,
      rolePolicies: [consoleRole],
      bucketPolicy: { ...generatedBucketPolicy("s3:ReplicateObject"), Version: "2012–10–17" },
    }),
    error: /policy\.Version.*Type '2012-10-17' with plain hyphens/s,
  },
];
