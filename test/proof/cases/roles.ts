/** The replication role: what its policies grant. */
import type { ProofCase } from "../expected";
import {
  allow,
  allowing,
  CONTEXT,
  DESTINATION,
  objectsOf,
  OVERRIDE,
  policy,
  READ,
  REPLICA_KEY,
  ROLE_STATEMENTS,
  rolePolicy,
  S3_THERE,
  setUp,
  setUpWithoutKms,
  SOURCE,
  USE_REPLICA_KEY,
  WRITE,
} from "../setUp";
import { kmsFailed } from "./keys";

const plainFailed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const objectsFailed = { plain: "FAILED", tagged: "FAILED", deleted: "COMPLETED" } as const;

/** The role without KMS, its objects statement another. */
const readingObjects = (...statements: ReturnType<typeof allow>[]) => [
  policy(ROLE_STATEMENTS.bucket, ROLE_STATEMENTS.replicas, ...statements),
];

export const ROLES: readonly ProofCase[] = [
  {
    file: "role-get-object-version",
    about: "s3:GetObjectVersion instead of s3:GetObjectVersionForReplication is enough without SSE-KMS",
    snapshot: setUpWithoutKms({
      rolePolicies: readingObjects(
        allow(
          ["s3:GetObjectVersion", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
          objectsOf(SOURCE),
        ),
      ),
    }),
    verdict: "proven",
    unused: [],
  },
  {
    file: "role-get-object-version-kms",
    about: "The same role for SSE-KMS objects, which it cannot replicate",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({
          objects: allow(
            ["s3:GetObjectVersion", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
            objectsOf(SOURCE),
          ),
        }),
      ],
    }),
    verdict: "broken",
    outcomes: kmsFailed,
    cause: {
      failureReason: "SrcGetObjectNotPermitted",
      action: "s3:GetObjectVersionForReplication",
      resource: `${SOURCE}/kms`,
      where: "role policy",
    },
    unused: "any",
  },
  {
    file: "role-without-acl",
    about: "The role may not read ACLs",
    snapshot: setUpWithoutKms({
      rolePolicies: readingObjects(
        allow(["s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"], objectsOf(SOURCE)),
      ),
    }),
    verdict: "broken",
    outcomes: objectsFailed,
    cause: {
      failureReason: "SrcGetAclNotPermitted",
      action: "s3:GetObjectVersionAcl",
      resource: `${SOURCE}/plain`,
      where: "role policy",
    },
  },
  {
    file: "role-without-tagging",
    about: "The role may not read tags: objects arrive without them",
    snapshot: setUpWithoutKms({
      rolePolicies: readingObjects(
        allow(["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl"], objectsOf(SOURCE)),
      ),
    }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "COMPLETED" },
    cause: { action: "s3:GetObjectVersionTagging", resource: `${SOURCE}/tagged`, where: "role policy" },
    says: /replicated without its tags/,
  },
  {
    file: "role-without-replicate-tags",
    about: "Nobody grants s3:ReplicateTags, and the pages do not agree on what that means",
    snapshot: setUpWithoutKms({
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          allow(["s3:ReplicateObject", "s3:ReplicateDelete", OVERRIDE], objectsOf(DESTINATION)),
        ),
      ],
    }),
    verdict: "unproven",
    outcomes: { plain: "COMPLETED", tagged: "UNPROVEN", deleted: "COMPLETED" },
    cause: { action: "s3:ReplicateTags", resource: `${DESTINATION}/tagged`, where: "role policy" },
  },
  {
    file: "role-without-replicate-delete",
    about: "The rule replicates delete markers, and the role may not",
    snapshot: setUpWithoutKms({
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          allow(["s3:ReplicateObject", "s3:ReplicateTags", OVERRIDE], objectsOf(DESTINATION)),
        ),
      ],
    }),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "FAILED" },
    cause: {
      failureReason: "DstDelObjNotPermitted",
      action: "s3:ReplicateDelete",
      resource: `${DESTINATION}/deleted`,
      where: "role policy",
    },
  },
  {
    file: "role-without-override",
    about: "Owner override, and the role may not give the replicas away",
    snapshot: setUpWithoutKms({
      rolePolicies: [
        policy(ROLE_STATEMENTS.bucket, ROLE_STATEMENTS.objects, allow(WRITE, objectsOf(DESTINATION))),
      ],
    }),
    verdict: "broken",
    outcomes: objectsFailed,
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: OVERRIDE,
      resource: `${DESTINATION}/plain`,
      where: "role policy",
    },
  },
  {
    file: "role-without-bucket-permissions",
    about: "The role's bucket statement is on the objects",
    snapshot: setUpWithoutKms({
      rolePolicies: [
        policy(
          allow(["s3:GetReplicationConfiguration", "s3:ListBucket", ...READ], objectsOf(SOURCE)),
          ROLE_STATEMENTS.replicas,
        ),
      ],
    }),
    verdict: "unproven",
    outcomes: { plain: "UNPROVEN", tagged: "UNPROVEN", deleted: "UNPROVEN" },
    cause: { action: "s3:GetReplicationConfiguration", resource: SOURCE, where: "role policy" },
    unused: "any",
  },
  {
    file: "role-prefix-narrowed",
    about: "The role reads one prefix, the rule takes everything",
    snapshot: setUpWithoutKms({
      rolePolicies: readingObjects(allow(READ, `${SOURCE}/2024/*`)),
      objects: [
        { key: "2024/a.pdf", encryption: { algorithm: "AES256" } },
        { key: "2025/a.pdf", encryption: { algorithm: "AES256" } },
      ],
    }),
    verdict: "broken",
    outcomes: { "2024/a.pdf": "COMPLETED", "2025/a.pdf": "FAILED" },
    cause: {
      failureReason: "SrcGetObjectNotPermitted",
      action: "s3:GetObjectVersionForReplication",
      resource: `${SOURCE}/2025/a.pdf`,
      where: "role policy",
    },
    unused: "any",
  },
  {
    file: "role-existing-tag-condition",
    about: "The role reads objects with a tag, the rule takes all",
    snapshot: setUpWithoutKms({
      rolePolicies: readingObjects(
        allow(READ, objectsOf(SOURCE), { StringEquals: { "s3:ExistingObjectTag/replicate": "yes" } }),
      ),
      objects: [
        { key: "with.pdf", tags: { replicate: "yes" }, encryption: { algorithm: "AES256" } },
        { key: "other.pdf", tags: { replicate: "no" }, encryption: { algorithm: "AES256" } },
      ],
    }),
    verdict: "broken",
    outcomes: { "with.pdf": "UNPROVEN", "other.pdf": "FAILED" },
    cause: {
      failureReason: "SrcGetObjectNotPermitted",
      action: "s3:GetObjectVersionForReplication",
      resource: `${SOURCE}/other.pdf`,
      where: "role policy",
      keys: ["s3:ExistingObjectTag/replicate"],
    },
    unused: "any",
  },
  {
    file: "role-old-version-with-variable",
    about: "A policy without Version, in which a policy variable is only text",
    snapshot: setUpWithoutKms({
      bucketPolicy: {
        Statement: [
          allowing("*", [...WRITE, OVERRIDE], objectsOf(DESTINATION), {
            ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/acme-replication" },
          }),
        ],
      },
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: "s3:ReplicateObject",
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
      keys: ["aws:PrincipalArn"],
    },
    unused: "any",
  },
  {
    file: "role-not-action-not-resource",
    about: "Everything but IAM, on everything but one bucket: it works, and grants what nobody can oversee",
    snapshot: setUpWithoutKms({
      rolePolicies: [
        policy({ Effect: "Allow", NotAction: ["iam:*"], NotResource: ["arn:aws:s3:::acme-payroll/*"] }),
      ],
    }),
    verdict: "proven",
    unused: ["NotAction"],
  },
  {
    file: "role-statement-per-form",
    about: "Two statements of the role cover one form of the encryption context each",
    snapshot: setUp({
      rolePolicies: [
        policy(...rolePolicy().Statement.slice(0, 4)),
        policy(
          ...[DESTINATION, objectsOf(DESTINATION)].map((context) =>
            allow(USE_REPLICA_KEY, REPLICA_KEY, {
              StringEquals: { "kms:ViaService": S3_THERE },
              StringLike: { [CONTEXT]: context },
            }),
          ),
        ),
      ],
    }),
    verdict: "proven",
  },
];
