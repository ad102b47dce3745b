import { deepStrictEqual, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import type { ReplicationSourceGrant } from "../../src";
import { destinationArgs, keyArn, newDestination } from "../support/pairs";
import { accountProvider, deploy, type StatementJson } from "../support/program";

const OVERRIDE = "s3:ObjectOwnerOverrideToBucketOwner";

/** The statements for the sources in the bucket policy and in the key policy. */
async function statementsFor(sources: ReplicationSourceGrant[]) {
  const made = await deploy(() => void newDestination(destinationArgs({ sources })));
  const [tls, ...bucket] = made.document("archive-policy").Statement;
  const [administer, ...key] = made.document("archive-key").Statement;
  deepStrictEqual([tls?.Sid, administer?.Sid], ["DenyInsecureTransport", "AdministerKey"]);
  return { bucket, key };
}

describe("the policies of a destination", () => {
  it("let the named role of the source's account write replicas into the bucket", async () => {
    const { bucket } = await statementsFor([{ accountId: "111111111111" }]);
    deepStrictEqual(bucket, [
      {
        Sid: "ReplicateFrom111111111111",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: ["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
        Resource: "arn:aws:s3:::orders-replicas/*",
        Condition: {
          ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/s3-replication" },
        },
      },
    ]);
  });

  it("let it use the key through S3 in this Region, for this bucket's objects, with and without Bucket Keys", async () => {
    const { key } = await statementsFor([{ accountId: "111111111111" }]);
    deepStrictEqual(key, [
      {
        Sid: "ReplicateFrom111111111111",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
        Resource: "*",
        Condition: {
          ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/s3-replication" },
          StringEquals: {
            "kms:CallerAccount": "111111111111",
            "kms:ViaService": "s3.eu-central-1.amazonaws.com",
          },
          StringLike: {
            "kms:EncryptionContext:aws:s3:arn": [
              "arn:aws:s3:::orders-replicas",
              "arn:aws:s3:::orders-replicas/*",
            ],
          },
        },
      },
    ]);
  });

  it("name the role's path", async () => {
    const { bucket, key } = await statementsFor([
      { accountId: "111111111111", roleName: "repl", rolePath: "/a/b/" },
    ]);
    for (const [statement] of [bucket, key]) {
      deepStrictEqual(statement?.Condition?.ArnEquals, {
        "aws:PrincipalArn": "arn:aws:iam::111111111111:role/a/b/repl",
      });
    }
  });

  const grants: [string, Partial<ReplicationSourceGrant>, string[]][] = [
    [
      "delete markers where they are granted",
      { deleteMarkerReplication: true },
      ["s3:ReplicateDelete", OVERRIDE],
    ],
    ["no delete markers where they are refused", { deleteMarkerReplication: false }, [OVERRIDE]],
    ["no owner override where it is refused", { ownerOverride: false }, []],
    [
      "both where both are granted",
      { deleteMarkerReplication: true, ownerOverride: true },
      ["s3:ReplicateDelete", OVERRIDE],
    ],
    ["no owner override within one account", { accountId: "222222222222" }, []],
    [
      "owner override within one account where it is asked for",
      { accountId: "222222222222", ownerOverride: true },
      [OVERRIDE],
    ],
  ];
  for (const [what, grant, actions] of grants) {
    it(`grant ${what}`, async () => {
      const { bucket } = await statementsFor([{ accountId: "111111111111", ...grant }]);
      deepStrictEqual(bucket[0]?.Action, ["s3:ReplicateObject", "s3:ReplicateTags", ...actions]);
    });
  }

  it("keep the grants of several sources apart, also of two roles of one account", async () => {
    const { bucket, key } = await statementsFor([
      { accountId: "111111111111", deleteMarkerReplication: true },
      { accountId: "333333333333", ownerOverride: false },
      { accountId: "111111111111", roleName: "second" },
    ]);
    deepStrictEqual(bucket.map(principalArn), [
      "arn:aws:iam::111111111111:role/s3-replication",
      "arn:aws:iam::333333333333:role/s3-replication",
      "arn:aws:iam::111111111111:role/second",
    ]);
    deepStrictEqual(
      bucket.map((statement) => [
        statement.Action.includes("s3:ReplicateDelete"),
        statement.Action.includes(OVERRIDE),
      ]),
      [
        [true, true],
        [false, false],
        [false, true],
      ],
    );
    deepStrictEqual(key.map(principalArn), bucket.map(principalArn));
    deepStrictEqual(
      key.map((statement) => statement.Condition?.StringEquals?.["kms:CallerAccount"]),
      ["111111111111", "333333333333", "111111111111"],
    );
    for (const statements of [bucket, key]) {
      const sids = statements.map(({ Sid }) => Sid);
      strictEqual(new Set(sids).size, 3, sids.join());
    }
  });
});

describe("a destination with a key that is given", () => {
  const given = keyArn("222222222222", "eu-central-1");

  for (const [form, keyArn] of Object.entries({ text: given, Output: pulumi.output(given) })) {
    it(`says which statements the key policy must have (${form})`, async () => {
      const made = await deploy(() => {
        const destination = newDestination(destinationArgs({ encryption: { keyArn } }));
        return { required: destination.requiredKeyPolicyStatements, contract: destination.contract };
      });
      const { key } = await statementsFor([{ accountId: "111111111111" }]);
      const outputs = made.outputs("stack") as { required: string; contract: { keyArn: string } };
      deepStrictEqual(JSON.parse(outputs.required), key);
      strictEqual(outputs.contract.keyArn, given);
    });
  }
});

describe("a destination for roles that exist", () => {
  it("names the role itself where that is asked for, which the accounts then must have", async () => {
    const role = "arn:aws:iam::222222222222:role/s3-replication";
    const { bucket, key } = await deployWithRole([{ accountId: "222222222222", principal: "Role" }]);
    for (const [statement] of [bucket, key]) {
      deepStrictEqual(statement?.Principal, { AWS: role });
      strictEqual(statement?.Condition?.ArnEquals, undefined);
    }
    strictEqual(key[0]?.Condition?.StringEquals?.["kms:CallerAccount"], "222222222222");
  });
});

async function deployWithRole(sources: ReplicationSourceGrant[]) {
  const made = await deploy(() => {
    const provider = accountProvider("222222222222", "eu-central-1", "role-account");
    const role = new Role("role", { name: "s3-replication", assumeRolePolicy: "{}" }, { provider });
    newDestination(destinationArgs({ sources }), "archive", { dependsOn: role });
  });
  const [, ...bucket] = made.document("archive-policy").Statement;
  const [, ...key] = made.document("archive-key").Statement;
  return { bucket, key };
}

function principalArn(statement: StatementJson) {
  return statement.Condition?.ArnEquals?.["aws:PrincipalArn"];
}
