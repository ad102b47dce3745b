/** Sources that say something of the same accounts: joined, and named where they say different things. */
import { deepStrictEqual, match, strictEqual } from "node:assert";
import { readTemplates } from "../../src/readers/cloudformation/fromTemplates";
import { applyReadings, joinAccounts, type ReadAccounts } from "../../src/readers/joinSources";
import { rehearse } from "../../src/rehearsal/rehearse";
import { emptySnapshot, type Snapshot } from "../../src/snapshot/snapshot";
import { DESTINATION, handMade, REPLICA_KEY, ROLE, SOURCE } from "../support/handMade";
import { stackOf } from "./cloudformation/support";

function joined(templates: readonly string[], ...read: readonly Snapshot[]): Snapshot {
  const snapshot = emptySnapshot();
  const stacks = templates.map((text, index) =>
    stackOf(text, {
      file: `${index}.yaml`,
      stackName: `s${index}`,
      accountId: "222222222222",
      region: "us-east-1",
    }),
  );
  applyReadings(snapshot, readTemplates(stacks));
  const named = read.map((each, index): ReadAccounts => ({
    subject: `--snapshot ${index}.json`,
    snapshot: each,
  }));
  return joinAccounts(snapshot, named);
}

/** The hand-made accounts, of which one is described. */
function half(account: string): Snapshot {
  const { accounts, buckets, keys } = handMade();
  const of = <T extends { account: string }>(things: Record<string, T>) =>
    Object.fromEntries(Object.entries(things).filter(([, thing]) => thing.account === account));
  return { accounts: { [account]: accounts[account]! }, buckets: of(buckets), keys: of(keys) };
}

const bucket = (properties: string) =>
  `Resources: { Copies: { Type: AWS::S3::Bucket, Properties: { BucketName: hand-destination, ${properties} } } }`;
const policy = (action: string) => `Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: hand-destination
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: "${ROLE}" }, Action: "${action}", Resource: "${DESTINATION}/*" }] }`;

describe("sources that are joined", () => {
  it("are proven together where each has one of the accounts", () => {
    strictEqual(rehearse(joined([], half("111111111111"), half("222222222222"))).verdict, "proven");
    strictEqual(rehearse(joined([], half("111111111111"))).verdict, "unproven");
  });

  it("keep what only the reading of an account says of a bucket that a template makes", () => {
    const { buckets, contradictions } = joined(
      [bucket("VersioningConfiguration: { Status: Enabled }")],
      handMade(),
    );
    deepStrictEqual(buckets[DESTINATION]?.encryption, {
      algorithm: "aws:kms",
      keyArn: REPLICA_KEY,
      bucketKeyEnabled: true,
    });
    deepStrictEqual(buckets[DESTINATION]?.policy, handMade().buckets[DESTINATION]?.policy);
    strictEqual(contradictions, undefined);
  });

  it("leave of an encryption only the Bucket Key open that is not known, and take it from a reading of the account", () => {
    const encrypted = bucket(
      `BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "${REPLICA_KEY}" }, BucketKeyEnabled: !ImportValue cheap }] }`,
    );
    const alone = joined([encrypted]).buckets[DESTINATION];
    deepStrictEqual(
      [alone?.encryption, alone?.unread],
      [{ algorithm: "aws:kms", keyArn: REPLICA_KEY }, ["encryption.bucketKeyEnabled"]],
    );
    const { buckets, contradictions } = joined([encrypted], handMade());
    const { encryption, unread } = buckets[DESTINATION] ?? {};
    deepStrictEqual([encryption?.bucketKeyEnabled, unread, contradictions], [true, undefined, undefined]);
  });

  it("keep a planned encryption of which only the Bucket Key is open, where the bucket is encrypted otherwise now", () => {
    const encrypted = bucket(
      `BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "${REPLICA_KEY}" }, BucketKeyEnabled: !ImportValue cheap }] }`,
    );
    const there = handMade();
    there.buckets[DESTINATION]!.encryption = { algorithm: "AES256" };
    const { buckets, contradictions } = joined([encrypted], there);
    const { encryption, unread } = buckets[DESTINATION] ?? {};
    deepStrictEqual(
      [encryption, unread, contradictions],
      [
        { algorithm: "aws:kms", keyArn: REPLICA_KEY },
        ["encryption.bucketKeyEnabled"],
        [
          `'encryption' of the bucket ${DESTINATION} is one thing in --snapshot 0.json and another in Copies in 0.yaml: what is planned counts`,
        ],
      ],
    );
  });

  it("take nothing from what is there for a setting that is planned and not known", () => {
    const encrypted = bucket(
      `BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: !ImportValue key } }] }`,
    );
    const there = handMade();
    there.buckets[DESTINATION]!.encryption = { algorithm: "AES256" };
    const { verdict, unread } = rehearse(joined([encrypted], there));
    strictEqual(verdict, "unproven");
    match(unread[0] ?? "", /^'encryption' of the bucket arn:aws:s3:::hand-destination could not be read/);
  });

  it("let what is planned win, and name both", () => {
    const snapshot = joined([policy("s3:GetObject")], handMade());
    const { verdict, warnings } = rehearse(snapshot);
    strictEqual(verdict, "broken");
    deepStrictEqual(warnings, [
      `'policy' of the bucket ${DESTINATION} is one thing in --snapshot 0.json and another in Policy in 0.yaml: what is planned counts`,
    ]);
  });

  it("let the plan mend what is there", () => {
    const there = handMade();
    there.buckets[DESTINATION]!.policy = null;
    strictEqual(rehearse(joined([policy("s3:*")], there)).verdict, "proven");
  });

  it("leave open which of two plans wins, and name both", () => {
    const { unread } = joined([policy("s3:GetObject"), policy("s3:*")], handMade());
    match(
      unread?.[0] ?? "",
      /^'Resources.Policy' in line 2 of 0.yaml and 'Resources.Policy' in line 2 of 1.yaml both say PutBucketPolicy of arn:aws:s3:::hand-destination, and not the same: which of them counts is not known; leave one of them$/,
    );
    strictEqual(rehearse(joined([policy("s3:GetObject"), policy("s3:*")], handMade())).verdict, "unproven");
  });

  it("say what two of them make under one name, which AWS refuses", () => {
    const roles = ["data", "logs"].map((stackName) =>
      stackOf(ROLE_TEMPLATE, { stackName, file: `${stackName}.yaml` }),
    );
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates(roles));
    match(
      (snapshot.unread ?? []).join("\n"),
      /^'Resources.R' in line 2 of data.yaml and 'Resources.R' in line 2 of logs.yaml both make the role hand of 111111111111: AWS refuses the second one/,
    );
    const elsewhere = [roles[0]!, { ...roles[1]!, accountId: "222222222222" }];
    const apart = emptySnapshot();
    applyReadings(apart, readTemplates(elsewhere));
    strictEqual(apart.unread, undefined);
  });

  it("count nothing that a plan sets of a bucket which was read in another account", () => {
    const there = half("222222222222");
    there.buckets[DESTINATION]!.policy = null;
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates([stackOf(policy("s3:*"), { region: "us-east-1" })]));
    joinAccounts(snapshot, [
      { subject: "--snapshot there.json", snapshot: there },
      { subject: "--snapshot here.json", snapshot: half("111111111111") },
    ]);
    const { verdict, unread } = rehearse(snapshot);
    strictEqual(verdict, "broken");
    match(
      unread.join("\n"),
      /hand-destination is of the account 222222222222 in --snapshot there.json, and what is planned makes or sets it in 111111111111/,
    );
  });

  it("add the policies that a plan gives to a role that was read", () => {
    const there = handMade();
    there.accounts["111111111111"]!.roles[ROLE]!.policies = [];
    const snapshot = emptySnapshot();
    const text = `Resources:
  P: { Type: AWS::IAM::RolePolicy, Properties: { RoleName: hand, PolicyName: all, PolicyDocument: { Statement: [{ Effect: Allow, Action: ["s3:*", "kms:*"], Resource: "*" }] } } }`;
    applyReadings(snapshot, readTemplates([stackOf(text, { region: "eu-west-1" })]));
    joinAccounts(snapshot, [{ subject: "--snapshot there.json", snapshot: there }]);
    strictEqual(rehearse(snapshot).verdict, "proven");
    strictEqual(rehearse(there).verdict, "broken");
  });

  const ROLE_TEMPLATE = `Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: hand
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: "sts:AssumeRole" }] }
      Policies: [{ PolicyName: all, PolicyDocument: { Statement: [{ Effect: Allow, Action: ["s3:*", "kms:*"], Resource: "*" }] } }]`;
  const byHand = (effect: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Action: ["s3:*", "kms:*"], Resource: "*" }],
  });

  /** A planned role, whose namesake was read with one policy more or instead. */
  function withPolicyByHand(template: string, document: unknown) {
    const there = handMade();
    Object.assign(there.accounts["111111111111"]!.roles[ROLE]!, {
      policies: [JSON.stringify(document)],
      policyNames: ["by-hand"],
    });
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates([stackOf(template, { region: "eu-west-1" })]));
    joinAccounts(snapshot, [{ subject: "--snapshot there.json", snapshot: there }]);
    return rehearse(snapshot);
  }

  it("let a policy by hand deny what a planned role is allowed", () => {
    const { verdict, warnings } = withPolicyByHand(ROLE_TEMPLATE, byHand("Deny"));
    strictEqual(verdict, "broken");
    match(warnings.join("\n"), /has the policy 'by-hand' in --snapshot there.json, which nothing plans/);
  });

  it("prove nothing by what a policy by hand allows a planned role, since it may go", () => {
    strictEqual(withPolicyByHand(ROLE_TEMPLATE, byHand("Allow")).verdict, "proven");
    const bare = ROLE_TEMPLATE.slice(0, ROLE_TEMPLATE.indexOf("      Policies:"));
    strictEqual(withPolicyByHand(bare, byHand("Allow")).verdict, "unproven");
  });

  it("keep a permissions boundary by hand on a planned role", () => {
    const there = handMade();
    there.accounts["111111111111"]!.roles[ROLE]!.boundary = byHand("Deny");
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates([stackOf(ROLE_TEMPLATE, { region: "eu-west-1" })]));
    joinAccounts(snapshot, [{ subject: "--snapshot there.json", snapshot: there }]);
    strictEqual(rehearse(snapshot).verdict, "broken");
  });

  it("forget that something is absent which a plan makes", () => {
    const there = handMade();
    delete there.buckets[DESTINATION];
    there.absent = [DESTINATION, "arn:aws:s3:::elsewhere"];
    const { absent } = joined([bucket("VersioningConfiguration: { Status: Enabled }")], there);
    deepStrictEqual(absent, ["arn:aws:s3:::elsewhere"]);
  });

  it("keep what any of them left unread", () => {
    const there = { ...handMade(), unread: ["a sentence"] };
    const { verdict, unread } = rehearse(joined([], there));
    deepStrictEqual([verdict, unread], ["unproven", ["a sentence"]]);
    strictEqual(joined([], there).buckets[SOURCE]?.account, "111111111111");
  });
});
