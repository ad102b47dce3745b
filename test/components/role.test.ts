import { deepStrictEqual, strictEqual } from "node:assert";
import type { ReplicationRule, ReplicationSourceArgs } from "../../src";
import {
  contract,
  deploySource,
  grantTo,
  keyArn,
  newSource,
  REPLICA_KEY,
  sourceArgs,
} from "../support/pairs";
import type { Deployment, StatementJson } from "../support/program";

const READ = ["ReadSourceBucket", "ReadSourceObjects", "ReadSourceTags"];

async function roleOf(change: Partial<ReplicationSourceArgs> = {}) {
  const made = await deploySource(() => void newSource(sourceArgs(change)));
  const has = (name: string) => made.registrations.some((registration) => registration.name === name);
  return {
    made,
    s3: made.document("orders-role-s3").Statement,
    kms: has("orders-role-kms") ? made.document("orders-role-kms").Statement : [],
  };
}

const withRules = (...rules: Partial<ReplicationRule>[]) =>
  roleOf({ rules: rules.map((rule, index) => ({ id: `rule-${index}`, ...rule })) });

const sids = (statements: readonly StatementJson[]) => statements.map(({ Sid }) => Sid);
const resources = (statements: readonly StatementJson[], sid: string) =>
  statements.find(({ Sid }) => Sid === sid)?.Resource;

describe("the replication role", () => {
  it("is trusted by S3 alone", async () => {
    const { made } = await roleOf();
    deepStrictEqual(made.document("orders-role", "assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowS3ToReplicate",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
  });

  it("has the name and path that the destination was told", async () => {
    const sources = [grantTo("arn:aws:iam::111111111111:role/a/b/repl")];
    const { made } = await roleOf({
      roleName: "repl",
      rolePath: "/a/b/",
      destinations: { replicas: { contract: contract({ sources }) } },
    });
    const { name, path } = made.inputs("orders-role");
    deepStrictEqual([name, path], ["repl", "/a/b/"]);
    strictEqual(made.inputs("orders-replication").role, "arn:aws:iam::111111111111:role/a/b/repl");
  });

  it("may do exactly this for a plain rule", async () => {
    const { s3, kms, made } = await roleOf();
    const [sourceKey] = Object.keys(made.snapshot.keys);
    const allow = (Sid: string, Action: string | string[], Resource: unknown, Condition?: object) =>
      Condition === undefined
        ? { Sid, Effect: "Allow", Action, Resource }
        : { Sid, Effect: "Allow", Action, Resource, Condition };
    deepStrictEqual(s3, [
      allow("ReadSourceBucket", ["s3:GetReplicationConfiguration", "s3:ListBucket"], "arn:aws:s3:::orders"),
      allow(
        "ReadSourceObjects",
        [
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionAnnotationForReplication",
        ],
        "arn:aws:s3:::orders/*",
      ),
      allow("ReadSourceTags", "s3:GetObjectVersionTagging", "arn:aws:s3:::orders/*"),
      allow("WriteReplicas", ["s3:ReplicateObject", "s3:ReplicateTags"], "arn:aws:s3:::orders-replicas/*"),
      allow("GiveOwnership", "s3:ObjectOwnerOverrideToBucketOwner", "arn:aws:s3:::orders-replicas/*"),
    ]);
    deepStrictEqual(kms, [
      allow("ReadSourceKeys", ["kms:Decrypt", "kms:GenerateDataKey"], sourceKey, {
        StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
        StringLike: {
          "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
        },
      }),
      allow("EncryptReplicas", ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], REPLICA_KEY, {
        StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
        StringLike: {
          "kms:EncryptionContext:aws:s3:arn": [
            "arn:aws:s3:::orders-replicas",
            "arn:aws:s3:::orders-replicas/*",
          ],
        },
      }),
    ]);
  });

  /** Which statements follow from a rule, beside the reading of the source. */
  const features: [string, Partial<ReplicationRule>, string[], string[]][] = [
    ["nothing special", {}, ["WriteReplicas", "GiveOwnership"], ["ReadSourceKeys", "EncryptReplicas"]],
    [
      "delete markers",
      { deleteMarkerReplication: true },
      ["WriteReplicas", "WriteDeleteMarkers", "GiveOwnership"],
      ["ReadSourceKeys", "EncryptReplicas"],
    ],
    ["no owner override", { ownerOverride: false }, ["WriteReplicas"], ["ReadSourceKeys", "EncryptReplicas"]],
    ["no SSE-KMS objects", { sseKmsEncryptedObjects: false }, ["WriteReplicas", "GiveOwnership"], []],
  ];
  for (const [what, rule, write, keys] of features) {
    it(`gets the statements for a rule with ${what}, and no more`, async () => {
      const { s3, kms } = await withRules(rule);
      deepStrictEqual(sids(s3), [...READ, ...write]);
      deepStrictEqual(sids(kms), keys);
    });
  }

  it("reads Object Lock where the source bucket has it", async () => {
    const locked = { replicas: { contract: contract({ objectLockEnabled: true }) } };
    const { s3 } = await roleOf({ objectLockEnabled: true, destinations: locked });
    deepStrictEqual(sids(s3), [...READ, "ReadSourceObjectLock", "WriteReplicas", "GiveOwnership"]);
    deepStrictEqual(s3[3], {
      Sid: "ReadSourceObjectLock",
      Effect: "Allow",
      Action: ["s3:GetObjectRetention", "s3:GetObjectLegalHold"],
      Resource: "arn:aws:s3:::orders/*",
    });
  });

  it("gets nothing for rules that are off but the reading of the configuration", async () => {
    const { s3, kms } = await withRules({ enabled: false, deleteMarkerReplication: true });
    deepStrictEqual(sids(s3), ["ReadSourceBucket"]);
    deepStrictEqual(kms, []);
  });

  it("gets delete markers only where the rule that asks for them writes", async () => {
    const { s3 } = await withRules(
      { prefix: "a/", deleteMarkerReplication: true },
      { prefix: "b/", ownerOverride: false },
      { prefix: "c/", deleteMarkerReplication: true, enabled: false },
    );
    deepStrictEqual(resources(s3, "WriteDeleteMarkers"), "arn:aws:s3:::orders-replicas/a/*");
    deepStrictEqual(resources(s3, "GiveOwnership"), "arn:aws:s3:::orders-replicas/a/*");
    deepStrictEqual(resources(s3, "WriteReplicas"), [
      "arn:aws:s3:::orders-replicas/a/*",
      "arn:aws:s3:::orders-replicas/b/*",
    ]);
  });

  /** Prefixes of rules, and the objects that statements then name. */
  const prefixes: [string, string[], string | string[]][] = [
    ["one prefix", ["a/"], "arn:aws:s3:::orders/a/*"],
    ["several, sorted", ["b/", "a/"], ["arn:aws:s3:::orders/a/*", "arn:aws:s3:::orders/b/*"]],
    ["a prefix that another covers", ["a/", "a/b/"], "arn:aws:s3:::orders/a/*"],
    ["the same prefix twice", ["a/", "a/"], "arn:aws:s3:::orders/a/*"],
    ["a prefix that all keys cover", ["a/", ""], "arn:aws:s3:::orders/*"],
    [
      "prefixes that only look alike",
      ["a/", "ab", "a-"],
      ["arn:aws:s3:::orders/a-*", "arn:aws:s3:::orders/a/*", "arn:aws:s3:::orders/ab*"],
    ],
    ["an asterisk in a prefix", ["a*/"], "arn:aws:s3:::orders/a${*}/*"],
    ["a question mark in a prefix", ["a?/"], "arn:aws:s3:::orders/a${?}/*"],
    ["a dollar sign in a prefix", ["a$/"], "arn:aws:s3:::orders/a${$}/*"],
    ["a policy variable in a prefix", ["${aws:username}/"], "arn:aws:s3:::orders/${$}{aws:username}/*"],
    ["a prefix outside ASCII", ["größe/"], "arn:aws:s3:::orders/größe/*"],
  ];
  for (const [what, given, expected] of prefixes) {
    it(`names objects under ${what}`, async () => {
      const { s3, kms } = await withRules(...given.map((prefix) => ({ prefix })));
      deepStrictEqual(resources(s3, "ReadSourceObjects"), expected);
      deepStrictEqual(
        kms[0]?.Condition?.StringLike?.["kms:EncryptionContext:aws:s3:arn"],
        ["arn:aws:s3:::orders", expected].flat(),
      );
    });
  }

  it("reads objects under additional keys too", async () => {
    const other = keyArn("111111111111", "eu-west-1");
    const { kms, made } = await roleOf({ additionalSourceKeyArns: [other] });
    deepStrictEqual(resources(kms, "ReadSourceKeys"), [ownKey(made), other]);
  });

  it("has no key to read with an SSE-S3 bucket, unless additional keys are given", async () => {
    const encryption = { algorithm: "AES256" };
    const { kms } = await roleOf({ encryption });
    deepStrictEqual(kms, []);
    const other = keyArn("111111111111", "eu-west-1");
    const more = await roleOf({ encryption, additionalSourceKeyArns: [other] });
    deepStrictEqual(sids(more.kms), ["ReadSourceKeys", "EncryptReplicas"]);
    deepStrictEqual(resources(more.kms, "ReadSourceKeys"), other);
  });

  it("uses the replica key of each rule for the objects of that rule", async () => {
    const special = REPLICA_KEY.replace("key/1", "key/2");
    const { kms } = await withRules({ prefix: "a/" }, { prefix: "b/", replicaKmsKeyArn: special });
    deepStrictEqual(
      kms.slice(1).map(({ Sid, Resource, Condition }) => [Sid, Resource, Condition?.StringLike]),
      [
        ["EncryptReplicas", REPLICA_KEY, encryptionContext("a/*")],
        ["EncryptReplicas2", special, encryptionContext("b/*")],
      ],
    );
  });
});

const ownKey = (made: Deployment) => Object.keys(made.snapshot.keys)[0];

function encryptionContext(objects: string) {
  const bucketArn = "arn:aws:s3:::orders-replicas";
  return { "kms:EncryptionContext:aws:s3:arn": [bucketArn, `${bucketArn}/${objects}`] };
}
