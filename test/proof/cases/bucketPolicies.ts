/** Who the destination bucket's policy names. */
import type { ProofCase } from "../expected";
import {
  allowing,
  DESTINATION,
  objectsOf,
  OVERRIDE,
  policy,
  ROLE,
  root,
  setUpWithoutKms,
  SOURCE_ACCOUNT,
  WRITE,
} from "../setUp";

const SERVICE_ROLE = `arn:aws:iam::${SOURCE_ACCOUNT}:role/service-role/acme-replication`;

const plainFailed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const write = (keys: readonly string[] = []) =>
  ({
    action: "s3:ReplicateObject",
    resource: `${DESTINATION}/plain`,
    where: "destination bucket policy",
    keys,
  }) as const;
const denied = (...keys: string[]) => ({ failureReason: "DstPutObjectNotPermitted", ...write(keys) });

export const BUCKET_POLICIES: readonly ProofCase[] = [
  {
    file: "bucket-policy-wrong-role-path",
    about: "The role has a path, and the bucket policy names it without",
    snapshot: setUpWithoutKms({ roleArn: SERVICE_ROLE }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied(),
    unused: "any",
  },
  {
    file: "bucket-policy-missing",
    about: "Nobody wrote a bucket policy in the other account",
    snapshot: setUpWithoutKms({ bucketPolicy: null }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied(),
  },
  {
    file: "bucket-policy-on-bucket-only",
    about: "The grant is on the bucket, not on its objects",
    snapshot: setUpWithoutKms({ bucketPolicy: policy(allowing(ROLE, [...WRITE, OVERRIDE], DESTINATION)) }),
    verdict: "broken",
    refusals: [/^MalformedPolicy: Action does not apply to any resource/],
    outcomes: plainFailed,
    cause: denied(),
  },
  {
    file: "bucket-policy-names-the-session",
    about: "The bucket policy names the session of the role, which is enough in the resource's policy",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        allowing(
          `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/acme-replication/s3-replication`,
          [...WRITE, OVERRIDE],
          objectsOf(DESTINATION),
        ),
      ),
    }),
    verdict: "proven",
  },
  {
    file: "bucket-policy-account-narrowed",
    about: "The account is named and narrowed to the role by aws:PrincipalArn",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        allowing(root(SOURCE_ACCOUNT), [...WRITE, OVERRIDE], objectsOf(DESTINATION), {
          ArnEquals: { "aws:PrincipalArn": ROLE },
        }),
      ),
    }),
    verdict: "proven",
  },
  {
    file: "bucket-policy-narrowed-to-session",
    about: "aws:PrincipalArn is compared with the session, which it never holds",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        allowing(root(SOURCE_ACCOUNT), [...WRITE, OVERRIDE], objectsOf(DESTINATION), {
          ArnLike: { "aws:PrincipalArn": `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/acme-replication/*` },
        }),
      ),
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: denied("aws:PrincipalArn"),
    unused: "any",
  },
  {
    file: "bucket-policy-source-account-condition",
    about: "The condition of log deliveries, aws:SourceAccount, on a grant to a role",
    snapshot: setUpWithoutKms({
      bucketPolicy: policy(
        allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION), {
          StringEquals: { "aws:SourceAccount": SOURCE_ACCOUNT },
        }),
      ),
    }),
    verdict: "broken",
    outcomes: plainFailed,
    cause: { ...write(["aws:SourceAccount"]), failureReason: "DstPutObjectNotPermitted" },
  },
];
