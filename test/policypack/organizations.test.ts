/** Policies that let an organization in: what replication needs of them, and what is wider. */
import { bucketPolicyCrossAccountNarrowed } from "../../policypack/rules/bucketPolicyCrossAccountNarrowed";
import { bucketPolicyNoForeignAdministration } from "../../policypack/rules/bucketPolicyNoForeignAdministration";
import { bucketPolicyNoPublicPrincipal } from "../../policypack/rules/bucketPolicyNoPublicPrincipal";
import { keyPolicyCrossAccountNarrowed } from "../../policypack/rules/keyPolicyCrossAccountNarrowed";
import { keyPolicyNoWildcardPrincipal } from "../../policypack/rules/keyPolicyNoWildcardPrincipal";
import { destinationStack } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import { ProgramResource, change, unknown } from "./support/resources";

const POLICY = "destination-policy";
const KEY = "destination-key";
const ORGANIZATION = { "aws:PrincipalOrgID": "o-a1b2c3d4e5" };
const ROLES = { "aws:PrincipalArn": "arn:aws:iam::*:role/replication/log-archive" };
const VIA_S3 = { "kms:ViaService": "s3.eu-west-1.amazonaws.com" };

const bucketStatement = {
  Effect: "Allow",
  Principal: { AWS: "*" },
  Action: ["s3:ReplicateObject", "s3:ReplicateTags"],
  Resource: "arn:aws:s3:::orders-replica/${aws:PrincipalAccount}/*",
  Condition: { StringEquals: ORGANIZATION, ArnLike: ROLES },
};
const keyStatement = {
  Effect: "Allow",
  Principal: { AWS: "*" },
  Action: ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
  Resource: "*",
  Condition: { StringEquals: { ...ORGANIZATION, ...VIA_S3 }, ArnLike: ROLES },
};

const withStatement = (name: string, statement: object): ProgramResource[] =>
  change(destinationStack("update"), name, "policy", JSON.stringify({ Statement: [statement] }));
const bucket = (part: object = {}) => withStatement(POLICY, { ...bucketStatement, ...part });
const key = (part: object = {}) => withStatement(KEY, { ...keyStatement, ...part });
const conditions = (...parts: object[]) => ({ Condition: Object.assign({}, ...parts) as object });
const unknownOrganization = change(destinationStack("update"), POLICY, "policy", {
  Statement: [
    { ...bucketStatement, Condition: { StringEquals: { "aws:PrincipalOrgID": unknown }, ArnLike: ROLES } },
  ],
});

describeRule(bucketPolicyNoPublicPrincipal, {
  "accepts everyone of one organization": { program: bucket() },
  "refuses everyone narrowed to a role's name alone, which any account can make": {
    program: bucket(conditions({ ArnLike: ROLES })),
    violators: [POLICY],
  },
  "refuses everyone of any organization": {
    program: bucket(conditions({ StringLike: { "aws:PrincipalOrgID": "o-*" } })),
    violators: [POLICY],
  },
  "refuses everyone of another organization": {
    program: bucket(conditions({ StringNotEquals: ORGANIZATION })),
    violators: [POLICY],
  },
  "refuses everyone whose organization is asked for where there is one": {
    program: bucket(conditions({ StringEqualsIfExists: ORGANIZATION })),
    violators: [POLICY],
  },
  "refuses everyone of the caller's own organization": {
    program: bucket(conditions({ StringEquals: { "aws:PrincipalOrgID": "${aws:PrincipalOrgID}" } })),
    violators: [POLICY],
  },
  "refuses everyone at a place in an organization alone, which S3 calls public": {
    program: bucket(conditions({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*" } })),
    violators: [POLICY],
  },
  "waits for an organization that is not known in a preview": {
    program: unknownOrganization,
    notYet: "aws:PrincipalOrgID",
  },
});

describeRule(bucketPolicyCrossAccountNarrowed, {
  "accepts roles of one name in an organization": { program: bucket() },
  "refuses a whole organization": {
    program: bucket(conditions({ StringEquals: ORGANIZATION })),
    violators: [POLICY],
    messages: [
      "must narrow the organization to its replication roles, got no condition that names a principal",
    ],
  },
  "refuses every role of an organization": {
    program: bucket(
      conditions({ StringEquals: ORGANIZATION, ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } }),
    ),
    violators: [POLICY],
  },
});

describeRule(bucketPolicyNoForeignAdministration, {
  "accepts replication for an organization": { program: bucket() },
  "refuses administration for an organization": {
    program: bucket({ Action: ["s3:ReplicateObject", "s3:PutBucketVersioning"] }),
    violators: [POLICY],
  },
});

describeRule(keyPolicyNoWildcardPrincipal, {
  "accepts everyone of one organization": { program: key() },
  "refuses everyone narrowed to a role's name alone": {
    program: key(conditions({ StringEquals: VIA_S3, ArnLike: ROLES })),
    violators: [KEY],
  },
});

describeRule(keyPolicyCrossAccountNarrowed, {
  "accepts replication for roles of one name in an organization": { program: key() },
  "refuses a whole organization": {
    program: key(conditions({ StringEquals: { ...ORGANIZATION, ...VIA_S3 } })),
    violators: [KEY],
    messages: [
      "must narrow the organization to its replication roles, got no condition that names a principal",
    ],
  },
  "refuses more than replication for an organization": {
    program: key({ Action: ["kms:Decrypt", "kms:CreateGrant"] }),
    violators: [KEY],
  },
  "refuses an organization that comes otherwise than through S3": {
    program: key(conditions({ StringEquals: ORGANIZATION, ArnLike: ROLES })),
    violators: [KEY],
  },
  "leaves everyone of one account to the rule about wildcards": {
    program: key(conditions({ StringEquals: { "kms:CallerAccount": "222222222222" } })),
  },
});
