import * as assert from "node:assert/strict";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { RoleState, Snapshot } from "../../src/snapshot/snapshot";
import {
  allow,
  allowing,
  bucket,
  DESTINATION,
  objectsOf,
  OTHER_ACCOUNT,
  OVERRIDE,
  policy,
  REPLICA_KEY,
  replicaKeyPolicy,
  ROLE,
  ROLE_STATEMENTS,
  ROLE_WITHOUT_KMS,
  rolePolicy,
  root,
  S3_THERE,
  setUp,
  setUpWithoutKms,
  SOURCE,
  SOURCE_ACCOUNT,
  SOURCE_KEY,
  SOURCE_REGION,
  throughS3,
  trusting,
  WRITE,
} from "../proof/setUp";

const others = (snapshot: Snapshot) =>
  rehearse(snapshot).otherGrants.map(({ where, principal, grant }) => `${where}: ${grant} to ${principal}`);
const unused = (snapshot: Snapshot) => rehearse(snapshot).unusedGrants.map(({ grant }) => grant);
const usual = allowing(ROLE, [...WRITE, OVERRIDE], objectsOf(DESTINATION));

describe("who else is let in", () => {
  it("is nobody in a set-up of its own", () => {
    assert.deepEqual(others(setUp()), []);
  });

  const trusts: [about: string, principal: unknown, told: string][] = [
    ["anybody", { AWS: "*" }, "*"],
    ["another account", { AWS: root(OTHER_ACCOUNT) }, root(OTHER_ACCOUNT)],
    [
      "another account's role",
      { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:role/x` },
      `arn:aws:iam::${OTHER_ACCOUNT}:role/x`,
    ],
    ["another service", { Service: "lambda.amazonaws.com" }, "lambda.amazonaws.com"],
    [
      "an identity provider",
      { Federated: "cognito-identity.amazonaws.com" },
      "cognito-identity.amazonaws.com",
    ],
  ];
  for (const [about, Principal, told] of trusts) {
    it(`is ${about} by the trust of the role`, () => {
      const trust = trusting("s3.amazonaws.com");
      const more = { Effect: "Allow", Action: "sts:AssumeRole", Principal };
      assert.deepEqual(others(setUp({ trust: policy(...trust.Statement, more) })), [
        `trust policy: sts:AssumeRole to ${told}`,
      ]);
    });
  }

  it("is neither the account's own people nor the service of batch jobs", () => {
    const trust = trusting(["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]);
    const own = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: root(SOURCE_ACCOUNT) } };
    assert.deepEqual(others(setUp({ trust: policy(...trust.Statement, own) })), []);
  });

  it("is whoever an Allow with NotPrincipal or NotAction leaves", () => {
    const all = {
      Effect: "Allow",
      NotPrincipal: { AWS: root(OTHER_ACCOUNT) },
      Action: "s3:GetObject",
      Resource: objectsOf(DESTINATION),
    };
    assert.deepEqual(others(setUp({ bucketPolicy: policy(usual, all) })), [
      "destination bucket policy: s3:GetObject to everybody but the NotPrincipal",
    ]);
    const most = {
      Effect: "Allow",
      Principal: { AWS: OTHER_ACCOUNT },
      NotAction: "s3:DeleteBucket",
      Resource: objectsOf(DESTINATION),
    };
    assert.deepEqual(others(setUp({ bucketPolicy: policy(usual, most) })), [
      `destination bucket policy: everything but s3:DeleteBucket to ${OTHER_ACCOUNT}`,
    ]);
  });

  it("is a service that the destination's policies name", () => {
    const logs = {
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: objectsOf(DESTINATION),
    };
    assert.deepEqual(others(setUp({ bucketPolicy: policy(usual, logs) })), [
      "destination bucket policy: s3:PutObject to logging.s3.amazonaws.com",
    ]);
  });

  it("is another account by a grant of either key, and not the role or the key's own account", () => {
    const grant = (granteePrincipal: string) => ({ granteePrincipal, operations: ["Decrypt"] });
    const grants = [grant(OTHER_ACCOUNT), grant(`arn:aws:iam::${OTHER_ACCOUNT}:role/x`), grant(ROLE)];
    assert.deepEqual(others(setUp({ replicaKey: { grants } })), [
      `destination key policy: kms:Decrypt to ${OTHER_ACCOUNT}`,
      `destination key policy: kms:Decrypt to arn:aws:iam::${OTHER_ACCOUNT}:role/x`,
    ]);
    assert.deepEqual(
      others(setUp({ sourceKey: { grants: [grant(OTHER_ACCOUNT), grant(root(SOURCE_ACCOUNT))] } })),
      [`source key policy: kms:Decrypt to ${OTHER_ACCOUNT}`],
    );
  });
});

describe("what the role needs", () => {
  it("is less than an Allow with NotAction in the bucket policy", () => {
    const most = { ...usual, Action: undefined, NotAction: "s3:DeleteBucket" };
    assert.deepEqual(
      unused(setUp({ bucketPolicy: policy(JSON.parse(JSON.stringify(most)) as typeof usual) })),
      ["NotAction"],
    );
  });

  /** One role for live replication and for a job of the same bucket. */
  function shared(more: readonly string[]): Snapshot {
    const REPORTS = "arn:aws:s3:::acme-job-reports";
    const snapshot = setUpWithoutKms({
      trust: trusting(["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]),
      rolePolicies: [
        ROLE_WITHOUT_KMS,
        policy(
          allow("s3:InitiateReplication", objectsOf(SOURCE)),
          allow("s3:PutInventoryConfiguration", SOURCE),
          allow([...more, "s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"], objectsOf(REPORTS)),
        ),
      ],
      buckets: { [REPORTS]: bucket(SOURCE_ACCOUNT, SOURCE_REGION, { encryption: { algorithm: "AES256" } }) },
    });
    const source = snapshot.buckets[SOURCE];
    assert.ok(source !== undefined);
    source.batchReplication = { role: ROLE, manifestBucket: REPORTS, reportBucket: REPORTS };
    return snapshot;
  }

  it("is what live replication or its batch jobs need, where one role serves both", () => {
    assert.deepEqual(unused(shared([])), []);
    assert.equal(unused(shared(["s3:DeleteObject"])).length, 1);
  });

  it("is not what a job of another role needs", () => {
    const snapshot = shared([]);
    const other = `${ROLE}-jobs`;
    const { roles } = snapshot.accounts[SOURCE_ACCOUNT] ?? { roles: {} };
    roles[other] = JSON.parse(JSON.stringify(roles[ROLE])) as RoleState;
    const source = snapshot.buckets[SOURCE];
    assert.ok(source?.batchReplication !== undefined);
    source.batchReplication = { ...source.batchReplication, role: other };
    assert.ok(unused(snapshot).some((grant) => grant.startsWith("s3:InitiateReplication")));
  });

  it("is what the rules take, whatever objects a snapshot lists", () => {
    const listed = setUp({ objects: [{ key: "a", encryption: { algorithm: "AES256" } }] });
    assert.deepEqual(unused(listed), []);
  });

  it("is said in AWS's own wording, too", () => {
    const actions = ["kms:Encrypt", "kms:GenerateDataKey*", "kms:Decrypt"];
    const context = throughS3(S3_THERE, DESTINATION);
    const snapshot = (words: readonly string[]) =>
      setUp({
        rolePolicies: [rolePolicy({ replicaKey: allow(words, REPLICA_KEY, context) })],
        replicaKey: { policy: replicaKeyPolicy(allowing(ROLE, words, "*", context)) },
      });
    assert.deepEqual(unused(snapshot(actions)), []);
    assert.equal(unused(snapshot([...actions, "kms:ReEncrypt*"])).length, 2);
  });

  it("is not exceeded by a statement about aliases, which grants nothing", () => {
    const aliases = allow(["kms:Decrypt", "kms:Encrypt"], SOURCE_KEY.replace(/key\/.*/, "alias/orders"));
    assert.deepEqual(unused(setUp({ rolePolicies: [rolePolicy(), policy(aliases)] })), []);
    assert.ok(ROLE_STATEMENTS.sourceKey !== aliases);
  });

  it("is not told of what a setting may ask for that nobody could read", () => {
    const locks = allow(["s3:GetObjectRetention", "s3:GetObjectLegalHold"], objectsOf(SOURCE));
    const rolePolicies = [rolePolicy(), policy(locks)];
    const sources = { encryption: undefined, unread: ["encryption", "objectLock"] };
    assert.deepEqual(unused(setUp({ rolePolicies, source: sources })), []);
    assert.deepEqual(unused(setUp({ rolePolicies, source: { ...sources, unread: ["encryption"] } })), [
      `s3:GetObjectRetention on ${objectsOf(SOURCE)}`,
      `s3:GetObjectLegalHold on ${objectsOf(SOURCE)}`,
    ]);
  });
});
