/** What is told of templates as people write them: what CloudFormation or its pages leave open is never proven. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import { applyReadings } from "../../../src/readers/joinSources";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { type GivenStack, stackOf } from "./support";

/** One account, one template, in which everything works. */
const WORKING = `
Parameters:
  Stage: { Type: String, Default: live }
  Where: { Type: "AWS::SSM::Parameter::Value<String>", Default: /acme/where }
Conditions:
  Live: !Equals [!Ref Stage, live]
  Somewhere: !Equals [!Ref Where, here]
Resources:
  Copies: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-copies, VersioningConfiguration: { Status: Enabled } } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      Path: /replication/
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: [s3.amazonaws.com] }, Action: sts:AssumeRole }] }
  Permissions:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: replication
      Roles: [!Ref Role]
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
          - Status: Enabled
            Priority: 1
            Filter: { Prefix: "" }
            DeleteMarkerReplication: { Status: Enabled }
            Destination: { Bucket: !GetAtt Copies.Arn }
`;

function reportOf(text: string, given: GivenStack = {}): Report {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTemplates([stackOf(text, given)]));
  return rehearse(snapshot);
}

const POLICY =
  "  Permissions:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: replication\n      Roles: [!Ref Role]\n";

const DENY_HTTP =
  "{ Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::acme-copies/*', Condition: { Bool: { 'aws:SecureTransport': false } } }";

describe("a template", () => {
  const rows: readonly [
    says: string,
    change: (text: string) => string,
    verdict: Report["verdict"],
    unread?: RegExp,
  ][] = [
    ["that works is proven", (text) => text, "proven"],
    [
      "whose permissions are a managed policy is proven",
      (text) =>
        text.replace(
          POLICY,
          "  Permissions:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Roles: [!Ref Role]\n",
        ),
      "proven",
    ],
    [
      "whose managed policy is attached by the role is proven",
      (text) =>
        text
          .replace(POLICY, "  Permissions:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n")
          .replace(
            "      Path: /replication/\n",
            "      Path: /replication/\n      ManagedPolicyArns: [!Ref Permissions]\n",
          ),
      "proven",
    ],
    [
      "whose permissions are a RolePolicy is proven",
      (text) =>
        text.replace(
          POLICY,
          "  Permissions:\n    Type: AWS::IAM::RolePolicy\n    Properties:\n      PolicyName: replication\n      RoleName: !Ref Role\n",
        ),
      "proven",
    ],
    [
      "without its permissions is broken",
      (text) => text.replace("Roles: [!Ref Role]", "Roles: [other]"),
      "broken",
    ],
    [
      "whose rule has neither Prefix nor Filter is unproven, and says why",
      (text) =>
        text
          .replace('            Filter: { Prefix: "" }\n', "")
          .replace("            Priority: 1\n", "")
          .replace(/ +DeleteMarkerReplication.*\n/, ""),
      "unproven",
      /'Resources.Data' in line \d+ of template.yaml: rule 0 has neither Prefix nor Filter/,
    ],
    [
      "whose rule has neither and whose role may not write is broken",
      (text) =>
        text
          .replace('            Filter: { Prefix: "" }\n', "")
          .replace("            Priority: 1\n", "")
          .replace(/ +DeleteMarkerReplication.*\n/, "")
          .replace("[s3:ReplicateObject, ", "["),
      "broken",
    ],
    [
      "with a custom resource that is about buckets is unproven",
      (text) => `${text}  Maker: { Type: Custom::S3PutBucketReplication, Properties: { ServiceToken: x } }\n`,
      "unproven",
      /'Resources.Maker' in line \d+ of template.yaml \(Custom::S3PutBucketReplication\) runs code of its own/,
    ],
    [
      "with a custom resource that gets the bucket is unproven",
      (text) =>
        `${text}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: !Sub "\${Data}-x" } }\n`,
      "unproven",
      /\(Custom::Thing\) runs code of its own/,
    ],
    [
      "with a resource type that somebody registered, and that is about buckets, is unproven",
      (text) => `${text}  Maker: { Type: Acme::S3::Replication, Properties: { Of: x } }
`,
      "unproven",
      /\(Acme::S3::Replication\) runs code of its own/,
    ],
    [
      "with a module is unproven, whatever its name",
      (text) => `${text}  Web: { Type: Acme::Web::App::MODULE }
`,
      "unproven",
      /'Resources.Web' in line \d+ of template.yaml \(Acme::Web::App::MODULE\) is a module/,
    ],
    [
      "with a second policy of a bucket is unproven, and names both",
      (text) =>
        `${text}${["First", "Second"].map((name) => `  ${name}: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref Copies, PolicyDocument: { Id: ${name}, Statement: [${DENY_HTTP}] } } }\n`).join("")}`,
      "unproven",
      /'Resources.First' in line \d+ of template.yaml and 'Resources.Second' in line \d+ of template.yaml both say PutBucketPolicy/,
    ],
    [
      "with a custom resource that writes the bucket's name is unproven",
      (text) => `${text}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: acme-copies } }\n`,
      "unproven",
      /\(Custom::Thing\) runs code of its own/,
    ],
    [
      "with a custom resource that writes the bucket's name in a new line is unproven",
      (text) =>
        `${text}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: "of\\nacme-copies" } }\n`,
      "unproven",
    ],
    [
      "with a custom resource that writes the bucket's name behind a backslash is unproven",
      (text) =>
        `${text.replaceAll("acme-copies", "replicas")}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: 'at\\replicas' } }\n`,
      "unproven",
    ],
    [
      "with a custom resource that makes the bucket's name of parts is unproven",
      (text) =>
        `${text.replaceAll("acme-copies", "copies-111111111111")}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: !Sub "copies-\${AWS::AccountId}" } }\n`,
      "unproven",
    ],
    [
      "with a custom resource that gets the bucket's name of a parameter is unproven",
      (text) =>
        `${text.replace("Parameters:", "Parameters:\n  Name: { Type: String, Default: acme-copies }")}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: !Ref Name } }\n`,
      "unproven",
    ],
    [
      "with a custom resource that gets a parameter without a value is proven",
      (text) =>
        `${text.replace("Parameters:", "Parameters:\n  Name: { Type: String }")}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: !Ref Name } }\n`,
      "proven",
    ],
    [
      "with a custom resource that calls S3 in JSON text is unproven",
      (text) =>
        `${text}  Maker: { Type: Custom::AWS, Properties: { ServiceToken: x, Create: '{"service":"S3","action":"putObject"}' } }\n`,
      "unproven",
      /\(Custom::AWS\) runs code of its own/,
    ],
    [
      "with a custom resource that calls another service in JSON text is proven",
      (text) =>
        `${text}  Maker: { Type: Custom::AWS, Properties: { ServiceToken: x, Create: '{"service":"SNS","action":"publish"}' } }\n`,
      "proven",
    ],
    [
      "with a custom resource that writes a longer name is proven",
      (text) =>
        `${text}  Maker: { Type: Custom::Thing, Properties: { ServiceToken: x, Of: acme-copies-2 } }\n`,
      "proven",
    ],
    [
      "with a custom resource whose calls of S3 only ask is proven",
      (text) =>
        `${text}  Bucket: { Type: Custom::AWS, Properties: { ServiceToken: x, Create: '{"service":"S3","action":"getBucketLocation","parameters":{"Bucket":"acme-copies"}}' } }\n`,
      "proven",
    ],
    [
      "with a custom resource of which one call does more than ask is unproven",
      (text) =>
        `${text}  Bucket: { Type: Custom::AWS, Properties: { ServiceToken: x, Create: '{"service":"S3","action":"getBucketLocation"}', Delete: '{"service":"S3","action":"deleteBucketPolicy"}' } }\n`,
      "unproven",
    ],
    [
      "whose bucket policy hangs on a dynamic reference in a text with others is unproven",
      (text) =>
        `${text}  Deny:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Copies
      PolicyDocument: { Statement: [{ Effect: Deny, Principal: "*", Action: s3:ReplicateObject, Resource: !Sub "arn:aws:s3:::{{resolve:ssm:/\${Stage}}}/*" }] }
`,
      "unproven",
    ],
    [
      "whose bucket has a name of its account and Region is known by it",
      (text) =>
        text
          .replace("BucketName: acme-copies", "BucketNamePrefix: acme, BucketNamespace: account-regional")
          .replace("arn:aws:s3:::acme-copies/*", "arn:aws:s3:::acme-111111111111-eu-west-1-an/*"),
      "proven",
    ],
    [
      "whose bucket says the beginning of its name alone is called by its references",
      (text) =>
        text
          .replace("BucketName: acme-copies", "BucketNamePrefix: acme")
          .replace('"arn:aws:s3:::acme-copies/*"', '!Sub "${Copies.Arn}/*"'),
      "proven",
    ],
    [
      "with a custom resource of CDK that empties a bucket is proven",
      (text) =>
        `${text}  Emptying: { Type: Custom::S3AutoDeleteObjects, Properties: { BucketName: !Ref Data } }\n`,
      "proven",
    ],
    [
      "with a nested stack is unproven",
      (text) =>
        `${text}  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x } }\n`,
      "unproven",
      /\(AWS::CloudFormation::Stack\) is a nested stack/,
    ],
    [
      "whose policy is made under a condition that is true is proven",
      (text) =>
        text.replace("    Type: AWS::IAM::Policy\n", "    Type: AWS::IAM::Policy\n    Condition: Live\n"),
      "proven",
    ],
    [
      "whose policy is made under a condition that nobody knows is unproven",
      (text) =>
        text.replace(
          "    Type: AWS::IAM::Policy\n",
          "    Type: AWS::IAM::Policy\n    Condition: Somewhere\n",
        ),
      "unproven",
      /'Resources.Permissions' in line \d+ of template.yaml: whether it is made hangs on the parameter 'Where'/,
    ],
    [
      "whose replication stands under a condition that nobody knows is unproven",
      (text) =>
        text.replace(
          "Role: !GetAtt Role.Arn",
          "Role: !If [Somewhere, !GetAtt Role.Arn, arn:aws:iam::111111111111:role/x]",
        ),
      "unproven",
    ],
    [
      "whose bucket's name nobody knows is unproven",
      (text) => text.replace("BucketName: acme-copies", "BucketName: !Ref Where"),
      "unproven",
      /its name hangs on the parameter 'Where'/,
    ],
    [
      "whose policy has a statement that nobody knows is unproven",
      (text) => text.replace('"arn:aws:s3:::acme-copies/*"', "!Ref Where"),
      "unproven",
    ],
    [
      "whose destination is not versioned is broken",
      (text) => text.replace("acme-copies, VersioningConfiguration: { Status: Enabled }", "acme-copies"),
      "broken",
    ],
    [
      "whose bucket policy stands at the bucket's written name is read",
      (text) =>
        `${text}  Deny:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-copies
      PolicyDocument: { Statement: [{ Effect: Deny, Principal: "*", Action: s3:ReplicateObject, Resource: "arn:aws:s3:::acme-copies/*" }] }
`,
      "broken",
    ],
  ];
  for (const [says, change, verdict, unread] of rows) {
    it(says, () => {
      const text = change(WORKING);
      ok(says.includes("that works") || text !== WORKING);
      const report = reportOf(text);
      strictEqual(
        report.verdict,
        verdict,
        JSON.stringify([report.unread, report.refusals, report.objects.map(({ reason }) => reason)]),
      );
      if (unread !== undefined) match(report.unread.join("\n"), unread);
    });
  }

  it("that puts the policy of another account's bucket is broken without it, as S3 does not take it", () => {
    const [, copies = ""] = /\n( {2}Copies: .*\n)/.exec(WORKING) ?? [];
    const ofSource = WORKING.replace(copies, "").replace("!GetAtt Copies.Arn", "arn:aws:s3:::acme-copies");
    const policy = `  Grant:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-copies
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: !GetAtt Role.Arn }, Action: [s3:ReplicateObject, s3:ReplicateDelete, s3:ReplicateTags], Resource: "arn:aws:s3:::acme-copies/*" }] }
`;
    const snapshot = emptySnapshot();
    const other = { stackName: "other", accountId: "222222222222" };
    applyReadings(
      snapshot,
      readTemplates([stackOf(ofSource + policy), stackOf(`Resources:\n${copies}`, other)]),
    );
    const { verdict, unread } = rehearse(snapshot);
    strictEqual(verdict, "broken");
    match(
      unread.join("\n"),
      /'Resources.Grant' in line \d+ of template.yaml puts the policy of arn:aws:s3:::acme-copies from the account 111111111111, and S3 takes it from the bucket's own account 222222222222 alone/,
    );
  });

  it("with a role for S3 that no rule uses, beside a custom resource, says that something else may put a replication", () => {
    const text = WORKING.replace(
      / {2}Data:\n[\s\S]*$/,
      "  Maker: { Type: Custom::S3Maker, Properties: { ServiceToken: x } }\n",
    );
    const { verdict, unread } = reportOf(text);
    strictEqual(verdict, "unproven");
    match(
      unread.join("\n"),
      /role\/replication\/archive-Role-\w+ .* trusts s3.amazonaws.com, and no rule of template.yaml uses it/,
    );
  });

  it("says the same twice: made-up names are the same in every run", () => {
    deepStrictEqual(reportOf(WORKING), reportOf(WORKING));
  });
});
