/** Stacks of templates of which the command says only the file. */
import { strictEqual } from "node:assert";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import { readTemplateSources } from "../../../src/readers/cloudformation/templateSources";
import { applyReadings } from "../../../src/readers/joinSources";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { inDirectory } from "../../support/cli";
import { ACCOUNT, REGION } from "./support";

const COPIES = `
Resources:
  Copies:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub \${AWS::StackName}-copies
      VersioningConfiguration: { Status: Enabled }
Outputs:
  Arn: { Value: !GetAtt Copies.Arn }
`;

const DATA = `
Parameters: { CopiesArn: { Type: String } }
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: { Status: Enabled }
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules: [{ Prefix: "", Status: Enabled, Destination: { Bucket: !Ref CopiesArn } }]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: "sts:AssumeRole" }]
      Policies:
        - PolicyName: all
          PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] }
`;

describe("stacks of templates whose files are called as no stack may be", () => {
  it("make names that AWS takes, and have their outputs by the files", async () => {
    await inDirectory({ "Copies Stack.yaml": COPIES, "data_stack.yaml": DATA }, async (directory) => {
      const place = { account: ACCOUNT, region: REGION, parameters: [] };
      const stacks = await readTemplateSources([
        { ...place, file: join(directory, "Copies Stack.yaml"), parameter: [] },
        {
          ...place,
          file: join(directory, "data_stack.yaml"),
          parameter: ["CopiesArn=output:Copies Stack.Arn"],
        },
      ]);
      const snapshot = emptySnapshot();
      applyReadings(snapshot, readTemplates(stacks));
      const { verdict, unread, refusals } = rehearse(snapshot);
      strictEqual(verdict, "proven", JSON.stringify([unread, refusals]));
    });
  });
});
