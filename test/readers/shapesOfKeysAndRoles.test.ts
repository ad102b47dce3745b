import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { isUnreadPolicy, unreadSentences } from "../../src/snapshot/unread";
import { onlyKey, onlyRole, read, SECRET, stateOf, type NewResource } from "./support";

const ROLE = "arn:aws:iam::111111111111:role/replicate";
const DOCUMENT = {
  Version: "2012-10-17",
  Statement: [{ Sid: "One", Effect: "Allow", Action: "*", Resource: "*" }],
};
const OTHER = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Two", Effect: "Allow", Action: "*", Resource: "*" }],
};

type Inputs = Record<string, unknown>;

describe("a key is read", () => {
  const ARN = "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555";
  const outputs = { arn: ARN, keyId: "11111111-2222-3333-4444-555555555555" };
  const key = { type: "aws:kms/key:Key", outputs, inputs: {} };

  it("with the policy that KMS gives it where it has none", () => {
    deepStrictEqual(onlyKey(read(stateOf(key))).policy, {
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [
        {
          Sid: "Enable IAM User Permissions",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111111111111:root" },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    });
  });

  it("with the policy that AWS has, where the program says none", () => {
    const written = stateOf({ ...key, outputs: { ...outputs, policy: JSON.stringify(OTHER) } });
    deepStrictEqual(onlyKey(read(written)).policy, OTHER);
  });

  it("with its own policy, its state, and whether it is in several Regions", () => {
    const inputs = { policy: JSON.stringify(DOCUMENT), isEnabled: false, multiRegion: true };
    const { policy, state, multiRegion } = onlyKey(read(stateOf({ ...key, inputs })));
    deepStrictEqual([policy, state, multiRegion], [DOCUMENT, "Disabled", true]);
  });

  for (const keyId of [ARN, outputs.keyId]) {
    it(`with the policy of a KeyPolicy: ${keyId.slice(0, 8)}`, () => {
      const written = stateOf(key, {
        type: "aws:kms/keyPolicy:KeyPolicy",
        inputs: { keyId, policy: JSON.stringify(DOCUMENT) },
      });
      deepStrictEqual(onlyKey(read(written)).policy, DOCUMENT);
    });
  }

  it("with its grants", () => {
    const written = stateOf(key, {
      type: "aws:kms/grant:Grant",
      inputs: {
        keyId: outputs.keyId,
        granteePrincipal: ROLE,
        operations: ["Decrypt"],
        constraints: [{ encryptionContextSubset: { "aws:s3:arn": "arn:aws:s3:::a" } }],
      },
    });
    deepStrictEqual(onlyKey(read(written)).grants, [
      {
        granteePrincipal: ROLE,
        operations: ["Decrypt"],
        constraints: { encryptionContextSubset: { "aws:s3:arn": "arn:aws:s3:::a" } },
      },
    ]);
  });

  it("as a replica in another Region, with the id of its primary", () => {
    const primaryKeyArn = "arn:aws:kms:us-east-1:111111111111:key/mrk-1234567890abcdef1234567890abcdef";
    const { keys } = read(stateOf({ type: "aws:kms/replicaKey:ReplicaKey", inputs: { primaryKeyArn } }));
    const [[arn, state] = []] = Object.entries(keys);
    strictEqual(arn, "arn:aws:kms:eu-west-1:111111111111:key/mrk-1234567890abcdef1234567890abcdef");
    deepStrictEqual([state?.region, state?.multiRegion, state?.state], ["eu-west-1", true, "Enabled"]);
  });

  it("of imported material, which is of no use before it is imported", () => {
    const type = "aws:kms/externalKey:ExternalKey";
    strictEqual(onlyKey(read(stateOf({ type, outputs, inputs: {} }))).state, "Disabled");
    const inputs = { keyMaterialBase64: "c2VjcmV0" };
    strictEqual(onlyKey(read(stateOf({ type, outputs, inputs }))).state, "Enabled");
  });

  it("of a kind with which S3 does not encrypt, so that nobody can tell whether it does", () => {
    const inputs = { customerMasterKeySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" };
    deepStrictEqual(onlyKey(read(stateOf({ ...key, inputs }))).unread, ["state"]);
    const usual = { customerMasterKeySpec: "SYMMETRIC_DEFAULT" };
    strictEqual(onlyKey(read(stateOf({ ...key, inputs: usual }))).unread, undefined);
  });

  it("as unread where its policy is a secret", () => {
    const { policy, unread } = onlyKey(read(stateOf({ ...key, inputs: { policy: SECRET } })));
    ok(isUnreadPolicy(policy));
    deepStrictEqual(unread, ["policy"]);
  });
});

describe("policies of a role are read", () => {
  const role = (inputs: Inputs = {}) => ({
    type: "aws:iam/role:Role",
    id: "replicate",
    outputs: { arn: ROLE },
    inputs: { name: "replicate", assumeRolePolicy: JSON.stringify(DOCUMENT), ...inputs },
  });
  const ARN = "arn:aws:iam::111111111111:policy/replicate";
  const managed = {
    type: "aws:iam/policy:Policy",
    id: ARN,
    outputs: { arn: ARN },
    inputs: { policy: JSON.stringify(DOCUMENT) },
  };
  const roleOf = (...resources: readonly NewResource[]) => onlyRole(read(stateOf(...resources)));

  it("from RolePolicy, as JSON and as an object", () => {
    for (const policy of [DOCUMENT, JSON.stringify(DOCUMENT)]) {
      const written = {
        type: "aws:iam/rolePolicy:RolePolicy",
        id: "replicate:s3",
        inputs: { role: "replicate", policy },
      };
      const { policies, policyNames } = roleOf(role(), written);
      deepStrictEqual([policies, policyNames], [[DOCUMENT], ["s3"]]);
    }
  });

  it("from the role itself", () => {
    const { policies, policyNames } = roleOf(
      role({ inlinePolicies: [{ name: "one", policy: JSON.stringify(DOCUMENT) }, { name: "none" }] }),
    );
    deepStrictEqual([policies, policyNames], [[DOCUMENT], ["one"]]);
  });

  for (const [what, resource] of [
    [
      "RolePolicyAttachment",
      {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs: { role: "replicate", policyArn: ARN },
      },
    ],
    [
      "PolicyAttachment",
      { type: "aws:iam/policyAttachment:PolicyAttachment", inputs: { roles: ["replicate"], policyArn: ARN } },
    ],
  ] as const) {
    it(`from ${what}, wherever the policy stands`, () => {
      const { policies, policyNames, unread } = roleOf(role(), resource, managed);
      deepStrictEqual([policies, policyNames, unread], [[DOCUMENT], ["replicate"], undefined]);
    });
    it(`from ${what}, across stacks`, () => {
      const { policies } = onlyRole(read(stateOf(role(), resource), stateOf(managed)));
      deepStrictEqual(policies, [DOCUMENT]);
    });
  }

  it("from managedPolicyArns", () => {
    const { policies } = roleOf(role({ managedPolicyArns: [ARN] }), managed);
    deepStrictEqual(policies, [DOCUMENT]);
  });

  it("as AWS publishes it where AWS manages the policy", () => {
    const { policies, unread } = roleOf(
      role({ managedPolicyArns: ["arn:aws-cn:iam::aws:policy/AmazonS3FullAccess"] }),
    );
    deepStrictEqual(policies, [
      {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:*", "s3-object-lambda:*"], Resource: "*" }],
      },
    ]);
    strictEqual(unread, undefined);
  });

  it("as unread where AWS manages the policy, and it is not known here", () => {
    const { policies, unread } = roleOf(
      role({ managedPolicyArns: ["arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup"] }),
    );
    ok(isUnreadPolicy(policies[0]));
    deepStrictEqual(unread, ["policy AWSBackupServiceRolePolicyForS3Backup"]);
  });

  it("as the boundary", () => {
    deepStrictEqual(roleOf(role({ permissionsBoundary: ARN }), managed).boundary, DOCUMENT);
    const { boundary, unread } = roleOf(role({ permissionsBoundary: ARN }));
    ok(isUnreadPolicy(boundary));
    deepStrictEqual(unread, ["boundary"]);
    strictEqual(roleOf(role()).boundary, null);
  });

  it("as the trust policy", () => deepStrictEqual(roleOf(role()).trust, DOCUMENT));
});

describe("policies of an organization are read", () => {
  const policy = (type?: string) => ({
    type: "aws:organizations/policy:Policy",
    id: "p-12345678",
    inputs: { content: JSON.stringify(DOCUMENT), type },
  });
  const attached = (targetId: string) => ({
    type: "aws:organizations/policyAttachment:PolicyAttachment",
    inputs: { policyId: "p-12345678", targetId },
  });
  const plainBucket = { type: "aws:s3/bucket:Bucket", id: "a", inputs: {} };

  it("as one of several of an account, of which the others are unread", () => {
    const { accounts } = read(stateOf(policy(), attached("111111111111")));
    const [level = [], ...others] = accounts["111111111111"]?.scps ?? [];
    deepStrictEqual([level[0], isUnreadPolicy(level[1]), others], [DOCUMENT, true, []]);
    strictEqual(accounts["111111111111"]?.rcps, undefined);
  });

  it("as unread where they are attached to a unit, which may hold any account", () => {
    const { accounts } = read(
      stateOf(plainBucket, policy("RESOURCE_CONTROL_POLICY"), attached("ou-ab12-cdef3456")),
    );
    const [level = []] = accounts["111111111111"]?.rcps ?? [];
    deepStrictEqual(level.map(isUnreadPolicy), [true]);
    strictEqual(accounts["111111111111"]?.scps, undefined);
  });

  it("but not those that have nothing to do with access", () => {
    const { accounts } = read(stateOf(policy("TAG_POLICY"), attached("111111111111")));
    deepStrictEqual(accounts, {});
  });
});

describe("what is unread", () => {
  it("is told of what takes part in a replication only", () => {
    const snapshot = read(stateOf({ type: "aws:s3/bucket:Bucket", id: "a", inputs: { policy: SECRET } }));
    deepStrictEqual(unreadSentences(snapshot), []);
  });
});
