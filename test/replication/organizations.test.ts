/** Destinations that let every account of an organization in: their policies, their size, and their contract. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { parsePolicy } from "../../src/iam";
import { isPublic } from "../../src/iam/publicPolicy";
import type { ReplicationSourceGrant } from "../../src";
import { destinationSizeProblems } from "../../src/replication/arguments/sizes";
import { contractTerms, readContractTerms } from "../../src/replication/contract";
import { contractProblems } from "../../src/replication/contractProblems";
import { grantsTakenBack } from "../../src/replication/grantsTakenBack";
import {
  destinationBucketPolicy,
  destinationKeyPolicy,
  POLICY_LIMITS,
  policySize,
} from "../../src/replication/policies";
import { resolveRules } from "../../src/replication/rules";

const ORGANIZATION = "o-a1b2c3d4e5";
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`;
const grant = (change: Partial<ReplicationSourceGrant> = {}): ReplicationSourceGrant => ({
  organizationId: ORGANIZATION,
  roleName: "log-archive",
  rolePath: "/replication/",
  ...change,
});
const place = { accountId: "333333333333", region: "eu-west-1", bucketName: "logs" };
const grants = (...sources: ReplicationSourceGrant[]) => ({
  ...place,
  bucketArn: "arn:aws:s3:::logs",
  sources,
});

const documents = (...sources: ReplicationSourceGrant[]) => [
  destinationBucketPolicy(grants(...sources)),
  destinationKeyPolicy(grants(...sources)),
];
const lastOf = (...sources: ReplicationSourceGrant[]) =>
  documents(...sources).map(({ Statement }) => Statement.at(-1));

describe("the policies of a destination for an organization", () => {
  it("let everybody in who is of the organization, and of the role's name and path", () => {
    const [bucket, key] = lastOf(grant());
    deepStrictEqual(bucket, {
      Sid: "ReplicateFromOrganization",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
      Resource: "arn:aws:s3:::logs/*",
      Condition: {
        StringEquals: { "aws:PrincipalOrgID": ORGANIZATION },
        ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/replication/log-archive" },
      },
    });
    deepStrictEqual(key?.Condition, {
      StringEquals: { "aws:PrincipalOrgID": ORGANIZATION, "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/replication/log-archive" },
      StringLike: { "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"] },
    });
  });

  it("ask for places in the organization beside its id, which alone keeps S3 from calling them public", () => {
    for (const statement of lastOf(grant({ paths: [`${UNIT}*`] }))) {
      deepStrictEqual(statement?.Condition?.["ForAnyValue:StringLike"], {
        "aws:PrincipalOrgPaths": `${UNIT}*`,
      });
      strictEqual(statement?.Condition?.StringEquals?.["aws:PrincipalOrgID"], ORGANIZATION);
    }
  });

  it("let an account write only below its own id where that is asked for", () => {
    strictEqual(
      lastOf(grant({ prefixPerAccount: true }))[0]?.Resource,
      "arn:aws:s3:::logs/${aws:PrincipalAccount}/*",
    );
  });

  it("are of their partition", () => {
    const china = { ...grants(grant()), region: "cn-north-1", bucketArn: "arn:aws-cn:s3:::logs" };
    deepStrictEqual(destinationBucketPolicy(china).Statement.at(-1)?.Condition?.ArnLike, {
      "aws:PrincipalArn": "arn:aws-cn:iam::*:role/replication/log-archive",
    });
  });

  it("are not public, which they would be without the organization", () => {
    const parse = (document: unknown) =>
      parsePolicy(JSON.stringify(document), "policy", { kind: "resource" });
    const [bucket] = documents(grant({ paths: [`${UNIT}*`], prefixPerAccount: true }));
    strictEqual(isPublic(parse(bucket)), false);
    const open = structuredClone(bucket);
    delete open?.Statement.at(-1)?.Condition?.StringEquals;
    strictEqual(isPublic(parse(open)), true);
  });

  it("stand beside statements for single accounts, each with a name of its own", () => {
    const [bucket, key] = documents({ accountId: "111111111111" }, grant(), grant({ roleName: "other" }));
    for (const document of [bucket, key])
      deepStrictEqual(
        document?.Statement.slice(1).map(({ Sid }) => Sid),
        ["ReplicateFrom111111111111", "ReplicateFromOrganizationN2", "ReplicateFromOrganizationN3"],
      );
  });

  it("stay narrowed to the organization beside so many accounts that these share a statement", () => {
    const accounts = Array.from({ length: 120 }, (_, index) => ({
      accountId: String(100_000_000_000 + index),
    }));
    const [bucket, key] = documents(...accounts, grant());
    for (const document of [bucket, key]) {
      const open = document?.Statement.filter(({ Principal }) => (Principal as { AWS?: string }).AWS === "*");
      deepStrictEqual(
        open?.map(({ Condition }) => Condition?.StringEquals?.["aws:PrincipalOrgID"]),
        [ORGANIZATION],
      );
    }
    strictEqual(policySize(bucket!) < POLICY_LIMITS.bucket, true);
  });

  it("let 500 accounts in as they let one in, where a statement for each would pass AWS's limits", () => {
    const sources = [grant({ paths: [`${UNIT}*`], prefixPerAccount: true })];
    const accountIds = Array.from({ length: 500 }, (_, index) => String(100_000_000_000 + index));
    const contract = contractTerms({ ...place, sources });
    for (const accountId of accountIds) {
      const rules = resolveRules([{ id: "logs", prefix: `${accountId}/` }], ["archive"], true);
      deepStrictEqual(contractProblems(contract, rules, source({ accountId }), "stack 'x'"), [], accountId);
    }
    deepStrictEqual(documents(...sources).map(policySize), [685, 693]);
    deepStrictEqual(destinationSizeProblems({ ...place, sources }), []);
    const each = accountIds.map((accountId) => ({ accountId }));
    strictEqual(destinationSizeProblems({ ...place, sources: each }).length, 2);
  });
});

const source = (change: object = {}) => {
  const { accountId = "111111111111" } = change as { accountId?: string };
  return {
    accountId,
    region: "us-east-1",
    bucketArn: "arn:aws:s3:::shop",
    roleArn: `arn:aws:iam::${accountId}:role/replication/log-archive`,
    objectLockEnabled: false,
    ...change,
  };
};

/** What a source is told. */
function problems(
  sources: readonly ReplicationSourceGrant[],
  change: object = {},
  rule: object = {},
): string[] {
  const written: unknown = JSON.parse(JSON.stringify(contractTerms({ ...place, sources })));
  const rules = resolveRules([{ id: "logs", prefix: "111111111111/", ...rule }], ["archive"], true);
  return contractProblems(readContractTerms(written, "stack 'x'"), rules, source(change), "stack 'x'");
}

describe("the contract of a destination for an organization", () => {
  const paths = [`${UNIT}*`];

  for (const [who, change] of [
    ["whose organization nobody says", {}],
    ["of the organization", { organizationId: ORGANIZATION }],
    ["at the place", { organizationId: ORGANIZATION, organizationPath: UNIT }],
    ["below the place", { organizationId: ORGANIZATION, organizationPath: `${UNIT}ou-ab12-22222222/` }],
  ] as const)
    it(`fits a source ${who}`, () => deepStrictEqual(problems([grant({ paths })], change), []));

  for (const [who, change] of [
    ["of another organization", { organizationId: "o-zzzzzzzzzz" }],
    [
      "of another unit",
      { organizationId: ORGANIZATION, organizationPath: `${ORGANIZATION}/r-ab12/ou-ab12-99999999/` },
    ],
    ["with a role of another path", { roleArn: "arn:aws:iam::111111111111:role/log-archive" }],
    ["with a role of another name", { roleArn: "arn:aws:iam::111111111111:role/replication/other" }],
  ] as const)
    it(`does not fit a source ${who}`, () => {
      const [problem = "", ...others] = problems([grant({ paths })], change);
      match(
        problem,
        /^the destination does not grant anything to this source's role arn:aws:iam::111111111111:role\//,
      );
      match(
        problem,
        /but to arn:aws:iam::\*:role\/replication\/log-archive of organization 'o-a1b2c3d4e5' at /,
      );
      deepStrictEqual(others, []);
    });

  it("does not fit a source that is below a place which takes in itself alone", () => {
    const change = { organizationId: ORGANIZATION, organizationPath: `${UNIT}ou-ab12-22222222/` };
    strictEqual(problems([grant({ paths: [UNIT] })], change).length, 1);
  });

  it("does not fit a rule for keys outside of the account's prefix, where only that may be written", () => {
    const sources = [grant({ prefixPerAccount: true })];
    deepStrictEqual(problems(sources), []);
    for (const prefix of ["", "logs/", "111111111111"]) {
      match(
        problems(sources, {}, { prefix }).join(),
        /^rule 'logs' replicates keys that do not begin with '111111111111\/', and the destination lets each account write only below its own id/,
      );
    }
  });

  it("fits such a rule where a grant of the account's own lets it write everywhere", () => {
    const own = { accountId: "111111111111", roleName: "log-archive", rolePath: "/replication/" };
    deepStrictEqual(problems([grant({ prefixPerAccount: true }), own], {}, { prefix: "" }), []);
  });

  it("says what no grant that fits gives", () => {
    const rule = { deleteMarkerReplication: true };
    match(
      problems([grant()], {}, rule).join(),
      /replicates delete markers, which the destination does not grant/,
    );
    deepStrictEqual(problems([grant(), grant({ paths, deleteMarkerReplication: true })], {}, rule), []);
  });

  it("says in the destination's preview what is taken back from the organization", () => {
    const sources = (change: object) => contractTerms({ ...place, sources: [grant(change)] }).sources;
    const who = "arn:aws:iam::*:role/replication/log-archive of organization 'o-a1b2c3d4e5'";
    deepStrictEqual(grantsTakenBack(sources({}), sources({ prefixPerAccount: true })), [
      `${who} may no longer write keys that do not begin with the id of its account`,
    ]);
    deepStrictEqual(grantsTakenBack(sources({}), sources({ paths })), [
      `${who} may no longer replicate at all`,
    ]);
    deepStrictEqual(grantsTakenBack(sources({ prefixPerAccount: true }), sources({})), []);
  });
});
