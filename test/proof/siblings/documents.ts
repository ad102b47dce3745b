/** Policy documents that AWS does not store, and unusual ones that it does. */
import {
  allow,
  allowing,
  DESTINATION,
  objectsOf,
  OTHER_ACCOUNT,
  OVERRIDE,
  policy,
  ROLE,
  rolePolicy,
  root,
  setUp,
  SOURCE_ACCOUNT,
  type Statement,
  trusting,
  WRITE,
} from "../setUp";
import { FULL_ACCESS, RCP_FULL_ACCESS, type Sibling } from "./sibling";

const writing = allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION));
const inBucket = (...more: Statement[]) => setUp({ bucketPolicy: policy(writing, ...more) });
const inRole = (...more: Statement[]) => setUp({ rolePolicies: [rolePolicy(), policy(...more)] });
const inTrust = (Action: string | string[], change: object = {}) =>
  setUp({
    trust: policy({ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action, ...change }),
  });
const inRcp = (statement: Statement) =>
  setUp({ destinationAccount: { rcps: [[RCP_FULL_ACCESS, policy(statement)]] } });
const ofMany = (count: number, statement: (at: number) => Statement) =>
  Array.from({ length: count }, (_, at) => statement(at));
const replicating = (AWS: string, Resource = objectsOf(DESTINATION)) =>
  allowing(AWS, "s3:ReplicateObject", Resource);

const BUCKET_POLICIES: readonly Sibling[] = [
  {
    about: "actions on objects for the bucket alone",
    snapshot: setUp({ bucketPolicy: policy(allowing(ROLE, [...WRITE, OVERRIDE], DESTINATION)) }),
    verdict: "broken",
    says: /Action does not apply to any resource/,
  },
  {
    about: "an action on the bucket for objects alone",
    snapshot: inBucket(allowing(ROLE, "s3:ListBucket", objectsOf(DESTINATION))),
    verdict: "broken",
    says: /Action does not apply to any resource/,
  },
  {
    about: "an action of S3 that is on no bucket and no object",
    snapshot: inBucket(allowing(ROLE, "s3:ListAllMyBuckets", [DESTINATION, objectsOf(DESTINATION)])),
    verdict: "broken",
    says: /Action does not apply to any resource/,
  },
  {
    about: "an action that S3 has not",
    snapshot: inBucket(allowing(ROLE, "s3:ReplicateObjects", objectsOf(DESTINATION))),
    verdict: "broken",
    says: /Policy has invalid action/,
  },
  {
    about: "an action of KMS in a bucket policy",
    snapshot: inBucket(allowing(ROLE, "kms:Decrypt", objectsOf(DESTINATION))),
    verdict: "broken",
    says: /Policy has invalid action/,
  },
  {
    about: "a pattern of actions, whatever it stands for",
    snapshot: inBucket(allowing(ROLE, "s3:Replicate*", objectsOf(DESTINATION))),
    verdict: "proven",
  },
  {
    about: "every resource in a bucket policy",
    snapshot: inBucket(replicating(ROLE, "*")),
    verdict: "broken",
    says: /Policy has invalid resource/,
  },
  {
    about: "a bucket ARN with a Region and an account",
    snapshot: inBucket(replicating(ROLE, "arn:aws:s3:eu-west-1:444455556666:acme-invoices-copy/*")),
    verdict: "broken",
    says: /Policy has invalid resource/,
  },
  {
    about: "a role ARN with a star as principal",
    snapshot: inBucket(replicating(`arn:aws:iam::${SOURCE_ACCOUNT}:role/*`)),
    verdict: "refused",
    says: /without wildcards in it/,
  },
  {
    about: "the bare name of a role as principal",
    snapshot: inBucket(replicating("acme-replication")),
    verdict: "refused",
    says: /the ARN or unique id of a principal/,
  },
  {
    // https://github.com/cloud-custodian/cloud-custodian/pull/3609
    about: "one Sid twice in a bucket policy, which S3 takes",
    snapshot: inBucket(
      { Sid: "Read", ...allowing(root(OTHER_ACCOUNT), "s3:GetObject", objectsOf(DESTINATION)) },
      { Sid: "Read", ...allowing(root(OTHER_ACCOUNT), "s3:GetObjectTagging", objectsOf(DESTINATION)) },
    ),
    verdict: "proven",
  },
];

const ROLE_POLICIES: readonly Sibling[] = [
  {
    about: "one Sid twice in a role's policy, which IAM refuses",
    snapshot: inRole(
      { Sid: "Look", ...allow("s3:ListAllMyBuckets", "*") },
      { Sid: "Look", ...allow("s3:GetBucketLocation", "*") },
    ),
    verdict: "refused",
    says: /must be unique within an IAM policy/,
  },
  {
    about: "a Sid with a space in a role's policy",
    snapshot: inRole({ Sid: "Look here", ...allow("s3:ListAllMyBuckets", "*") }),
    verdict: "refused",
    says: /letters and digits/,
  },
  {
    about: "an action that S3 has not, which IAM takes",
    snapshot: inRole(allow("s3:ReplicateObjects", objectsOf(DESTINATION))),
    verdict: "proven",
  },
  {
    about: "a resource that is no ARN",
    snapshot: inRole(allow("s3:GetObject", "acme-invoices/*")),
    verdict: "refused",
    says: /must be '\*' or an ARN/,
  },
  {
    about: "a statement without a resource",
    snapshot: inRole({ Effect: "Allow", Action: "s3:GetObject" }),
    verdict: "refused",
    says: /Resource or NotResource/,
  },
];

const TRUST_POLICIES: readonly Sibling[] = [
  {
    about: "an action of S3 in the trust policy",
    snapshot: inTrust(["sts:AssumeRole", "s3:GetObject"]),
    verdict: "broken",
    says: /may only specify STS AssumeRole actions/,
  },
  {
    about: "a resource in the trust policy",
    snapshot: inTrust("sts:AssumeRole", { Resource: "*" }),
    verdict: "refused",
    says: /must be left out/,
  },
  {
    about: "session tags and a source identity in the trust policy",
    snapshot: inTrust(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
    verdict: "proven",
  },
  {
    about: "a service that does not exist",
    snapshot: setUp({ trust: trusting("s3.amazon.com") }),
    verdict: "broken",
    says: /AssumeRoleNotPermitted/,
  },
  {
    about: "the trust of forty other roles",
    snapshot: setUp({
      trust: policy(
        ...trusting("s3.amazonaws.com").Statement,
        ...ofMany(40, (at) => ({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${SOURCE_ACCOUNT}:role/one-of-the-deployers-${at}` },
          Action: "sts:AssumeRole",
        })),
      ),
    }),
    verdict: "broken",
    says: /ACLSizePerRole/,
  },
];

const OF_ORGANIZATIONS: readonly Sibling[] = [
  {
    about: "an Allow in a resource control policy",
    snapshot: inRcp({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }),
    verdict: "broken",
    says: /only supported in RCPFullAWSAccess/,
  },
  {
    about: "NotAction in a resource control policy",
    snapshot: inRcp({
      Effect: "Deny",
      Principal: "*",
      NotAction: ["s3:*", "kms:*", "sts:*"],
      Resource: "*",
    }),
    verdict: "broken",
    says: /NotAction is no element/,
  },
  {
    about: "a resource control policy for one principal",
    snapshot: inRcp({ Effect: "Deny", Principal: { AWS: ROLE }, Action: "s3:DeleteBucket", Resource: "*" }),
    verdict: "broken",
    says: /the Principal of a resource control policy/,
  },
  {
    about: "a principal in a service control policy",
    snapshot: setUp({
      sourceAccount: {
        scps: [[FULL_ACCESS, policy({ Effect: "Deny", Principal: "*", Action: "iam:*", Resource: "*" })]],
      },
    }),
    verdict: "refused",
    says: /must be left out/,
  },
];

export const DOCUMENTS: readonly Sibling[] = [
  ...BUCKET_POLICIES,
  ...ROLE_POLICIES,
  ...TRUST_POLICIES,
  ...OF_ORGANIZATIONS,
];
