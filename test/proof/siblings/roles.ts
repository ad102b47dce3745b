/** Roles, their trust, and the bucket policies that let them in: forms that people write. */
import {
  allow,
  allowing,
  DESTINATION,
  objectsOf,
  OVERRIDE,
  plainRule,
  policy,
  READ,
  ROLE,
  ROLE_STATEMENTS,
  rolePolicy,
  root,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_ACCOUNT,
  type Statement,
  trusting,
  WRITE,
} from "../setUp";
import { bothOf, deny, NO_MARKERS, type Sibling } from "./sibling";

type Verdict = Sibling["verdict"];
const WRITING = [...WRITE, OVERRIDE];
const writing = (about: string, statement: Statement, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the role may write ${about}`,
  snapshot: setUp({ rolePolicies: [rolePolicy({ replicas: statement })] }),
  verdict,
  says,
});
const letIn = (about: string, statement: Statement, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the destination lets in ${about}`,
  snapshot: setUp({ bucketPolicy: policy(statement) }),
  verdict,
  says,
});
const trusted = (about: string, Condition: object, verdict: Verdict, says?: RegExp): Sibling => ({
  about: `the role trusts S3 ${about}`,
  snapshot: setUp({ trust: trusting("s3.amazonaws.com", Condition) }),
  verdict,
  says,
});
/** A rule for a prefix, and a role that writes to a folder only. */
const folder = (prefix: string, resource: string) =>
  setUpWithoutKms({
    rules: [plainRule({ Filter: { Prefix: prefix } })],
    rolePolicies: [
      policy(ROLE_STATEMENTS.bucket, ROLE_STATEMENTS.objects, allow(WRITING, `${DESTINATION}${resource}`)),
    ],
  });
const NOT_BY_ROLE = /s3:ReplicateObject .*role policy/;
const NOT_BY_BUCKET = /s3:ReplicateObject .*destination bucket policy/;

const RESOURCES: readonly Sibling[] = [
  writing("to the ARN of any partition", allow(WRITING, "arn:*:s3:::acme-invoices-copy/*"), "proven"),
  writing("to whatever begins like the bucket", allow(WRITING, `${DESTINATION}*`), "proven"),
  writing("to all buckets", allow(WRITING, "arn:aws:s3:::*"), "proven"),
  writing("to the bucket and a slash", allow(WRITING, `${DESTINATION}/`), "broken", NOT_BY_ROLE),
  writing("below two slashes", allow(WRITING, `${DESTINATION}//*`), "broken", NOT_BY_ROLE),
  writing(
    "to an ARN that is written twice",
    allow(WRITING, `arn:aws:s3:::${DESTINATION}/*`),
    "broken",
    NOT_BY_ROLE,
  ),
  {
    about: "a folder whose name has other capitals",
    snapshot: folder("Logs/", "/logs/*"),
    verdict: "broken",
    says: NOT_BY_ROLE,
  },
  {
    about: "a prefix without the slash that the grant has",
    snapshot: folder("logs", "/logs/*"),
    verdict: "broken",
    says: NOT_BY_ROLE,
  },
  { about: "a folder and its grant", snapshot: folder("logs/", "/logs/*"), verdict: "proven" },
  { about: "a folder and any one character", snapshot: folder("logs/", "/logs?*"), verdict: "proven" },
];

const ACTIONS: readonly Sibling[] = [
  {
    about: "a role that may do everything but manage access",
    snapshot: setUp({ rolePolicies: [policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })] }),
    verdict: "proven",
  },
  {
    about: "a role that may do everything but use keys",
    snapshot: setUp({
      rolePolicies: [policy({ Effect: "Allow", NotAction: ["iam:*", "kms:*"], Resource: "*" })],
    }),
    verdict: "broken",
    says: /kms:Decrypt .*role policy/,
  },
  {
    about: "a role that may touch everything but another bucket",
    snapshot: setUp({
      rolePolicies: [
        policy({ Effect: "Allow", Action: ["s3:*", "kms:*"], NotResource: "arn:aws:s3:::secrets/*" }),
      ],
    }),
    verdict: "proven",
  },
  {
    about: "a role that is denied all buckets but the source",
    snapshot: setUp({
      rolePolicies: [rolePolicy(), policy({ Effect: "Deny", Action: "s3:*", NotResource: bothOf(SOURCE) })],
    }),
    verdict: "broken",
    says: NOT_BY_ROLE,
  },
  {
    about: "a role that is denied all buckets but the two",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy(),
        policy({ Effect: "Deny", Action: "s3:*", NotResource: [...bothOf(SOURCE), ...bothOf(DESTINATION)] }),
      ],
    }),
    verdict: "proven",
  },
  {
    about: "a role that reads with s3:Get*",
    snapshot: setUp({ rolePolicies: [rolePolicy({ objects: allow("s3:Get*", objectsOf(SOURCE)) })] }),
    verdict: "proven",
  },
  {
    about: "a role that reads no ACLs",
    snapshot: setUp({
      rolePolicies: [
        rolePolicy({ objects: allow(["s3:GetObjectVersionForReplication", READ[2]], objectsOf(SOURCE)) }),
      ],
    }),
    verdict: "broken",
    says: /SrcGetAclNotPermitted/,
  },
  {
    about: "a role that may not replicate delete markers, and a rule that does not",
    snapshot: setUpWithoutKms({
      rules: [plainRule(NO_MARKERS)],
      rolePolicies: [
        policy(
          ROLE_STATEMENTS.bucket,
          ROLE_STATEMENTS.objects,
          allow(["s3:ReplicateObject", "s3:ReplicateTags", OVERRIDE], objectsOf(DESTINATION)),
        ),
      ],
    }),
    verdict: "proven",
  },
  {
    about: "a boundary without KMS",
    snapshot: setUp({ boundary: policy(allow("s3:*", "*")) }),
    verdict: "broken",
    says: /permission boundary/,
  },
  {
    about: "a destination that denies deletions",
    snapshot: setUp({
      bucketPolicy: policy(allowing(ROLE, WRITING, objectsOf(DESTINATION)), {
        ...deny(["s3:DeleteObject", "s3:DeleteObjectVersion"], objectsOf(DESTINATION)),
        Principal: "*",
      }),
    }),
    verdict: "proven",
  },
];

const PRINCIPALS: readonly Sibling[] = [
  letIn("the account by its number", allowing(SOURCE_ACCOUNT, WRITING, objectsOf(DESTINATION)), "proven"),
  letIn(
    "roles of the account by a pattern",
    allowing(root(SOURCE_ACCOUNT), WRITING, objectsOf(DESTINATION), {
      ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${SOURCE_ACCOUNT}:role/*replication*` },
    }),
    "proven",
  ),
  letIn(
    "sessions of the role by a pattern, and the key holds the role",
    allowing(root(SOURCE_ACCOUNT), WRITING, objectsOf(DESTINATION), {
      ArnLike: { "aws:PrincipalArn": `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/acme-replication/*` },
    }),
    "broken",
    NOT_BY_BUCKET,
  ),
  letIn(
    "a session of another name",
    allowing(
      `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/acme-replication/other`,
      WRITING,
      objectsOf(DESTINATION),
    ),
    "broken",
    NOT_BY_BUCKET,
  ),
  letIn(
    "a role of that name at another path",
    allowing(ROLE.replace("role/", "role/service-role/"), WRITING, objectsOf(DESTINATION)),
    "broken",
    NOT_BY_BUCKET,
  ),
  letIn(
    "S3 itself, which replicates as the role",
    {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: WRITING,
      Resource: objectsOf(DESTINATION),
    },
    "broken",
    NOT_BY_BUCKET,
  ),
  letIn(
    "the role for uploads, which replicas are not",
    allowing(ROLE, ["s3:PutObject", "s3:DeleteObject", OVERRIDE], objectsOf(DESTINATION)),
    "broken",
    NOT_BY_BUCKET,
  ),
];

const TRUST: readonly Sibling[] = [
  trusted(
    "for the account, which nobody knows it to say",
    { StringEquals: { "aws:SourceAccount": SOURCE_ACCOUNT } },
    "unproven",
  ),
  trusted("for another account", { StringEquals: { "aws:SourceAccount": "444455556666" } }, "broken"),
  trusted("for the destination", { ArnLike: { "aws:SourceArn": DESTINATION } }, "broken"),
  trusted(
    "for the account, if it says so",
    { StringEqualsIfExists: { "aws:SourceAccount": SOURCE_ACCOUNT } },
    "proven",
  ),
  trusted("with an external id", { StringEquals: { "sts:ExternalId": "x" } }, "broken"),
  trusted(
    "as a member of an organization",
    { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
    "broken",
  ),
  {
    about: "the role trusts its account, and not S3",
    snapshot: setUp({
      trust: policy({ Effect: "Allow", Principal: { AWS: root(SOURCE_ACCOUNT) }, Action: "sts:AssumeRole" }),
    }),
    verdict: "broken",
    says: /AssumeRoleNotPermitted/,
  },
  {
    about: "the role lets S3 tag its session, and not take it on",
    snapshot: setUp({
      trust: policy({
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sts:TagSession",
      }),
    }),
    verdict: "broken",
    says: /AssumeRoleNotPermitted/,
  },
];

export const ROLES: readonly Sibling[] = [...RESOURCES, ...ACTIONS, ...PRINCIPALS, ...TRUST];
