/** The rules of the accounts in memory: a stand-in that refuses less than AWS would prove nothing. */
import assert from "node:assert/strict";
import { Accounts } from "./provider/accounts";
import {
  ALIAS,
  BUCKET,
  BUCKET_NOTIFICATION,
  BUCKET_POLICY,
  BUCKET_REPLICATION,
  BUCKET_VERSIONING,
  KEY,
  QUEUE,
  ROLE,
  ROLE_POLICY,
} from "./provider/resourceTypes";
import { documentText, sameDocument, UNKNOWN } from "./provider/values";

const HERE = { accountId: "111111111111", region: "us-east-1" };
const THERE = { accountId: "222222222222", region: "us-east-1" };
const ROOT = '{"Version":"2012-10-17","Statement":[]}';

describe("the stand-in's accounts", () => {
  let accounts: Accounts;
  const bucket = (name: string, where = HERE) => accounts.create(BUCKET, name, { bucket: name }, where);
  const version = (name: string, where = HERE, status = "Enabled") =>
    accounts.create(BUCKET_VERSIONING, name, { bucket: name, versioningConfiguration: { status } }, where);
  const replicate = () =>
    accounts.create(
      BUCKET_REPLICATION,
      "rules",
      {
        bucket: "source",
        role: "arn:aws:iam::111111111111:role/r",
        rules: [
          {
            id: "all",
            priority: 1,
            status: "Enabled",
            filter: { prefix: "" },
            deleteMarkerReplication: { status: "Disabled" },
            destination: { bucket: "arn:aws:s3:::target" },
          },
        ],
      },
      HERE,
    );

  beforeEach(() => {
    accounts = new Accounts();
  });

  it("refuse rules from a source that is not versioned", () => {
    bucket("source");
    bucket("target", THERE);
    version("target", THERE);
    assert.throws(replicate, /InvalidRequest: Versioning must be 'Enabled'/);
  });

  it("refuse rules to a destination that is missing or not versioned", () => {
    bucket("source");
    version("source");
    assert.throws(replicate, /Destination bucket must have versioning enabled/);
    bucket("target", THERE);
    assert.throws(replicate, /Destination bucket must have versioning enabled/);
    version("target", THERE);
    replicate();
  });

  it("refuse to suspend or take away versioning under rules", () => {
    bucket("source");
    version("source");
    bucket("target", THERE);
    version("target", THERE);
    replicate();
    assert.throws(() => version("source", HERE, "Suspended"), /InvalidBucketState/);
    assert.throws(() => accounts.delete(BUCKET_VERSIONING, "source", HERE), /InvalidBucketState/);
    accounts.delete(BUCKET_REPLICATION, "source", HERE);
    accounts.delete(BUCKET_VERSIONING, "source", HERE);
    assert.equal(accounts.snapshot.buckets["arn:aws:s3:::source"]?.versioning, "Suspended");
  });

  it("refuse a bucket's name that is taken, here or in another account", () => {
    bucket("source");
    assert.throws(() => bucket("source"), /BucketAlreadyOwnedByYou/);
    assert.throws(() => bucket("source", THERE), /BucketAlreadyExists/);
  });

  it("refuse another account's settings of a bucket", () => {
    bucket("source");
    assert.throws(() => version("source", THERE), /AccessDenied/);
  });

  it("refuse a policy that names a role which is not there, and take it once it is", () => {
    bucket("source");
    const policy = JSON.stringify({ Statement: { Principal: { AWS: "arn:aws:iam::111111111111:role/r" } } });
    const put = () => accounts.create(BUCKET_POLICY, "policy", { bucket: "source", policy }, HERE);
    assert.throws(put, /MalformedPolicy: Invalid principal/);
    accounts.create(ROLE, "r", { name: "r", assumeRolePolicy: ROOT }, HERE);
    put();
  });

  it("refuse a policy that is no JSON or too large", () => {
    bucket("source");
    const put = (policy: string) =>
      accounts.create(BUCKET_POLICY, "policy", { bucket: "source", policy }, HERE);
    assert.throws(() => put("{"), /MalformedPolicy/);
    assert.throws(() => put(`"${"x".repeat(20_480)}"`), /PolicyTooLarge/);
    accounts.create(ROLE, "r", { name: "r", assumeRolePolicy: ROOT }, HERE);
    const half = JSON.stringify({ Statement: [], Id: "x".repeat(6000) });
    const attach = (name: string) =>
      accounts.create(ROLE_POLICY, name, { role: "r", name, policy: half }, HERE);
    attach("one");
    assert.throws(() => attach("two"), /LimitExceeded/);
  });

  it("refuse whatever is done to a key that waits for its deletion, and call it gone", () => {
    const { id } = accounts.create(KEY, "key", { policy: ROOT }, HERE);
    accounts.delete(KEY, id, HERE);
    assert.equal(accounts.read(KEY, id, HERE), undefined);
    assert.throws(() => accounts.update(KEY, id, { policy: ROOT }, HERE), /KMSInvalidStateException/);
    const alias = { name: "alias/a", targetKeyId: id };
    assert.throws(() => accounts.create(ALIAS, "alias", alias, HERE), /KMSInvalidStateException/);
  });

  it("make two keys where they are asked twice", () => {
    const ids = ["key", "key"].map((name) => accounts.create(KEY, name, { policy: ROOT }, HERE).id);
    assert.notEqual(ids[0], ids[1]);
  });

  it("refuse to delete a bucket that holds objects, and a role that has policies", () => {
    bucket("source");
    accounts.putObject("arn:aws:s3:::source", "key");
    assert.throws(() => accounts.delete(BUCKET, "source", HERE), /BucketNotEmpty/);
    accounts.create(ROLE, "r", { name: "r", assumeRolePolicy: ROOT }, HERE);
    const { id } = accounts.create(ROLE_POLICY, "p", { role: "r", name: "p", policy: ROOT }, HERE);
    assert.throws(() => accounts.delete(ROLE, "r", HERE), /DeleteConflict/);
    accounts.delete(ROLE_POLICY, id, HERE);
    accounts.delete(ROLE, "r", HERE);
  });

  it("refuse events into a queue that S3 may not send to", () => {
    bucket("source");
    const { outputs } = accounts.create(QUEUE, "queue", { name: "queue" }, HERE);
    const queues = [{ queueArn: outputs.arn, events: ["s3:Replication:*"] }];
    assert.throws(
      () => accounts.create(BUCKET_NOTIFICATION, "n", { bucket: "source", queues }, HERE),
      /Unable to validate the following destination configurations/,
    );
  });

  it("do not see a new bucket at once where they are told to be slow", async () => {
    accounts = new Accounts({ settleMs: 30 });
    bucket("source");
    assert.throws(() => version("source"), /NoSuchBucket/);
    await new Promise((resolve) => setTimeout(resolve, 40));
    version("source");
  });
});

describe("the stand-in's documents", () => {
  it("are unknown as a whole when something inside is unknown", () => {
    assert.equal(documentText({ Statement: [{ Resource: UNKNOWN }] }), UNKNOWN);
    assert.equal(documentText({ Statement: [] }), '{"Statement":[]}');
  });

  it("are the same when they say the same in another layout", () => {
    assert.ok(sameDocument('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }'));
    assert.ok(!sameDocument('{"a":1}', '{"a":2}'));
  });
});
