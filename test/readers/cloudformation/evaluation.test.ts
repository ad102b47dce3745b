/** What templates say once their functions are evaluated. */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { Unread } from "../../../src/snapshot/unread";
import { callsOf, type GivenStack, parametersOf, resourceOf, stackOf } from "./support";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";

const BUCKET = "\n  Data: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-data } }";

describe("CloudFormation's functions", () => {
  const rows: readonly [says: string, written: string, value: unknown, rest?: string][] = [
    ["Ref of a bucket is its name", "!Ref Data", "acme-data", BUCKET],
    ["GetAtt Arn of a bucket is its ARN", "!GetAtt Data.Arn", "arn:aws:s3:::acme-data", BUCKET],
    [
      "Sub puts references and attributes",
      '!Sub "${Data.Arn}/${AWS::Region}/*"',
      "arn:aws:s3:::acme-data/eu-west-1/*",
      BUCKET,
    ],
    [
      "Sub takes a map of its own before the template",
      '!Sub ["${Data}-${x}", { x: !Ref "AWS::AccountId", Data: own }]',
      "own-111111111111",
      BUCKET,
    ],
    [
      "Sub leaves a literal with an exclamation mark",
      '!Sub "${!aws:username}/${AWS::Partition}"',
      "${aws:username}/aws",
    ],
    [
      "Join joins what functions give",
      '!Join ["", ["arn:", !Ref "AWS::Partition", ":s3:::x"]]',
      "arn:aws:s3:::x",
    ],
    ["Select takes from a split", '!Select [1, !Split [":", "a:b:c"]]', "b"],
    [
      "a list of functions stays a list",
      '[!Ref "AWS::StackName", !Ref "AWS::URLSuffix"]',
      ["archive", "amazonaws.com"],
    ],
    ["NoValue takes an element out of a list", '[a, !Ref "AWS::NoValue", b]', ["a", "b"]],
    [
      "FindInMap finds by account",
      '!FindInMap [Names, !Ref "AWS::AccountId", bucket]',
      "acme-prod",
      "\nMappings: { Names: { '111111111111': { bucket: acme-prod } } }",
    ],
    [
      "If takes the branch of a true condition",
      "!If [Here, yes, no]",
      "yes",
      "\nConditions: { Here: !Equals [!Ref AWS::Region, eu-west-1] }",
    ],
    [
      "If takes the other branch",
      "!If [There, 'a', 'b']",
      "b",
      "\nConditions: { There: !Not [!Equals [!Ref AWS::Region, eu-west-1]] }",
    ],
    ["Base64 is made of the text", "!Base64 abc", "YWJj"],
  ];
  for (const [says, written, value, rest] of rows) {
    it(says, () => deepEqual(resourceOf(written, rest), value));
  }

  it("conditions of conditions are evaluated, and one may have the name of a parameter", () => {
    const rest = `
Parameters: { Replicate: { Type: String, Default: "true" } }
Conditions:
  Replicate: !Equals [!Ref Replicate, "true"]
  Both: !And [{ Condition: Replicate }, !Or [!Equals [a, b], !Condition Replicate]]`;
    equal(resourceOf("!If [Both, both, none]", rest), "both");
    equal(resourceOf("!If [Both, both, none]", rest, { parameters: { Replicate: "false" } }), "none");
  });

  it("Condition inside a policy statement is IAM's own", () => {
    const calls = callsOf(`Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-data
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: "*"
            Condition: { Bool: { aws:SecureTransport: false }, NumericLessThan: { s3:TlsVersion: 1.2 } }`);
    const { Policy } = parametersOf(calls, "s3:PutBucketPolicy");
    deepEqual((Policy as { Statement: { Condition: unknown }[] }).Statement[0]?.Condition, {
      Bool: { "aws:SecureTransport": "false" },
      NumericLessThan: { "s3:TlsVersion": "1.2" },
    });
  });
});

describe("scalars of YAML", () => {
  it("an account id keeps its leading zeros, a version is no date", () => {
    equal(resourceOf("012345678901"), "012345678901");
    equal(resourceOf("2012-10-17"), "2012-10-17");
    equal(
      resourceOf("!Ref Account", "\nParameters: { Account: { Type: String, Default: 000000000012 } }"),
      "000000000012",
    );
  });

  it("aliases and merge keys are written out, and what a map says itself wins", () => {
    const calls = callsOf(`
Shared: &rule { Effect: Allow, Action: s3:GetObject, Resource: "*" }
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-data
      PolicyDocument: { Statement: [{ <<: *rule, Action: s3:PutObject }, *rule] }`);
    const { Policy } = parametersOf(calls, "s3:PutBucketPolicy");
    deepEqual(Policy, {
      Statement: [
        { Effect: "Allow", Action: "s3:PutObject", Resource: "*" },
        { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
      ],
    });
  });

  it("JSON is read as YAML is, and its numbers become texts", () => {
    const calls = callsOf(
      JSON.stringify({
        Resources: {
          P: {
            Type: "AWS::S3::BucketPolicy",
            Properties: { Bucket: "b", PolicyDocument: { N: 1.5, T: true } },
          },
        },
      }),
    );
    deepEqual(parametersOf(calls, "s3:PutBucketPolicy").Policy, { N: "1.5", T: "true" });
  });
});

describe("what a template cannot say before its deployment", () => {
  const rows: readonly [says: string, written: string, why: RegExp, rest?: string][] = [
    ["a dynamic reference", '"{{resolve:ssm:/acme/bucket}}"', /dynamic reference \{\{resolve:ssm/],
    [
      "a parameter of Systems Manager",
      "!Ref Name",
      /'Name', whose value stands in Systems Manager/,
      "\nParameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /acme } }",
    ],
    [
      "a parameter that is not to be shown",
      "!Ref Secret",
      /'Secret', which is not to be shown/,
      "\nParameters: { Secret: { Type: String, NoEcho: true, Default: hush } }",
    ],
    [
      "an attribute of a custom resource",
      "!GetAtt Made.Name",
      /'Name' of 'Resources.Made'/,
      "\n  Made: { Type: Custom::Maker, Properties: { ServiceToken: x } }",
    ],
    [
      "an import that no template here exports",
      "!ImportValue other-arn",
      /export 'other-arn' of account 111111111111 in eu-west-1/,
    ],
    [
      "a dynamic reference that a function puts together",
      '!Join ["", ["{{resolve:ssm:", /acme/bucket, "}}"]]',
      /dynamic reference \{\{resolve:ssm:\/acme\/bucket\}\}/,
    ],
    [
      "a dynamic reference in a parameter",
      "!Ref Name",
      /dynamic reference/,
      "\nParameters: { Name: { Type: String, Default: '{{resolve:ssm:/acme}}' } }",
    ],
    [
      "an output of a stack that is not here",
      "{ 'Fn::GetStackOutput': { StackName: other, OutputName: Arn, Region: us-east-1 } }",
      /output 'Arn' of the stack 'other' of 111111111111 in us-east-1, which no template here makes/,
    ],
    ["a macro inside", "{ 'Fn::Transform': { Name: Upper } }", /macro 'Upper'/],
    [
      "what is made of any of them",
      '!Sub "${Id}/*"',
      /stack/,
      "\nParameters: { Id: { Type: 'AWS::SSM::Parameter::Value<String>' , Default: /stack } }",
    ],
  ];
  for (const [says, written, why, rest] of rows) {
    it(`${says} stays unread`, () => {
      const value = resourceOf(written, rest);
      ok(value instanceof Unread, String(value));
      if (says !== "what is made of any of them") match(value.why, why);
    });
  }

  it("of a condition that hangs on it no branch is picked, unless both say the same", () => {
    const rest = `
Parameters: { Stage: { Type: "AWS::SSM::Parameter::Value<String>", Default: /stage } }
Conditions: { Live: !Equals [!Ref Stage, live] }`;
    ok(resourceOf("!If [Live, a, b]", rest) instanceof Unread);
    equal(resourceOf("!If [Live, same, same]", rest), "same");
    equal(
      resourceOf(
        "!If [Off, a, b]",
        `${rest.replace("Live:", "Off: !And [{ Condition: Live }, !Equals [a, b]]\n  Live:").replace("Conditions: {", "Conditions:\n ").replace(/ \}$/, "")}`,
      ),
      "b",
    );
  });

  it("a value that is not to be shown is in no error", () => {
    throws(
      () =>
        resourceOf(
          "!Ref Secret",
          "\nParameters: { Secret: { Type: String, NoEcho: true, Default: hush, AllowedValues: [x] } }\n  X: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Nothing } }",
        ),
      (error: Error) => !error.message.includes("hush"),
    );
  });
});

describe("a template of AWS SAM", () => {
  const template = (transform: string) => `${transform}
Resources:
  Job: { Type: AWS::Serverless::Function, Properties: { Handler: a.b } }
  Policy:
    Type: AWS::S3::BucketPolicy
    DependsOn: JobRole
    Properties:
      Bucket: acme-data
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: !GetAtt JobRole.Arn }, Action: s3:GetObject, Resource: "*" }] }`;

  it("may name what SAM adds, which stays unread", () => {
    const { Policy } = parametersOf(
      callsOf(template("Transform: AWS::Serverless-2016-10-31")),
      "s3:PutBucketPolicy",
    );
    match(JSON.stringify(Policy), /'JobRole', which the template does not have and AWS SAM may add/);
  });

  it("is refused with the same names where SAM does not process it", () => {
    throws(() => callsOf(template("")), /names 'JobRole', which the template does not have/);
  });
});

describe("templates that CloudFormation would not take", () => {
  const rows: readonly [says: string, template: string, message: RegExp][] = [
    [
      "an unknown function",
      "Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Upper x } } }",
      /'Resources.B' in line 1 says 'Fn::Upper', which is no function/,
    ],
    [
      "an unknown function in a StackSet",
      "Resources: { S: { Type: AWS::CloudFormation::StackSet, Properties: { TemplateBody: !Embed x } } }",
      /: 'Resources.S' in line 1 says 'Fn::Embed', which is no function/,
    ],
    [
      "a name that is nowhere",
      "Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Nope } } }",
      /refers to 'Nope', which is neither a parameter nor a resource/,
    ],
    [
      "a condition that is nowhere",
      "Resources: { B: { Type: AWS::S3::Bucket, Condition: Nope } }",
      /names the condition 'Nope'/,
    ],
    [
      "a name twice",
      "Resources:\n  B: { Type: AWS::S3::Bucket }\n  B: { Type: AWS::S3::Bucket }",
      /'B' in line 3 stands there already/,
    ],
    [
      "a circle of names",
      "Resources:\n  A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub '${B}-a' } }\n  B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub '${A}-b' } }",
      /refers to itself/,
    ],
    [
      "a circle of conditions",
      "Conditions: { A: !Not [!Condition B], B: !Not [!Condition A] }\nResources: { X: { Type: AWS::S3::Bucket, Condition: A } }",
      /refers to itself/,
    ],
    [
      "a resource that waits for one which is nowhere",
      "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    DependsOn: [Nope]",
      /'DependsOn' of 'Resources.B' in line 2 names 'Nope', which the template does not have/,
    ],
    [
      "a resource that is no map",
      "Resources:\n  B: { Type: AWS::S3::Bucket }\n  C: [AWS::S3::Bucket]",
      /'Resources.C' in line 3 must be a map/,
    ],
    ["an alias within itself", "Resources: &a { B: *a }", /stands within its own anchor/],
    [
      "a macro",
      "Transform: Acme::Macro\nResources: { B: { Type: AWS::S3::Bucket } }",
      /transformed by 'Acme::Macro', which runs only in AWS/,
    ],
    [
      "a loop",
      "Transform: AWS::LanguageExtensions\nResources: { 'Fn::ForEach::B': [x, [a], {}] }",
      /repeats resources/,
    ],
    [
      "a loop among properties",
      "Transform: AWS::LanguageExtensions\nResources: { B: { Type: AWS::S3::Bucket, Properties: { 'Fn::ForEach::P': [x, [a], {}] } } }",
      /'Resources.B' in line 2 has properties by 'Fn::ForEach::P', which runs only in AWS/,
    ],
    [
      "a macro beside other properties",
      "Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: b, 'Fn::Transform': { Name: Acme } } } }",
      /has properties by 'Fn::Transform'/,
    ],
    [
      "a resource that is not made",
      "Conditions: { No: !Equals [a, b] }\nResources:\n  A: { Type: AWS::S3::Bucket, Condition: No }\n  B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref A } }",
      /'A', which is not made, as its condition 'No' is false/,
    ],
    ["no template", "a: 1", /must be a CloudFormation template, a map with 'Resources'/],
    ["no YAML", "Resources: [", /must be YAML or JSON/],
    ["lists in lists without end", `Resources: ${"[".repeat(5000)}`, /at most 100 lists and maps deep/],
    [
      "a missing item",
      "Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Select [3, [a, b]] } } }",
      /must select one of 2 items/,
    ],
    [
      "a parameter without a value",
      "Parameters: { Name: { Type: String } }\nResources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Ref Name } } }",
      /the parameter 'Name' has no value, and no default; say '--parameter Name=<value>'/,
    ],
    [
      "a value that is not allowed",
      "Parameters: { Name: { Type: String, Default: c, AllowedValues: [a, b] } }\nResources: { B: { Type: AWS::S3::Bucket } }",
      /'Name' must be one of a, b, got 'c'/,
    ],
    [
      "a role and a bucket that wait for each other",
      `Resources:
  Data: { Type: AWS::S3::Bucket, Properties: { ReplicationConfiguration: { Role: !GetAtt Role.Arn, Rules: [] } } }
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: p, PolicyDocument: { Resource: !GetAtt Data.Arn } }] } }`,
      /circular dependency: Data -> Role -> Data/,
    ],
  ];
  for (const [says, template, message] of rows) {
    it(`${says} is one clear error`, () => {
      throws(() => callsOf(template), { name: "InvalidInputError", message });
    });
  }

  it("a parameter that only a tag needs is not asked for", () => {
    equal(
      callsOf(
        "Parameters: { Owner: { Type: String } }\nResources: { B: { Type: AWS::S3::Bucket, Properties: { Tags: [{ Key: owner, Value: !Ref Owner }] } } }",
      ).length,
      1,
    );
  });
});

describe("stacks of one call", () => {
  const exporting = `
Resources: { Data: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-data } } }
Outputs: { Arn: { Value: !GetAtt Data.Arn, Export: { Name: !Sub "\${AWS::StackName}-arn" } } }`;
  const importing = `
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: { Bucket: other, PolicyDocument: { Resource: !ImportValue archive-arn } }`;
  const imported = (given: GivenStack) => {
    const readings = readTemplates([stackOf(importing, { stackName: "data" }), stackOf(exporting, given)]);
    const { Policy } = parametersOf(readings[0]?.calls ?? [], "s3:PutBucketPolicy");
    return (Policy as { Resource: unknown }).Resource;
  };

  it("import what others of the same account and Region export, whatever their order is", () => {
    equal(imported({}), "arn:aws:s3:::acme-data");
  });

  it("read outputs of each other by their stacks' names, in other accounts and Regions too", () => {
    const maker = (name: string) =>
      `Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: ${name} } } }\nOutputs: { Arn: { Value: !GetAtt B.Arn } }`;
    const reader = `Resources:
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: acme-data
      PolicyDocument:
        Own: { "Fn::GetStackOutput": { StackName: copies, OutputName: Arn } }
        Elsewhere: { "Fn::GetStackOutput": { StackName: copies, OutputName: Arn, Region: eu-central-1 } }
        Others: !GetStackOutput { StackName: copies, OutputName: Arn, RoleArn: "arn:aws:iam::222222222222:role/reader" }`;
    const readings = readTemplates([
      stackOf(reader, { stackName: "data" }),
      stackOf(maker("own"), { stackName: "copies" }),
      stackOf(maker("elsewhere"), { stackName: "copies", region: "eu-central-1" }),
      stackOf(maker("others"), { stackName: "copies", accountId: "222222222222" }),
    ]);
    const calls = readings.flatMap(({ calls }) => calls);
    deepEqual(parametersOf(calls, "s3:PutBucketPolicy").Policy, {
      Own: "arn:aws:s3:::own",
      Elsewhere: "arn:aws:s3:::elsewhere",
      Others: "arn:aws:s3:::others",
    });
  });

  it("import nothing of another account or Region", () => {
    ok(imported({ accountId: "222222222222" }) instanceof Unread);
    ok(imported({ region: "eu-central-1" }) instanceof Unread);
  });

  it("do not share an export's name", () => {
    const stacks = [importing, exporting, exporting].map((text, index) =>
      stackOf(text, { stackName: `s${index}` }),
    );
    const renamed = stacks.map(({ template, ...rest }, index) =>
      index === 0
        ? { template, ...rest }
        : stackOf(exporting.replace('!Sub "${AWS::StackName}-arn"', "archive-arn"), {
            stackName: `s${index}`,
          }),
    );
    throws(() => readTemplates(renamed), { message: /the export 'archive-arn' is one of .* already/ });
  });

  it("do not share a name", () => {
    throws(() => readTemplates([stackOf(exporting), stackOf(exporting)]), {
      message: /the stack archive of 111111111111 in eu-west-1 is that of/,
    });
  });

  it("read what CDK carries from one Region to another", () => {
    const writing = `
Resources:
  Key: { Type: AWS::KMS::Key }
  Writer:
    Type: Custom::CrossRegionExportWriter
    Properties: { WriterProps: { region: eu-west-1, exports: { /cdk/exports/data/KeyArn: !GetAtt Key.Arn } } }`;
    const reading = `
Resources:
  Reader: { Type: Custom::CrossRegionExportReader, Properties: { ReaderProps: {} } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: { Bucket: other, PolicyDocument: { Resource: !GetAtt ["Reader", "/cdk/exports/data/KeyArn"] } }`;
    const [, read] = readTemplates([
      stackOf(writing, { region: "eu-central-1", stackName: "copies" }),
      stackOf(reading, { stackName: "data" }),
    ]);
    const { Policy } = parametersOf(read?.calls ?? [], "s3:PutBucketPolicy");
    match(String((Policy as { Resource: unknown }).Resource), /^arn:aws:kms:eu-central-1:111111111111:key\//);
  });
});
