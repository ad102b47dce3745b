import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import { isUnreadPolicy, unreadSentences } from "../../../src/snapshot/unread";
import { rehearse } from "../../../src/rehearsal/rehearse";
import {
  bucket,
  find,
  onlyKey,
  onlyRole,
  previewOf,
  readPreview,
  state,
  stateOf,
  UNKNOWN,
  type WrittenState,
  type NewResource,
} from "../support";

const URN = "urn:pulumi:test::test::";
const BUCKET = { type: "aws:s3/bucket:Bucket", name: "it", inputs: { bucket: "it-1234567" } };
const KEY = { type: "aws:kms/key:Key", name: "it", inputs: {} };
const ROLE = {
  type: "aws:iam/role:Role",
  name: "it",
  inputs: { name: "it-7654321", assumeRolePolicy: "{}" },
};

const from = (...types: readonly string[]) => types.map((type) => `${URN}${type}::it`);

const setting = (type: string, inputs: Record<string, unknown>, sources: Record<string, string[]>) => ({
  type,
  name: "setting",
  inputs,
  propertyDependencies: sources,
});

const first = (...resources: readonly NewResource[]) =>
  readPreview(previewOf(stateOf(...resources), "create"));

describe("a preview of a deployed stack in which nothing changes", () => {
  it("makes the snapshot that its state makes", () => {
    const { buckets } = readPreview(previewOf(state("vault"), "same"));
    strictEqual(bucket({ accounts: {}, buckets, keys: {} }, "northwind-vault").versioning, "Enabled");
    deepStrictEqual(bucket({ accounts: {}, buckets, keys: {} }, "northwind-vault").unread, undefined);
  });

  it("is refused where it leaves resources out, and says how they are shown", () => {
    const preview = previewOf(state("vault"), "same") as { steps: unknown[] };
    preview.steps.splice(3, 2);
    throws(() => readPreview(preview), {
      name: "InvalidInputError",
      message:
        "--preview it.json: it must show every resource, and leaves out 2 with the operation 'same'; run 'pulumi preview --json --show-sames --show-reads'",
    });
  });

  it("has no more what is deleted, and the new one of what is replaced", () => {
    const written = state("vault");
    const preview = previewOf(written, "same") as {
      steps: { op: string; urn: string; newState?: { inputs: Record<string, unknown> } }[];
      changeSummary: Record<string, number>;
    };
    const policy = preview.steps.find(({ urn }) => urn === find(written, "BucketPolicy").urn);
    ok(policy !== undefined);
    preview.steps.push({ ...policy, op: "delete", newState: undefined });
    policy.op = "discard";
    preview.changeSummary.same = 0;
    strictEqual(bucket(readPreview(preview), "northwind-vault").policy, null);
  });
});

describe("a preview of a first deployment", () => {
  it("knows a bucket by its name, and its account and Region by its provider", () => {
    const { account, region, ownership } = bucket(first(BUCKET), "it-1234567");
    deepStrictEqual([account, region, ownership], ["111111111111", "eu-west-1", "BucketOwnerEnforced"]);
  });

  it("gives a setting to the bucket that it can only be of", () => {
    const snapshot = first(
      BUCKET,
      setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        { bucket: UNKNOWN, versioningConfiguration: { status: "Enabled" } },
        { bucket: from(BUCKET.type) },
      ),
    );
    const { versioning, unread } = bucket(snapshot, "it-1234567");
    deepStrictEqual([versioning, unread], ["Enabled", undefined]);
  });

  it("leaves a setting unread where it may be of either of two buckets", () => {
    const snapshot = first(
      BUCKET,
      { ...BUCKET, name: "other", inputs: { bucket: "other-1234567" } },
      setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        { bucket: UNKNOWN, versioningConfiguration: { status: "Enabled" } },
        { bucket: [...from(BUCKET.type), `${URN}${BUCKET.type}::other`] },
      ),
    );
    for (const name of ["it-1234567", "other-1234567"]) {
      const { versioning, unread } = bucket(snapshot, name);
      deepStrictEqual([versioning, unread], ["Enabled", ["versioning"]]);
    }
  });

  it("leaves a policy unread that is not known, where it is known whose it is", () => {
    const snapshot = first(
      BUCKET,
      KEY,
      ROLE,
      setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        { bucket: UNKNOWN, policy: UNKNOWN },
        { bucket: from(BUCKET.type), policy: from(ROLE.type, BUCKET.type) },
      ),
      setting(
        "aws:kms/keyPolicy:KeyPolicy",
        { keyId: UNKNOWN, policy: UNKNOWN },
        { keyId: from(KEY.type), policy: from(ROLE.type) },
      ),
      setting(
        "aws:iam/rolePolicy:RolePolicy",
        { role: UNKNOWN, policy: UNKNOWN, name: "s3" },
        { role: from(ROLE.type), policy: from(BUCKET.type) },
      ),
    );
    ok(isUnreadPolicy(bucket(snapshot, "it-1234567").policy));
    ok(isUnreadPolicy(onlyKey(snapshot).policy));
    const { policies, policyNames } = onlyRole(snapshot);
    deepStrictEqual([policies.map(isUnreadPolicy), policyNames], [[true], ["s3"]]);
  });

  it("leaves policies unread where it is not known whose they are", () => {
    const snapshot = first(
      BUCKET,
      KEY,
      ROLE,
      setting("aws:s3/bucketPolicy:BucketPolicy", { bucket: UNKNOWN, policy: "{}" }, {}),
      setting("aws:kms/keyPolicy:KeyPolicy", { keyId: UNKNOWN, policy: "{}" }, {}),
      setting("aws:iam/rolePolicy:RolePolicy", { role: UNKNOWN, policy: "{}", name: "s3" }, {}),
    );
    ok(isUnreadPolicy(bucket(snapshot, "it-1234567").policy));
    ok(isUnreadPolicy(onlyKey(snapshot).policy));
    deepStrictEqual(onlyRole(snapshot).policies.map(isUnreadPolicy), [true]);
  });

  it("knows the key and the role of a bucket by where they come from", () => {
    const rules = [
      {
        id: "all",
        status: "Enabled",
        prefix: "",
        destination: { bucket: "arn:aws:s3:::b", encryptionConfiguration: { replicaKmsKeyId: UNKNOWN } },
      },
    ];
    const snapshot = first(
      BUCKET,
      KEY,
      ROLE,
      setting(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        { bucket: UNKNOWN, role: UNKNOWN, rules },
        { bucket: from(BUCKET.type), role: from(ROLE.type), rules: from(KEY.type) },
      ),
    );
    const { replication } = bucket(snapshot, "it-1234567");
    const [keyArn] = Object.keys(snapshot.keys);
    strictEqual(replication?.Role, "arn:aws:iam::111111111111:role/it-7654321");
    strictEqual(replication?.Rules[0]?.Destination.EncryptionConfiguration?.ReplicaKmsKeyID, keyArn);
  });

  it("leaves a replication configuration unread where any part of it is not known", () => {
    const snapshot = first(
      BUCKET,
      setting(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        { bucket: UNKNOWN, role: UNKNOWN, rules: [] },
        { bucket: from(BUCKET.type), role: ["urn:pulumi:test::test::other:index:Thing::it"] },
      ),
    );
    deepStrictEqual(unreadSentences(snapshot), [
      "'replication' of the bucket arn:aws:s3:::it-1234567 could not be read",
    ]);
    strictEqual(rehearse(snapshot).verdict, "unproven");
  });

  it("leaves a secret unread", () => {
    const snapshot = first({ ...BUCKET, inputs: { bucket: "it-1234567", policy: "[secret]" } });
    ok(isUnreadPolicy(bucket(snapshot, "it-1234567").policy));
  });

  it("has the Region and the account of the stack's configuration where there is no provider", () => {
    const written: WrittenState = stateOf(BUCKET);
    const preview = previewOf(written, "create") as { steps: { newState: { provider?: string } }[] };
    preview.steps.splice(0, 1);
    for (const { newState } of preview.steps) delete newState.provider;
    const config = { "aws:region": "ap-south-1", "aws:allowedAccountIds": '["123456789012"]' };
    const { account, region } = bucket(readPreview({ ...(preview as object), config }), "it-1234567");
    deepStrictEqual([account, region], ["123456789012", "ap-south-1"]);
  });
});

describe("a preview that is none is refused", () => {
  for (const [what, value, message] of [
    [
      "a state",
      { version: 3, deployment: {} },
      "--preview it.json: 'steps' must be a list of steps, as 'pulumi preview --json' prints it, got nothing",
    ],
    [
      "a step without an operation",
      { steps: [{}] },
      "--preview it.json: 'steps[0].op' must be the name of an operation, got nothing",
    ],
    [
      "a number",
      7,
      "--preview it.json: it must be an object with 'steps', as 'pulumi preview --json' prints it, got 7",
    ],
  ] as const) {
    it(what, () => throws(() => readPreview(value), { name: "InvalidInputError", message }));
  }
});
