/** What 'cdk synth' writes: its stacks, stages, environments and the constructs that findings name. */
import { deepStrictEqual, match, rejects, strictEqual, throws } from "node:assert";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAssembly } from "../../../src/readers/cloudformation/cdkAssembly";
import { readTemplates } from "../../../src/readers/cloudformation/fromTemplates";
import type { AssemblySource } from "../../../src/readers/cloudformation/templateSources";
import type { AccountNames } from "../../../src/readers/providerAccounts";

const TEMPLATE = {
  Resources: {
    DataABC: { Type: "AWS::S3::Bucket", Metadata: { "aws:cdk:path": "App/Data/Resource" } },
    CopiesDEF: { Type: "AWS::S3::Bucket" },
  },
};

const stack = (environment: string, more: object = {}) => ({
  type: "aws:cloudformation:stack",
  environment,
  properties: { templateFile: "app.template.json" },
  ...more,
});

function assembly(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(join(tmpdir(), "assembly-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return directory;
}

const assemblyOf = (directory: string, accounts: AccountNames, said: Partial<AssemblySource> = {}) =>
  readAssembly({ directory, parameter: [], parameters: [], ...said }, accounts);

const manifest = (artifacts: object) => ({ version: "55.0.0", artifacts });

describe("a cloud assembly", () => {
  it("has its stacks' accounts and Regions, and its constructs' paths", async () => {
    const directory = assembly({
      "manifest.json": manifest({
        app: stack("aws://222222222222/eu-central-1", {
          metadata: { "/App/Copies/Resource": [{ type: "aws:cdk:logicalId", data: "CopiesDEF" }] },
        }),
      }),
      "app.template.json": TEMPLATE,
    });
    const [reading] = readTemplates(await assemblyOf(directory, {}));
    deepStrictEqual(
      reading?.calls.map(({ account, region, place }) => [account, region, place?.tool, place?.address]),
      [
        ["222222222222", "eu-central-1", "cdk", "App/Data"],
        ["222222222222", "eu-central-1", "cdk", "App/Copies"],
      ],
    );
  });

  it("has the paths of newer versions, which stand in a file of their own", async () => {
    const directory = assembly({
      "manifest.json": manifest({
        app: stack("aws://222222222222/eu-central-1", { additionalMetadataFile: "app.metadata.json" }),
      }),
      "app.metadata.json": { "/App/Copies/Resource": [{ type: "aws:cdk:logicalId", data: "CopiesDEF" }] },
      "app.template.json": TEMPLATE,
    });
    const [reading] = readTemplates(await assemblyOf(directory, {}));
    strictEqual(reading?.calls[1]?.place?.address, "App/Copies");
  });

  it("has the stacks of its stages", async () => {
    const directory = assembly({
      "manifest.json": manifest({
        stage: { type: "cdk:cloud-assembly", properties: { directoryName: "assembly-prod" } },
      }),
      "assembly-prod/manifest.json": manifest({ app: stack("aws://333333333333/us-east-1") }),
      "assembly-prod/app.template.json": TEMPLATE,
    });
    deepStrictEqual(
      (await assemblyOf(directory, {})).map(({ accountId, stackName }) => [accountId, stackName]),
      [["333333333333", "app"]],
    );
  });

  it("asks for the account of a stack that is for any, by its name", async () => {
    const directory = assembly({
      "manifest.json": manifest({ app: stack("aws://unknown-account/unknown-region") }),
      "app.template.json": TEMPLATE,
    });
    await rejects(
      assemblyOf(directory, {}),
      /the stack 'app' is synthesised for any account; say '--account app=/,
    );
    strictEqual((await assemblyOf(directory, { app: "444444444444" }))[0]?.accountId, "444444444444");
    strictEqual((await assemblyOf(directory, { "": "555555555555" }))[0]?.accountId, "555555555555");
  });

  const parameterised = () =>
    assembly({
      "manifest.json": manifest({
        one: stack("aws://222222222222/eu-west-1"),
        two: stack("aws://unknown-account/unknown-region"),
      }),
      "app.template.json": {
        Parameters: { Stage: { Type: "String" } },
        Resources: { Data: { Type: "AWS::S3::Bucket", Properties: { BucketName: { Ref: "Stage" } } } },
      },
    });

  it("takes parameters for all of its stacks, and for one as cdk deploy does", async () => {
    const stacks = await assemblyOf(
      parameterised(),
      { "": "111111111111" },
      { parameter: ["Stage=live", "two:Stage=trial"] },
    );
    deepStrictEqual(
      readTemplates(stacks).map(({ calls }) => (calls[0]?.parameters as { Bucket: string }).Bucket),
      ["live", "trial"],
    );
    await rejects(
      assemblyOf(parameterised(), { "": "111111111111" }, { parameter: ["Stge=live"] }),
      /no stack of it has the parameter 'Stge'/,
    );
  });

  it("asks for a parameter in the words that follow --cdk", async () => {
    const stacks = await assemblyOf(parameterised(), { "": "111111111111" });
    throws(() => readTemplates(stacks), /say '--parameter one:Stage=<value>' after --cdk/);
  });

  it("says which Region it takes a stack for any to be in, unless somebody says it", async () => {
    const directory = assembly({
      "manifest.json": manifest({ app: stack("aws://222222222222/unknown-region") }),
      "app.template.json": TEMPLATE,
    });
    const [assumed] = readTemplates(await assemblyOf(directory, {}));
    match(
      assumed?.assumptions?.join() ?? "",
      /'app' is synthesised for any Region, and is taken to be in us-east-1.*'--region'/,
    );
    const stacks = await assemblyOf(directory, {}, { region: "eu-west-1" });
    strictEqual(stacks[0]?.region, "eu-west-1");
    deepStrictEqual(stacks[0].assumptions, []);
  });

  const wrong: readonly [says: string, files: Readonly<Record<string, unknown>>, message: RegExp][] = [
    ["is empty", {}, /must be the directory that 'cdk synth' writes \(cdk\.out\), and is empty/],
    [
      "is half written",
      { "cdk.out": "{}" },
      /has no manifest.json: it is no cloud assembly, or one that is half written/,
    ],
    ["has no stacks", { "manifest.json": manifest({}) }, /has no stacks/],
    [
      "lacks a template",
      { "manifest.json": manifest({ app: stack("aws://222222222222/eu-west-1") }) },
      /app.template.json', which does not exist/,
    ],
    ["has a manifest that is none", { "manifest.json": [] }, /must be the manifest of a cloud assembly/],
    [
      "has a stack without a template",
      { "manifest.json": manifest({ app: { type: "aws:cloudformation:stack" } }) },
      /must have a 'templateFile'/,
    ],
  ];
  it("that is a file, or nothing, is told as such", async () => {
    const directory = assembly({ "manifest.json": manifest({}) });
    await rejects(assemblyOf(join(directory, "manifest.json"), {}), /\(cdk\.out\), and is a file$/);
    await rejects(assemblyOf(join(directory, "none"), {}), /\(cdk\.out\), and does not exist$/);
  });

  for (const [says, files, message] of wrong) {
    it(`that ${says} is one clear error`, async () => {
      await rejects(assemblyOf(assembly(files), {}), (error: Error) => {
        strictEqual(error.name, "InvalidInputError");
        match(error.message, message);
        return true;
      });
    });
  }
});
