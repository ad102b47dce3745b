/** Stacks that a template makes: nested ones whose templates lie beside it, and those of StackSets. */
import { match, rejects, strictEqual } from "node:assert";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import { readTemplateSources } from "../../../src/readers/cloudformation/templateSources";
import { readAssembly } from "../../../src/readers/cloudformation/cdkAssembly";
import { applyReadings } from "../../../src/readers/joinSources";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { placesOf } from "../../../src/resources/resources";
import { emptySnapshot } from "../../../src/snapshot/snapshot";
import { inDirectory } from "../../support/cli";
import { ACCOUNT, REGION, stackOf } from "./support";
import type { TemplateStack } from "../../../src/readers/cloudformation/fromTemplates";

const COPIES = `
Parameters: { Name: { Type: String }, Writers: { Type: CommaDelimitedList, Default: "" } }
Resources:
  Copies: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Name, VersioningConfiguration: { Status: Enabled } } }
Outputs: { Arn: { Value: !GetAtt Copies.Arn } }
`;

const ROLE = `
Parameters: { From: { Type: String }, To: { Type: String } }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: ["s3:Get*", s3:ListBucket], Resource: [!Ref From, !Sub "\${From}/*"] }
              - { Effect: Allow, Action: "s3:Replicate*", Resource: !Sub "\${To}/*" }
Outputs: { Arn: { Value: !GetAtt Role.Arn } }
`;

/** A bucket whose replicas and whose role are made by nested stacks, of which one gets what the other puts out. */
const parent = (output = "Arn") => `
Resources:
  Copies: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./copies.yaml, Parameters: { Name: acme-copies } } }
  Access:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./access.yaml
      Parameters: { From: arn:aws:s3:::acme-data, To: !GetAtt Copies.Outputs.${output} }
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-data
      VersioningConfiguration: { Status: Enabled }
      ReplicationConfiguration:
        Role: !GetAtt Access.Outputs.Arn
        Rules:
          - Status: Enabled
            Priority: 1
            Filter: { Prefix: "" }
            DeleteMarkerReplication: { Status: Enabled }
            Destination: { Bucket: !GetAtt Copies.Outputs.Arn }
`;

function told(stacks: readonly TemplateStack[]) {
  const snapshot = emptySnapshot();
  applyReadings(snapshot, readTemplates(stacks));
  const places = placesOf(snapshot);
  return rehearse(snapshot, { explain: (arn, setting) => places.explain(arn, setting) });
}

describe("nested stacks", () => {
  const read = (files: Readonly<Record<string, string>>) =>
    inDirectory(files, async (directory) => {
      const source = {
        file: `${directory}/app.yaml`,
        account: ACCOUNT,
        region: REGION,
        parameter: [],
        parameters: [],
      };
      return told(await readTemplateSources([source]));
    });

  it("are read from files beside the template, with what they pass to each other", async () => {
    const { verdict, unread } = await read({
      "app.yaml": parent(),
      "copies.yaml": COPIES,
      "access.yaml": ROLE,
    });
    strictEqual(verdict, "proven", unread.join());
  });

  it("are broken where a nested role may not write, at its place in its own file", async () => {
    const access = ROLE.replace(/ +- \{ Effect: Allow, Action: "s3:Replicate.*\n/, "");
    const { verdict } = await read({ "app.yaml": parent(), "copies.yaml": COPIES, "access.yaml": access });
    strictEqual(verdict, "broken");
  });

  it("are named and unproven where the file is not there", async () => {
    const { verdict, unread } = await read({ "app.yaml": parent(), "copies.yaml": COPIES });
    strictEqual(verdict, "unproven");
    match(
      unread.join("\n"),
      /'Resources\.Access' in line \d+ .* is a nested stack, .* is not read, as it is not beside/,
    );
  });

  it("are refused where an output is read that they do not have", async () => {
    await rejects(
      read({ "app.yaml": parent("Nope"), "copies.yaml": COPIES, "access.yaml": ROLE }),
      /copies\.yaml: it has no output 'Nope', which the stack that makes it reads of 'Copies'/,
    );
  });

  it("are refused where they are not given a parameter", async () => {
    const access = ROLE.replace("To: { Type: String }", "To: { Type: String }, Other: { Type: String }");
    const file = access.replace("PolicyName: all", "PolicyName: !Ref Other");
    await rejects(
      read({ "app.yaml": parent(), "copies.yaml": COPIES, "access.yaml": file }),
      /'Other' has no value, and no default; give it in 'Parameters' of the stack that makes this one/,
    );
  });

  it("of a CDK app are read from its assembly", async () => {
    const template = parent()
      .replace("./copies.yaml", "https://assets/copies")
      .replace("./access.yaml", "https://assets/access")
      .replace("Copies: { Type", "Copies: { Metadata: { 'aws:asset:path': copies.yaml }, Type")
      .replace("  Access:\n", "  Access:\n    Metadata: { 'aws:asset:path': access.yaml }\n");
    const manifest = {
      version: "55.0.0",
      artifacts: {
        app: {
          type: "aws:cloudformation:stack",
          environment: `aws://${ACCOUNT}/${REGION}`,
          properties: { templateFile: "app.yaml" },
        },
      },
    };
    const files = {
      "manifest.json": JSON.stringify(manifest),
      "app.yaml": template,
      "copies.yaml": COPIES,
      "access.yaml": ROLE,
    };
    await inDirectory(files, async (directory) => {
      const stacks = await readAssembly({ directory, parameter: [], parameters: [] }, {});
      strictEqual(told(stacks).verdict, "proven");
    });
  });
});

describe("nested stacks of a CDK app that notes no paths of assets", () => {
  it("are found by the hash that their TemplateURL names", async () => {
    const [copies, access] = ["c", "a"].map((letter) => letter.repeat(64)) as [string, string];
    const url = (hash: string) => `!Sub "https://s3.\${AWS::Region}.amazonaws.com/assets/${hash}.json"`;
    const template = parent().replace("./copies.yaml", url(copies)).replace("./access.yaml", url(access));
    const files = {
      [copies]: { source: { path: "copies.nested.template.json" } },
      [access]: { source: { path: "access.nested.template.json" } },
    };
    const written = {
      "app.template.json": template,
      "app.assets.json": JSON.stringify({ version: "55.0.0", files }),
      "copies.nested.template.json": COPIES,
      "access.nested.template.json": ROLE,
    };
    await inDirectory(written, async (directory) => {
      const stacks = await readTemplateSources([
        {
          file: join(directory, "app.template.json"),
          account: ACCOUNT,
          region: REGION,
          parameter: [],
          parameters: [],
        },
      ]);
      strictEqual(told(stacks).verdict, "proven");
    });
  });
});

describe("a StackSet", () => {
  const set = (targets: string) => `
Resources:
  Everywhere:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: copies
      PermissionModel: SELF_MANAGED
      Parameters: [{ ParameterKey: Name, ParameterValue: !Sub "\${AWS::AccountId}-copies" }]
      StackInstancesGroup: [{ DeploymentTargets: ${targets}, Regions: [eu-central-1] }]
      TemplateBody: |
${COPIES.replaceAll(/^/gm, "        ")}
`;

  it("is read in the accounts and Regions that it names", () => {
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates([stackOf(set("{ Accounts: ['222222222222'] }"))]));
    const bucket = snapshot.buckets[`arn:aws:s3:::${ACCOUNT}-copies`];
    strictEqual(
      `${bucket?.account} ${bucket?.region} ${bucket?.versioning}`,
      "222222222222 eu-central-1 Enabled",
    );
    strictEqual(snapshot.unread, undefined);
  });

  it("is named and not read where some of its stacks have other parameters", () => {
    const snapshot = emptySnapshot();
    const overrides = "ParameterOverrides: [{ ParameterKey: Name, ParameterValue: other }]";
    const text = set("{ Accounts: ['222222222222'] }").replace("Regions: [", `${overrides}, Regions: [`);
    applyReadings(snapshot, readTemplates([stackOf(text)]));
    strictEqual(Object.keys(snapshot.buckets).length, 0);
    match(snapshot.unread?.join() ?? "", /what their template makes is not read/);
  });

  it("is named and not read where it goes to organizational units", () => {
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTemplates([stackOf(set("{ OrganizationalUnitIds: [ou-1234-abcdefgh] }"))]));
    strictEqual(Object.keys(snapshot.buckets).length, 0);
    match(
      snapshot.unread?.join() ?? "",
      /makes stacks in other accounts, and what their template makes is not read/,
    );
  });
});
