/** Tags of roles, buckets and keys as a mocked SDK tells them, and the verdicts that hang on them. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { GetKeyPolicyCommand, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import { GetBucketAbacCommand, GetBucketPolicyCommand, GetBucketTaggingCommand } from "@aws-sdk/client-s3";
import type { Snapshot } from "../../src/snapshot/snapshot";
import {
  denyAll,
  DESTINATION,
  DESTINATION_ACCOUNT,
  objectsOf,
  policy,
  REPLICA_KEY,
  ROLE,
  SOURCE_ACCOUNT,
  type Statement,
} from "../proof/setUp";
import { failing, MockedAccounts, pair, read, refused } from "./mockedAccounts";

interface Statements {
  readonly Statement: readonly Statement[];
}
/** Of the one account that both sides of the pair are in. */
const KEY = REPLICA_KEY.replace(DESTINATION_ACCOUNT, SOURCE_ACCOUNT);
const BUCKET = DESTINATION.slice("arn:aws:s3:::".length);
/** A Deny of everybody at the destination, of which a tag makes an exception. */
const unlessTagged = (key: string) =>
  denyAll("s3:*", objectsOf(DESTINATION), { StringNotEquals: { [key]: "data" } });

describe("doctor and the tags that policies read", () => {
  let mocked: MockedAccounts;
  let snapshot: Snapshot;
  beforeEach(() => {
    process.env.AWS_ACCESS_KEY_ID = "AKIAUNSEEN";
    process.env.AWS_SECRET_ACCESS_KEY = "unseen";
    snapshot = pair();
    mocked = new MockedAccounts(snapshot);
  });
  afterEach(() => {
    mocked.restore();
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  });

  const withPolicy = (statement: Statement) =>
    mocked.s3.on(GetBucketPolicyCommand, { Bucket: BUCKET }).resolves({
      Policy: JSON.stringify(
        policy(...(snapshot.buckets[DESTINATION]?.policy as Statements).Statement, statement),
      ),
    });
  const withAbac = (Status: "Enabled" | "Disabled") =>
    mocked.s3.on(GetBucketAbacCommand).resolves({ AbacStatus: { Status } });
  const withTags = (Value: string) =>
    mocked.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [{ Key: "team", Value }] });

  it("ask for no tags of buckets and keys where no policy reads any", async () => {
    strictEqual((await read()).diagnosis.verdict, "proven");
    strictEqual(mocked.s3.commandCalls(GetBucketAbacCommand).length, 0);
    strictEqual(mocked.s3.commandCalls(GetBucketTaggingCommand).length, 0);
    strictEqual(mocked.kms.commandCalls(ListResourceTagsCommand).length, 0);
  });

  it("are those of the role, which every answer about it has", async () => {
    withPolicy(unlessTagged("aws:PrincipalTag/team"));
    const role = snapshot.accounts[SOURCE_ACCOUNT]?.roles[ROLE];
    const tagged = (Value: string) =>
      mocked.iam.on(GetRoleCommand).resolves({
        Role: {
          Arn: ROLE,
          AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role?.trust)),
          Tags: [{ Key: "team", Value }],
        } as never,
      });
    tagged("data");
    const right = await read();
    deepStrictEqual(right.snapshot.accounts[SOURCE_ACCOUNT]?.roles[ROLE]?.tags, { team: "data" });
    strictEqual(right.diagnosis.verdict, "proven");
    tagged("web");
    strictEqual((await read()).diagnosis.verdict, "broken");
  });

  it("are those of the bucket where its ABAC is on, and none where it is off", async () => {
    withPolicy(unlessTagged("aws:ResourceTag/team"));
    withTags("data");
    withAbac("Enabled");
    const right = await read();
    deepStrictEqual(right.snapshot.buckets[DESTINATION]?.tags, { team: "data" });
    strictEqual(right.snapshot.buckets[DESTINATION]?.abac, "Enabled");
    strictEqual(right.diagnosis.verdict, "proven");
    withAbac("Disabled");
    strictEqual((await read()).diagnosis.verdict, "broken");
    withAbac("Enabled");
    withTags("web");
    strictEqual((await read()).diagnosis.verdict, "broken");
  });

  it("are none of a bucket that has none, and not known where AWS refuses the answer", async () => {
    withPolicy(unlessTagged("aws:ResourceTag/team"));
    withAbac("Enabled");
    mocked.s3.on(GetBucketTaggingCommand).rejects(failing("NoSuchTagSet", 404));
    const none = await read();
    deepStrictEqual(none.snapshot.buckets[DESTINATION]?.tags, {});
    strictEqual(none.diagnosis.verdict, "broken");
    mocked.s3.on(GetBucketTaggingCommand).rejects(refused("AccessDenied"));
    const { diagnosis } = await read();
    strictEqual(diagnosis.verdict, "unproven");
    match(JSON.stringify(diagnosis.live.unanswered), /s3:GetBucketTagging/);
  });

  it("are those of the replica key, over all pages", async () => {
    const document = snapshot.keys[KEY]?.policy as Statements;
    const { StringNotEquals } = unlessTagged("aws:ResourceTag/team").Condition as {
      StringNotEquals: object;
    };
    mocked.kms.on(GetKeyPolicyCommand, { KeyId: KEY }).resolves({
      Policy: JSON.stringify(policy(...document.Statement, denyAll("kms:*", "*", { StringNotEquals }))),
    });
    withAbac("Disabled");
    withTags("web");
    mocked.kms.on(ListResourceTagsCommand).resolves({ Tags: [] });
    strictEqual((await read()).diagnosis.verdict, "broken");
    mocked.kms
      .on(ListResourceTagsCommand, { KeyId: KEY })
      .resolves({ Tags: [{ TagKey: "owner", TagValue: "web" }], Truncated: true, NextMarker: "more" })
      .on(ListResourceTagsCommand, { KeyId: KEY, Marker: "more" })
      .resolves({ Tags: [{ TagKey: "team", TagValue: "data" }] });
    const right = await read();
    deepStrictEqual(right.snapshot.keys[KEY]?.tags, { owner: "web", team: "data" });
    strictEqual(right.diagnosis.verdict, "proven");
  });
});
