/** A bucket policy that lets an organization in, as people write one: who is in it, and where they may write. */
import type { AccountState } from "../../../src/snapshot/snapshot";
import type { ProofCase } from "../expected";
import {
  allowing,
  DESTINATION,
  objectsOf,
  OVERRIDE,
  plainRule,
  policy,
  setUpWithoutKms,
  SOURCE_ACCOUNT,
  WRITE,
} from "../setUp";

const ORGANIZATION = "o-acme123456";
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`;
const ROLES = "arn:aws:iam::*:role/acme-replication";
const IN_UNIT = { organizationId: ORGANIZATION, organizationPath: UNIT };
const BELOW = `${DESTINATION}/\${aws:PrincipalAccount}/*`;

const narrowed = {
  StringEquals: { "aws:PrincipalOrgID": ORGANIZATION },
  "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${UNIT}*` },
  ArnLike: { "aws:PrincipalArn": ROLES },
};
const { StringEquals: _organization, ...withoutOrganization } = narrowed;

interface Parts {
  readonly account: Partial<AccountState>;
  readonly condition?: object;
  readonly resource?: string;
  readonly prefix?: string;
}

/** The block of public access is on, as it is for new buckets. */
const setUpOf = ({
  account,
  condition = narrowed,
  resource = objectsOf(DESTINATION),
  prefix = "",
}: Parts) => ({
  ...setUpWithoutKms({
    sourceAccount: account,
    bucketPolicy: policy(allowing("*", [...WRITE, OVERRIDE], resource, condition)),
    destination: { publicAccessBlock: { restrictPublicBuckets: true } },
    rules: [plainRule({ Filter: { Prefix: prefix } })],
  }),
});

const failed = { plain: "FAILED", tagged: "FAILED", deleted: "FAILED" } as const;
const denied = (...keys: string[]) => ({
  failureReason: "DstPutObjectNotPermitted",
  action: "s3:ReplicateObject",
  resource: `${DESTINATION}/plain`,
  where: "destination bucket policy" as const,
  keys,
});

export const ORGANIZATIONS: readonly ProofCase[] = [
  {
    file: "organization-inside",
    about: "Everybody of a unit of the organization with a role of this name, and the account is in it",
    snapshot: setUpOf({ account: IN_UNIT }),
    verdict: "proven",
  },
  {
    file: "organization-other-unit",
    about: "The account is in another unit of the organization",
    snapshot: setUpOf({
      account: { ...IN_UNIT, organizationPath: `${ORGANIZATION}/r-ab12/ou-ab12-22222222/` },
    }),
    verdict: "broken",
    outcomes: failed,
    cause: denied("aws:PrincipalOrgPaths"),
  },
  {
    file: "organization-outside",
    about: "The account has left the organization",
    snapshot: setUpOf({ account: { organizationId: null } }),
    verdict: "broken",
    outcomes: failed,
    cause: denied("aws:PrincipalOrgID", "aws:PrincipalOrgPaths"),
  },
  {
    file: "organization-paths-alone",
    about: "The unit is named by a pattern and the organization is not, which S3 calls public and cuts off",
    snapshot: setUpOf({
      account: IN_UNIT,
      condition: withoutOrganization,
    }),
    verdict: "broken",
    outcomes: failed,
    cause: denied("RestrictPublicBuckets"),
    unused: "any",
  },
  {
    file: "organization-below-own-id",
    about: "Each account writes below its own id, and the rule is for keys there",
    snapshot: setUpOf({ account: IN_UNIT, resource: BELOW, prefix: `${SOURCE_ACCOUNT}/` }),
    verdict: "proven",
    // The role's own policy is for all keys.
    unused: "any",
  },
  {
    file: "organization-beside-own-id",
    about: "Each account writes below its own id, and the rule is for all keys",
    snapshot: setUpOf({ account: IN_UNIT, resource: BELOW }),
    verdict: "broken",
    outcomes: {
      ...failed,
      [`${SOURCE_ACCOUNT}/plain`]: "COMPLETED",
      [`${SOURCE_ACCOUNT}/tagged`]: "COMPLETED",
      [`${SOURCE_ACCOUNT}/deleted`]: "COMPLETED",
    },
    cause: denied(),
  },
];
