/** Where a report says that something stands in the user's code. */
import { deepStrictEqual, ok } from "node:assert";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import { applyReadings } from "../../../src/readers/joinSources";
import { problemsOf } from "../../../src/rehearsal/gate/problems";
import { withPlaces } from "../../../src/rehearsal/gate/withPlaces";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { renderText } from "../../../src/rehearsal/report/text";
import type { Report } from "../../../src/rehearsal/report/report";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { stackOf } from "../../readers/cloudformation/support";

/** The role may not write, and its permissions are a resource of their own. */
const TEMPLATE = `
Resources:
  Copies: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-copies, VersioningConfiguration: { Status: Enabled } } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: sts:AssumeRole }] }
  Permissions:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: replication
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: [s3:ListBucket, "s3:Get*"], Resource: [arn:aws:s3:::acme-data, "arn:aws:s3:::acme-data/*"] }
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-data
      VersioningConfiguration: { Status: Enabled }
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules: [{ Status: Enabled, Prefix: "", Destination: { Bucket: !GetAtt Copies.Arn } }]
`;

function reportOf(text: string): Report {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTemplates([stackOf(text)]));
  return withPlaces(rehearse(snapshot), placesOf(snapshot));
}

describe("places", () => {
  it("has what a role may not and its mend where the role's only policy is written", () => {
    const { objects, advice } = reportOf(TEMPLATE);
    const missing = objects.flatMap((object) => object.missing);
    deepStrictEqual(new Set(missing.map(({ place }) => place?.address)), new Set(["Permissions"]));
    deepStrictEqual(new Set(advice.map(({ place }) => place?.address)), new Set(["Permissions"]));
    ok(advice.every(({ code }) => code?.text.startsWith("# Permissions: one more item of Statement")));
  });

  it("has the mend at the role where several policies could take it", () => {
    const second = `  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref Role]
      PolicyDocument: { Statement: [{ Effect: Allow, Action: sns:Publish, Resource: "*" }] }
`;
    const { advice } = reportOf(`${TEMPLATE}${second}`);
    deepStrictEqual(new Set(advice.map(({ place }) => place?.address)), new Set(["Role"]));
  });

  it("has a policy that AWS does not store where that policy is written, and no other thing", () => {
    const policy = `  CopiesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Copies
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: "111111111111" }, Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme-copies/*" }] }
`;
    const addresses = (text: string) => {
      const report = reportOf(text);
      const refused = problemsOf(report).filter(({ kind }) => kind === "policy-refused");
      ok(refused.every(({ mends }) => mends.length > 0));
      return [...report.refusals, ...refused].map(({ place }) => place?.address);
    };
    deepStrictEqual(addresses(`${TEMPLATE}${policy}`), ["CopiesPolicy", "CopiesPolicy"]);
    deepStrictEqual(addresses(TEMPLATE.replace("[arn:aws:s3:::acme-data,", "[arn:aws:s3::acme-data,")), [
      "Permissions",
      "Permissions",
    ]);
  });
});

describe("a rule without an ID", () => {
  it("is called by its place, and 'rule' is said once", () => {
    const text = renderText({ ...reportOf(TEMPLATE), accounts: [], permissions: [] });
    ok(text.includes("acme-data: rule 0 to acme-copies"), text);
    ok(!text.includes("rule rule"), text);
  });
});
