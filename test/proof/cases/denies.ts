/** Denies of the destination bucket, and policies that are public. */
import type { ProofCase } from "../expected";
import {
  allowing,
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  objectsOf,
  OVERRIDE,
  policy,
  ROLE,
  root,
  setUp,
  setUpWithoutKms,
  SOURCE_ACCOUNT,
  WRITE,
} from "../setUp";

const grant = allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION));
const everything = [DESTINATION, objectsOf(DESTINATION)];

const plainFailed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const plainOpen = { plain: "UNPROVEN", tagged: "UNPROVEN", deleted: "UNPROVEN" } as const;
const write = (keys: readonly string[] = []) =>
  ({
    action: "s3:ReplicateObject",
    resource: `${DESTINATION}/plain`,
    where: "destination bucket policy",
    keys,
  }) as const;
const denied = (...keys: string[]) => ({ failureReason: "DstPutObjectNotPermitted", ...write(keys) });

/** A bucket policy with a Deny beside the grant, with SSE-S3. */
const withDeny = (deny: ReturnType<typeof denyAll>) => setUpWithoutKms({ bucketPolicy: policy(deny, grant) });

export const DENIES: readonly ProofCase[] = [
  {
    file: "deny-without-tls",
    about: "The usual Deny without TLS stands in nobody's way",
    snapshot: withDeny(denyAll("s3:*", everything, { Bool: { "aws:SecureTransport": "false" } })),
    verdict: "proven",
  },
  {
    file: "deny-old-tls",
    about: "A Deny below TLS 1.2, which no endpoint of AWS takes any more",
    snapshot: withDeny(denyAll("s3:*", everything, { NumericLessThan: { "s3:TlsVersion": "1.2" } })),
    verdict: "proven",
  },
  {
    file: "deny-unencrypted-put-object",
    about: "A Deny on s3:PutObject without SSE-KMS: the copy is authorised as s3:ReplicateObject",
    snapshot: withDeny(
      denyAll("s3:PutObject", objectsOf(DESTINATION), {
        StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
      }),
    ),
    verdict: "proven",
  },
  {
    file: "deny-without-kms-header",
    about: "A Deny on everything without the header of SSE-KMS, which S3 was seen to send",
    snapshot: setUp({
      bucketPolicy: policy(
        denyAll(["s3:PutObject", "s3:ReplicateObject"], objectsOf(DESTINATION), {
          StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
        }),
        grant,
      ),
    }),
    // An object under SSE-S3 keeps its encryption, so it is denied with the header and without.
    verdict: "broken",
    outcomes: {
      plain: "FAILED",
      tagged: "FAILED",
      kms: "COMPLETED",
      "kms-bucket-key": "COMPLETED",
      deleted: "COMPLETED",
    },
    cause: denied(),
  },
  {
    file: "deny-without-any-sse-header",
    about: "A Deny where the encryption header is missing, as it is of delete markers",
    snapshot: withDeny(
      denyAll("s3:*", objectsOf(DESTINATION), { Null: { "s3:x-amz-server-side-encryption": "true" } }),
    ),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "FAILED" },
    cause: {
      failureReason: "DstDelObjNotPermitted",
      action: "s3:ReplicateDelete",
      resource: `${DESTINATION}/deleted`,
      where: "destination bucket policy",
    },
  },
  {
    file: "deny-outside-vpc-endpoint",
    about: "A Deny for everything that does not come through a VPC endpoint",
    snapshot: withDeny(
      denyAll("s3:*", everything, { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } }),
    ),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied(),
  },
  {
    file: "deny-outside-addresses",
    about: "A Deny outside the company's addresses, and S3 calls from its own",
    snapshot: withDeny(denyAll("s3:*", everything, { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } })),
    verdict: "broken",
    outcomes: plainFailed,
    cause: { ...write([]), failureReason: "DstPutObjectNotPermitted" },
  },
  {
    file: "deny-outside-organization",
    about: "A Deny unless the organization is this one, which a snapshot does not tell",
    snapshot: withDeny(
      denyAll("s3:*", everything, { StringNotEquals: { "aws:PrincipalOrgID": "o-acme123456" } }),
    ),
    verdict: "unproven",
    outcomes: plainOpen,
    cause: write(["aws:PrincipalOrgID"]),
  },
  {
    file: "deny-outside-accounts",
    about: "A Deny for principals of other accounts than two, of which one is the source",
    snapshot: withDeny(
      denyAll("s3:*", everything, {
        StringNotEquals: { "aws:PrincipalAccount": [DESTINATION_ACCOUNT, SOURCE_ACCOUNT] },
      }),
    ),
    verdict: "proven",
  },
  {
    file: "deny-outside-role-list",
    about: "A Deny for all roles but a list, on which the replication role is not",
    snapshot: withDeny(
      denyAll("s3:*", everything, {
        ArnNotLike: { "aws:PrincipalArn": [`arn:aws:iam::${DESTINATION_ACCOUNT}:role/*`] },
      }),
    ),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied(),
  },
  {
    file: "deny-not-principal-role-only",
    about: "A Deny for all but the role: its session is another principal, and so is its account",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        {
          Effect: "Deny",
          NotPrincipal: { AWS: [ROLE, root(DESTINATION_ACCOUNT)] },
          Action: "s3:*",
          Resource: everything,
        },
        grant,
      ),
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied(),
  },
  {
    file: "deny-not-principal-role-session-account",
    about: "A Deny for all but the role, its session and its account",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        {
          Effect: "Deny",
          NotPrincipal: {
            AWS: [
              ROLE,
              `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/acme-replication/s3-replication`,
              root(SOURCE_ACCOUNT),
              root(DESTINATION_ACCOUNT),
            ],
          },
          Action: "s3:*",
          Resource: everything,
        },
        grant,
      ),
    }),
    verdict: "proven",
  },
  {
    file: "deny-replicate-tags",
    about:
      "Tags are to be dropped by a Deny on s3:ReplicateTags: one page says that it does, another that it fails",
    snapshot: withDeny(denyAll("s3:ReplicateTags", objectsOf(DESTINATION))),
    verdict: "unproven",
    outcomes: { plain: "COMPLETED", tagged: "UNPROVEN", deleted: "COMPLETED" },
    cause: {
      action: "s3:ReplicateTags",
      resource: `${DESTINATION}/tagged`,
      where: "destination bucket policy",
    },
  },
  {
    file: "deny-deletes",
    about: "A write-once bucket denies all deletes, s3:ReplicateDelete with them",
    snapshot: withDeny(denyAll(["s3:Delete*", "s3:ReplicateDelete"], objectsOf(DESTINATION))),
    verdict: "broken",
    outcomes: { plain: "COMPLETED", tagged: "COMPLETED", deleted: "FAILED" },
    cause: {
      failureReason: "DstDelObjNotPermitted",
      action: "s3:ReplicateDelete",
      resource: `${DESTINATION}/deleted`,
      where: "destination bucket policy",
    },
  },
  {
    file: "public-policy-cut-off",
    about: "Principal * without a condition, and the block of public access cuts it off",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(allowing("*", [...WRITE, OVERRIDE], objectsOf(DESTINATION))),
      destination: { publicAccessBlock: { restrictPublicBuckets: true } },
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied("RestrictPublicBuckets"),
    unused: [`${[...WRITE, OVERRIDE].join(", ")} to *`],
  },
  {
    file: "public-policy-let-in",
    about: "Principal * without a condition, and nothing blocks it: it works, for everybody",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        allowing("*", [...WRITE, OVERRIDE], objectsOf(DESTINATION)),
        allowing("*", "s3:GetObject", objectsOf(DESTINATION)),
      ),
    }),
    verdict: "proven",
    unused: [`${[...WRITE, OVERRIDE].join(", ")} to *`, "s3:GetObject to *", "s3:GetObject"],
  },
  {
    file: "override-missing-in-bucket-policy",
    about: "Owner override without its permission in the bucket policy, ACLs on",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(allowing(ROLE, WRITE, objectsOf(DESTINATION))),
      destination: { ownership: "BucketOwnerPreferred" },
    }),
    verdict: "broken",
    outcomes: { plain: "FAILED", tagged: "FAILED", deleted: "COMPLETED" },
    cause: {
      failureReason: "DstPutObjectNotPermitted",
      action: OVERRIDE,
      resource: `${DESTINATION}/plain`,
      where: "destination bucket policy",
    },
  },
  {
    file: "override-missing-without-acls",
    about: "The same with ACLs off: one page asks for the permission, one says that it is unnecessary",
    snapshot: setUpWithoutKms({ bucketPolicy: policy(allowing(ROLE, WRITE, objectsOf(DESTINATION))) }),
    verdict: "proven",
    observations: [/needs no s3:ObjectOwnerOverrideToBucketOwner/],
  },
  {
    file: "prefix-narrowed-bucket-policy",
    about: "The bucket policy lets one prefix in, the rule takes everything",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(allowing(ROLE, [...WRITE, OVERRIDE], `${DESTINATION}/2024/*`)),
    }),
    verdict: "broken",
    outcomes: {
      ...plainFailed,
      "2024/plain": "COMPLETED",
      "2024/tagged": "COMPLETED",
      "2024/deleted": "COMPLETED",
    },
    cause: denied(),
  },
];
