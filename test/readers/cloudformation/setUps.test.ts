/** Apps as CDK writes them: names that nobody gives, and stacks that import from each other. */
import { match, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import { readTemplates, type TemplateStack } from "../../../src/readers/cloudformation/fromTemplates";
import { applyReadings } from "../../../src/readers/joinSources";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { stackOf } from "./support";

function reportOf(stacks: readonly TemplateStack[]): Report {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTemplates(stacks));
  const places = placesOf(snapshot);
  return rehearse(snapshot, { explain: (arn, setting) => places.explain(arn, setting) });
}

const KEY = `Type: AWS::KMS::Key
    Properties: { KeyPolicy: { Version: 2012-10-17, Statement: [{ Effect: Allow, Principal: { AWS: !Sub "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root" }, Action: "kms:*", Resource: "*" }] } }`;

const encryptedBucket = (key: string) => `Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: Enabled }
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt ${key}.Arn }`;

const TRUST = `Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: sts:AssumeRole }] } }`;

/** What the role needs; targets are written as the template calls them. */
const permissions = (bucketArn: string, keyArn: string) => `Type: AWS::IAM::Policy
    Properties:
      PolicyName: RoleDefaultPolicy
      Roles: [!Ref Role]
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - { Effect: Allow, Action: [s3:GetReplicationConfiguration, s3:ListBucket], Resource: !GetAtt Source.Arn }
          - { Effect: Allow, Action: [s3:GetObjectVersionForReplication, s3:GetObjectVersionAcl, s3:GetObjectVersionTagging], Resource: !Join ["", [!GetAtt Source.Arn, "/*"]] }
          - { Effect: Allow, Action: [s3:ReplicateObject, s3:ReplicateDelete, s3:ReplicateTags, s3:ObjectOwnerOverrideToBucketOwner], Resource: !Join ["", [${bucketArn}, "/*"]] }
          - { Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt SourceKey.Arn }
          - { Effect: Allow, Action: [kms:Decrypt, kms:Encrypt, "kms:ReEncrypt*", "kms:GenerateDataKey*"], Resource: ${keyArn} }`;

const rule = (priority: number, filter: string, bucketArn: string, keyArn: string) => `
          - Priority: ${priority}
            Status: Enabled
            Filter: ${filter}
            DeleteMarkerReplication: { Status: Disabled }
            SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: Enabled } }
            Destination: { Bucket: ${bucketArn}, EncryptionConfiguration: { ReplicaKmsKeyID: ${keyArn} } }`;

const source = (rules: string) => `${encryptedBucket("SourceKey")}
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules:${rules}`;

const resources = (members: Readonly<Record<string, string>>) =>
  `Resources:\n${Object.entries(members)
    .map(([name, text]) => `  ${name}:\n    ${text}\n`)
    .join("")}`;

describe("an app of one account with two rules to two buckets, none of which has a name", () => {
  const template = (to: string) =>
    resources({
      SourceKey: KEY,
      Key: KEY,
      Copies: encryptedBucket("Key"),
      Others: encryptedBucket("Key"),
      Role: TRUST,
      Permissions: permissions("!GetAtt Copies.Arn", "!GetAtt Key.Arn"),
      More: permissions(`!GetAtt ${to}.Arn`, "!GetAtt Key.Arn").replace("RoleDefaultPolicy", "More"),
      Source: source(
        rule(2, '{ Prefix: "" }', "!GetAtt Copies.Arn", "!GetAtt Key.Arn") +
          rule(1, "{ Prefix: logs/ }", "!GetAtt Others.Arn", "!GetAtt Key.Arn"),
      ),
    });

  it("is proven in any account and Region", () => {
    strictEqual(reportOf([stackOf(template("Others"))]).verdict, "proven");
    strictEqual(
      reportOf([stackOf(template("Others"), { accountId: "444444444444", region: "us-east-1" })]).verdict,
      "proven",
    );
  });

  it("is broken where the role may write into one of them alone", () => {
    strictEqual(reportOf([stackOf(template("Copies"))]).verdict, "broken");
  });
});

describe("two stacks of one account, of which one imports bucket and key of the other", () => {
  const destination = `${resources({ Key: KEY, Copies: encryptedBucket("Key") })}
Outputs:
  Bucket: { Value: !GetAtt Copies.Arn, Export: { Name: "Copies:BucketArn" } }
  Key: { Value: !GetAtt Key.Arn, Export: { Name: "Copies:KeyArn" } }
`;
  const [bucketArn, keyArn] = ['!ImportValue "Copies:BucketArn"', '!ImportValue "Copies:KeyArn"'];
  const importing = resources({
    SourceKey: KEY,
    Role: TRUST,
    Permissions: permissions(bucketArn, keyArn),
    Source: source(rule(1, '{ Prefix: "" }', bucketArn, keyArn)),
  });
  const stacks = [
    stackOf(destination, { stackName: "copies", file: "copies.yaml" }),
    stackOf(importing, { stackName: "data", file: "data.yaml" }),
  ];

  it("is proven with both templates, in either order", () => {
    strictEqual(reportOf(stacks).verdict, "proven");
    strictEqual(reportOf([...stacks].reverse()).verdict, "proven");
  });

  it("is unproven without the one that exports, which is named", () => {
    const { verdict, unread } = reportOf(stacks.slice(1));
    strictEqual(verdict, "unproven");
    match(unread.join("\n"), /the export 'Copies:(BucketArn|KeyArn)' of account 111111111111 in eu-west-1/);
  });
});

describe("a bucket of a template that is to have an ACL", () => {
  const template = (access: string) =>
    resources({
      SourceKey: KEY,
      Key: KEY,
      Copies: encryptedBucket("Key"),
      Logs: `Type: AWS::S3::Bucket\n    Properties: { ${access} }`,
      Role: TRUST,
      Permissions: permissions("!GetAtt Copies.Arn", "!GetAtt Key.Arn"),
      Source: source(rule(1, '{ Prefix: "" }', "!GetAtt Copies.Arn", "!GetAtt Key.Arn")),
    });

  it("stops the stack where it has no object ownership, as S3 makes no such bucket", () => {
    const { verdict, unread } = reportOf([stackOf(template("AccessControl: LogDeliveryWrite"))]);
    strictEqual(verdict, "unproven");
    match(
      unread.join("\n"),
      /S3 refuses 'Resources\.Logs' .* \(InvalidBucketAclWithObjectOwnership\): it is to have the ACL 'log-delivery-write'/,
    );
  });

  it("is made with an object ownership, and with an ACL that gives nobody else access", () => {
    const owned =
      "AccessControl: PublicRead, OwnershipControls: { Rules: [{ ObjectOwnership: ObjectWriter }] }";
    for (const access of [owned, "AccessControl: Private", "AccessControl: BucketOwnerFullControl"]) {
      strictEqual(reportOf([stackOf(template(access))]).verdict, "proven", access);
    }
  });
});
