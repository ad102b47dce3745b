/** What is known in part: documents with unknown values, aliases, generated names that somebody wrote down. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import { applyReadings } from "../../../src/readers/joinSources";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { resolvedAliasesOf } from "../../../src/resources/resources";
import { emptySnapshot, type Snapshot } from "../../../src/snapshot/snapshot";
import { parseSnapshot } from "../../../src/snapshot/snapshotFile";
import { type GivenStack, stackOf } from "./support";

type Stack = readonly [text: string, given: GivenStack];

function snapshotOf(...stacks: readonly Stack[]): Snapshot {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTemplates(stacks.map(([text, given]) => stackOf(text, given))));
  return snapshot;
}

function reportOf(...stacks: readonly Stack[]): Report {
  return rehearse(snapshotOf(...stacks));
}

const DESTINATION = { file: "copies.yaml", accountId: "222222222222", region: "eu-central-1" };

/** @param principal Whom the destination lets write. */
const copies = (principal: string, more = "") => `
Resources:
  Site: { Type: AWS::CloudFront::Distribution }
  Copies: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-copies, VersioningConfiguration: { Status: Enabled } } }
  CopiesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Copies
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { AWS: ${principal} }, Action: [s3:ReplicateObject, s3:ReplicateDelete, s3:ReplicateTags], Resource: "arn:aws:s3:::acme-copies/*" }
${more}`;

const data = (role = "") => `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      ${role}
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies:
        - PolicyName: replication
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: [s3:GetReplicationConfiguration, s3:ListBucket], Resource: arn:aws:s3:::acme-data }
              - { Effect: Allow, Action: [s3:GetObjectVersionForReplication, s3:GetObjectVersionAcl, s3:GetObjectVersionTagging], Resource: "arn:aws:s3:::acme-data/*" }
              - { Effect: Allow, Action: [s3:ReplicateObject, s3:ReplicateDelete, s3:ReplicateTags], Resource: "arn:aws:s3:::acme-copies/*" }
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-data
      VersioningConfiguration: { Status: Enabled }
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules:
          - { Status: Enabled, Priority: 1, Filter: { Prefix: "" }, DeleteMarkerReplication: { Status: Enabled }, Destination: { Bucket: arn:aws:s3:::acme-copies } }
`;

describe("a bucket policy with a value that only the deployment knows", () => {
  const statement = (text: string) => `          - ${text}\n`;
  const rows: readonly [says: string, more: string, verdict: Report["verdict"]][] = [
    [
      "in a grant to CloudFront is proven beside it",
      statement(
        '{ Effect: Allow, Principal: { Service: cloudfront.amazonaws.com }, Action: s3:GetObject, Resource: "arn:aws:s3:::acme-copies/*", Condition: { StringEquals: { aws:SourceArn: !GetAtt Site.Id } } }',
      ),
      "proven",
    ],
    [
      "in the condition of a Deny for everybody is unproven",
      statement(
        '{ Effect: Deny, Principal: "*", Action: s3:ReplicateObject, Resource: "arn:aws:s3:::acme-copies/*", Condition: { StringEquals: { aws:SourceVpc: !GetAtt Site.Id } } }',
      ),
      "unproven",
    ],
    [
      "in the resources of a Deny of reading is proven beside it",
      statement(
        '{ Effect: Deny, Principal: "*", Action: s3:GetObject, Resource: [!GetAtt Site.Id, "arn:aws:s3:::acme-copies/*"] }',
      ),
      "proven",
    ],
    [
      "in the exception of a Deny is unproven",
      statement(
        '{ Effect: Deny, Principal: "*", NotAction: [!GetAtt Site.Id], Resource: "arn:aws:s3:::acme-copies/*" }',
      ),
      "unproven",
    ],
    ["for a whole statement is unproven", statement("!GetAtt Site.Statement"), "unproven"],
    [
      "in a Deny that names the action is broken, whatever the value is",
      statement(
        '{ Effect: Deny, Principal: { AWS: ["*", !GetAtt Site.Id] }, Action: s3:ReplicateObject, Resource: "arn:aws:s3:::acme-copies/*" }',
      ),
      "broken",
    ],
  ];
  for (const [says, more, verdict] of rows) {
    it(says, () => {
      const report = reportOf([copies("111111111111", more), DESTINATION], [data(), {}]);
      strictEqual(report.verdict, verdict, JSON.stringify([report.unread, report.objects]));
      deepStrictEqual(report.refusals, []);
    });
  }

  it("grants to those that are written beside it", () => {
    const { verdict } = reportOf([copies('[!GetAtt Site.Id, "111111111111"]'), DESTINATION], [data(), {}]);
    strictEqual(verdict, "proven");
  });

  it("grants nothing for sure where the value is the grantee, and is named", () => {
    const { verdict, objects } = reportOf([copies("!GetAtt Site.Id"), DESTINATION], [data(), {}]);
    strictEqual(verdict, "unproven");
    match(
      objects.map(({ reason }) => reason).join(),
      /'Id' of 'Resources.Site' in line 3 \(AWS::CloudFront::Distribution\)/,
    );
  });
});

describe("a replica key that is named by its alias", () => {
  const keys = `
Resources:
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: ["arn:aws:iam::222222222222:root", "arn:aws:iam::111111111111:root"] }, Action: "kms:*", Resource: "*" }] } } }
  Alias: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/copies, TargetKeyId: !Ref Key } }
Outputs: { Key: { Value: !GetAtt Key.Arn } }
`;
  const encrypted = (resource: string) =>
    `Parameters: { Key: { Type: String } }${data()
      .replace(
        "Destination: {",
        "SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: Enabled } }, Destination: { EncryptionConfiguration: { ReplicaKmsKeyID: arn:aws:kms:eu-central-1:222222222222:alias/copies },",
      )
      .replace(
        "            Statement:\n",
        `            Statement:\n              - { Effect: Allow, Action: "kms:*", Resource: ${resource} }\n`,
      )}`;
  const stacks = (resource: string): Stack[] => [
    [copies("111111111111"), DESTINATION],
    [keys, { ...DESTINATION, stackName: "keys", file: "keys.yaml" }],
    [encrypted(resource), { stackName: "data", parameters: { Key: "output:keys.Key" } }],
  ];

  it("is the key that the alias leads to, and the report says so", () => {
    const snapshot = snapshotOf(...stacks("!Ref Key"));
    const { objects } = rehearse(snapshot);
    ok(objects.some(({ key }) => key === "kms"));
    ok(objects.every(({ outcome }) => outcome !== "FAILED"));
    match(
      resolvedAliasesOf(snapshot).join(),
      /alias\/copies, which a rule names as its replica key, leads to arn:aws:kms:.*:key\//,
    );
  });

  it("may or may not be called by it in S3's request, where a policy asks for that", () => {
    const named = (alias: string) => `"*", Condition: { StringEquals: { "kms:RequestAlias": ${alias} } }`;
    const outcomes = (alias: string) => {
      const { verdict, objects } = reportOf(...stacks(named(alias)));
      return [verdict, ...objects.filter(({ key }) => key === "kms").map(({ outcome }) => outcome)];
    };
    deepStrictEqual(outcomes("alias/copies"), ["unproven", "UNPROVEN"]);
    deepStrictEqual(outcomes("alias/others"), ["broken", "FAILED"]);
  });

  it("may be called by each of the aliases that rules call it by", () => {
    const denying = (alias: string) =>
      `"*" }\n              - { Effect: Deny, Action: "kms:*", Resource: "*", Condition: { StringEquals: { "kms:RequestAlias": ${alias} } }`;
    const verdictOf = (alias: string) => {
      const [first, second, third] = stacks(denying(alias));
      const [text, given] = third!;
      const rule = /^ +- \{ Status: Enabled, .*alias\/copies.*\n/m.exec(text)![0];
      const other = rule
        .replace("Priority: 1", "Priority: 2")
        .replace('Prefix: ""', "Prefix: others/")
        .replace("alias/copies", "alias/second");
      const more = second![0].replace(
        "Outputs:",
        "  Second: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/second, TargetKeyId: !Ref Key } }\nOutputs:",
      );
      const snapshot = snapshotOf(first!, [more, second![1]], [text.replace(rule, rule + other), given]);
      const [key] = Object.values(snapshot.keys);
      const keyArn = "arn:aws:kms:eu-west-1:111111111111:key/1";
      snapshot.keys[keyArn] = { ...key!, account: "111111111111" };
      snapshot.buckets["arn:aws:s3:::acme-data"]!.encryption = { algorithm: "aws:kms", keyArn };
      return rehearse(snapshot).verdict;
    };
    deepStrictEqual(["alias/copies", "alias/second", "alias/third"].map(verdictOf), [
      "unproven",
      "unproven",
      "proven",
    ]);
  });

  it("stays named so in a snapshot that is written of it", () => {
    const snapshot = snapshotOf(
      ...stacks('"*", Condition: { StringEquals: { "kms:RequestAlias": alias/copies } }'),
    );
    const written = parseSnapshot(JSON.parse(JSON.stringify(snapshot)), "it");
    deepStrictEqual(written, JSON.parse(JSON.stringify(snapshot)));
    strictEqual(rehearse(written).verdict, "unproven");
  });

  it("is not granted by a policy that names the alias", () => {
    const { verdict, objects } = reportOf(...stacks("arn:aws:kms:eu-central-1:222222222222:alias/copies"));
    strictEqual(verdict, "broken");
    ok(objects.some(({ outcome, reason }) => outcome === "FAILED" && /kms:/.test(reason ?? "")));
  });
});

describe("a role whose name CloudFormation generates", () => {
  const named = "arn:aws:iam::111111111111:role/a-stack-with-a-long-name-Role-A1B2C3D4E5F6";

  it("is taken to be the one that a policy names, which proves nothing", () => {
    const given = { stackName: "a-stack-with-a-long-name" };
    const { verdict, unread, objects } = reportOf([copies(named), DESTINATION], [data(), given]);
    strictEqual(verdict, "unproven");
    match(
      unread.join(),
      /CloudFormation generates its name, which is taken to be 'a-stack-with-a-long-name-Role-A1B2C3D4E5F6'/,
    );
    ok(objects.every(({ outcome }) => outcome === "COMPLETED"));
  });

  it("is another one where the name has not its form", () => {
    for (const stackName of ["another-stack", "a-stack-with"]) {
      strictEqual(reportOf([copies(named), DESTINATION], [data(), { stackName }]).verdict, "broken");
    }
  });

  it("is the one of its own RoleName alone", () => {
    const given = { stackName: "a-stack-with-a-long-name" };
    strictEqual(reportOf([copies(named), DESTINATION], [data("RoleName: mover"), given]).verdict, "broken");
  });
});
