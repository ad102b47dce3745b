import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOtherProgram } from "../../../src/readers/program/otherProgram";
import { isUnreadPolicy, unreadSentences } from "../../../src/snapshot/unread";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { bucket, failure, FIXTURES } from "../support";

const CLASSIC = join(FIXTURES, "classic");
const TWO_STACKS = join(FIXTURES, "two-stacks");
const ACCOUNTS = { backup: "333333333333", studio: "444444444444" };

/** A program of its own: files by name. */
function project(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "program-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

const YAML = "name: made\nruntime: nodejs\n";
const MODULE = '{"type":"module"}';
const STACK = 'config:\n  aws:region: eu-west-1\n  aws:allowedAccountIds: ["111111111111"]\n';

/** Runs the text of a program, with `s3`, `iam` and `kms` at hand. */
const run = (text: string, more: Readonly<Record<string, string>> = {}) =>
  readOtherProgram(
    project({
      "Pulumi.yaml": YAML,
      "Pulumi.dev.yaml": STACK,
      "index.js": `const pulumi = require("@pulumi/pulumi"); const s3 = require("@pulumi/aws/s3"); const iam = require("@pulumi/aws/iam"); const kms = require("@pulumi/aws/kms");\n${text}`,
      ...more,
    }),
    [],
    {},
  );

describe("a program of others", () => {
  it("in TypeScript, with the older classes, makes a pair that is proven", async () => {
    const { snapshot, stacks } = await readOtherProgram(CLASSIC, ["prod"], ACCOUNTS);
    strictEqual(rehearse(snapshot).verdict, "proven");
    deepStrictEqual(unreadSentences(snapshot), []);
    deepStrictEqual(Object.keys(snapshot.accounts), ["444444444444"]);
    strictEqual(bucket(snapshot, "photos-originals").region, "eu-central-1");
    deepStrictEqual(
      stacks.map(({ name, outputs }) => [name, outputs]),
      [["prod", { bucketName: "photos-originals" }]],
    );
  });

  it("runs once for each of its stacks, with what the earlier ones export", async () => {
    const begun: string[] = [];
    const { snapshot } = await readOtherProgram(TWO_STACKS, ["copies", "books"], {}, (stack) =>
      begun.push(stack),
    );
    strictEqual(rehearse(snapshot).verdict, "proven");
    deepStrictEqual(begun, ["copies", "books"]);
    const { account, region } = bucket(snapshot, "ledger-books");
    deepStrictEqual([account, region], ["666666666666", "us-west-2"]);
    deepStrictEqual(bucket(snapshot, "ledger-copies").region, "us-east-2");
  });

  it("runs anew each time, and leaves the process as it was", async () => {
    const before = [process.cwd(), console.log];
    await readOtherProgram(TWO_STACKS, ["copies", "books"], {});
    const { snapshot } = await readOtherProgram(CLASSIC, [], ACCOUNTS);
    strictEqual(rehearse(snapshot).verdict, "proven");
    deepStrictEqual([process.cwd(), console.log], before);
  });

  it("leaves unread what other programs make", async () => {
    const { snapshot } = await run(`
      const theirs = s3.Bucket.get("theirs", "theirs");
      new s3.BucketVersioning("theirs", { bucket: theirs.id, versioningConfiguration: { status: "Enabled" } });
      new iam.RolePolicyAttachment("role", { role: "elsewhere", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });`);
    const { unread, policy } = bucket(snapshot, "theirs");
    deepStrictEqual(unread, ["ownership", "policy", "encryption", "objectLock", "replication"]);
    ok(isUnreadPolicy(policy));
    deepStrictEqual(Object.keys(snapshot.accounts["111111111111"]?.roles ?? {}), [
      "arn:aws:iam::111111111111:role/elsewhere",
    ]);
  });

  it("may replicate to a bucket of another program, which leaves it unproven", async () => {
    const { snapshot } = await run(`
      const bucket = new s3.Bucket("it", { bucket: "it", versioning: { enabled: true } });
      const role = new iam.Role("it", { assumeRolePolicy: { Version: "2012-10-17", Statement: [] } });
      new s3.BucketReplicationConfig("it", { bucket, role: role.arn, rules: [{ status: "Enabled", prefix: "", destination: { bucket: "arn:aws:s3:::elsewhere" } }] });`);
    strictEqual(rehearse(snapshot).refusals.length, 0);
    ok(rehearse(snapshot).verdict !== "proven");
  });

  it("may ask for the policy of a document, an alias, a key, a bucket, the partition and the Region", async () => {
    const { stacks } = await run(`
      const aws = require("@pulumi/aws");
      const key = new kms.Key("it", {});
      const alias = new kms.Alias("it", { name: "alias/it", targetKeyId: key.id });
      module.exports = {
        key: key.arn,
        alias: alias.id.apply((name) => kms.getAlias({ name })).targetKeyArn,
        byId: key.id.apply((keyId) => kms.getKey({ keyId })).arn,
        bucket: s3.getBucketOutput({ bucket: "it" }).arn,
        partition: aws.getPartitionOutput().partition,
        region: aws.getRegionOutput().region,
      };`);
    const { key, ...outputs } = stacks[0]?.outputs ?? {};
    deepStrictEqual(outputs, {
      alias: key,
      byId: key,
      bucket: "arn:aws:s3:::it",
      partition: "aws",
      region: "eu-west-1",
    });
  });
});

describe("a program of others that is an ES module", () => {
  const shared = 'export const name = () => pulumi.getStack() + "-data";';
  const text = `
    import * as pulumi from "@pulumi/pulumi";
    import { Bucket } from "@pulumi/aws/s3/bucket.js";
    import { name } from "./name.js";
    const stack = await Promise.resolve(pulumi.getStack());
    const bucket = new Bucket("it", { bucket: name(), versioning: { enabled: stack === "b" } });
    console.log("made");
  `;
  const stacks = { "Pulumi.a.yaml": STACK, "Pulumi.b.yaml": STACK, "package.json": MODULE };
  const named = (ending: string) => ({
    [`index.${ending}`]: `${text}\nexport const { bucket: bucketName } = bucket;`,
    [`name.${ending}`]: `import * as pulumi from "@pulumi/pulumi";\n${shared}`,
  });
  const FORMS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["in JavaScript", named("js")],
    [
      "in TypeScript",
      {
        ...named("ts"),
        "name.ts": `import * as pulumi from "@pulumi/pulumi";\n${shared.replace("()", "(): string")}`,
      },
    ],
    [
      "whose project says so by the file's name",
      {
        "Pulumi.yaml": `${YAML}main: index.mjs\n`,
        "package.json": "{}",
        "index.mjs": named("js")["index.js"]!.replace("./name.js", "./name.mjs"),
        "name.mjs": named("js")["name.js"]!,
      },
    ],
    [
      "that exports a function",
      {
        ...named("js"),
        "index.js": `${text.replace("const bucket", "export default async () => { const bucket").replace('console.log("made");', "return { bucketName: bucket.bucket }; };")}`,
      },
    ],
  ];
  for (const [what, files] of FORMS)
    it(`${what} runs anew for each stack`, async () => {
      const { snapshot, stacks: done } = await readOtherProgram(
        project({ "Pulumi.yaml": YAML, ...stacks, ...files }),
        ["a", "b"],
        {},
      );
      deepStrictEqual(
        [bucket(snapshot, "a-data").versioning, bucket(snapshot, "b-data").versioning],
        [null, "Enabled"],
      );
      deepStrictEqual(
        done.map(({ outputs }) => outputs.bucketName),
        ["a-data", "b-data"],
      );
    });
});

describe("a program of others whose replication S3 would refuse", () => {
  const pair = (versioning: string, afterwards = "") => `
    const one = new s3.Bucket("one", { bucket: "one" });
    const other = new s3.Bucket("other", { bucket: "other" });
    const role = new iam.Role("role", { name: "role", assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }) });
    const grants = new iam.RolePolicy("grants", { role: role.name, policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
    }) });
    const on = (name, bucket, dependsOn) => new s3.BucketVersioning(
      name, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }, { dependsOn });
    ${versioning}
    new s3.BucketReplicationConfig("rules", { bucket: one.id, role: role.arn, rules: [{
      id: "all", status: "Enabled", priority: 1, filter: {}, deleteMarkerReplication: { status: "Disabled" },
      destination: { bucket: other.arn },
    }] });
    ${afterwards}`;
  const NOT_VERSIONED =
    "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration";

  it("is reported as broken, with the bucket and its versioning as what to change", async () => {
    const report = rehearse((await run(pair('on("other", other);'))).snapshot);
    strictEqual(report.verdict, "broken");
    deepStrictEqual(
      report.refusals.map(({ bucket: arn, message }) => [arn, message]),
      [["arn:aws:s3:::one", NOT_VERSIONED]],
    );
    match(report.advice.map(({ command }) => command).join("\n"), /put-bucket-versioning --bucket one /);
  });

  it("is reported as broken where it comes before the versioning, with 'dependsOn' as what to change", async () => {
    const late =
      'const later = new s3.BucketOwnershipControls("later", { bucket: one.id, rule: { objectOwnership: "BucketOwnerEnforced" } }, { dependsOn: grants });';
    const report = rehearse(
      (await run(pair('on("other", other);', `${late} on("one", one, later);`))).snapshot,
    );
    strictEqual(report.verdict, "broken");
    strictEqual(
      report.refusals.some(({ message }) => message === NOT_VERSIONED),
      true,
    );
    deepStrictEqual(
      new Set(report.advice.map(({ resource, reason }) => `${resource}: ${reason}`)),
      new Set([
        "arn:aws:s3:::one: let aws:s3/bucketReplicationConfig:BucketReplicationConfig 'rules' wait ('dependsOn') for what S3 misses: the program puts it before",
      ]),
    );
  });

  it("is proven where versioning comes first", async () => {
    const report = rehearse((await run(pair('on("one", one); on("other", other);'))).snapshot);
    deepStrictEqual([report.verdict, report.refusals], ["proven", []]);
  });
});

describe("a program of others stops where AWS would refuse", () => {
  const ROLE = "arn:aws:iam::111111111111:role/late";
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: ROLE }, Action: "s3:*", Resource: "*" }],
  });

  it("a policy that names a role which is made only later", async () => {
    const { name, message } = await failure(() =>
      run(`
        const bucket = new s3.Bucket("it", { policy: ${JSON.stringify(policy)} });
        new iam.Role("late", { name: "late", assumeRolePolicy: "{}" }, { dependsOn: bucket });`),
    );
    strictEqual(name, "AwsRefusal");
    strictEqual(message, `MalformedPolicy: Invalid principal in policy: ${ROLE}, which is made only later`);
  });

  it("but not one that names a role which nobody makes here", async () => {
    const { snapshot } = await run(
      `new s3.Bucket("it", { bucket: "it", policy: ${JSON.stringify(policy)} });`,
    );
    deepStrictEqual(bucket(snapshot, "it").policy, JSON.parse(policy));
  });
});

describe("a program that cannot be read is explained", () => {
  const CASES: readonly (readonly [
    what: string,
    files: Readonly<Record<string, string>>,
    stacks: string[],
    message: RegExp,
  ])[] = [
    [
      "no project",
      {},
      [],
      /^--program: must be the directory of a Pulumi program, got '.*', which has no Pulumi.yaml$/,
    ],
    [
      "Python",
      { "Pulumi.yaml": "name: a\nruntime: python\n" },
      [],
      /Pulumi.yaml: 'runtime' must be 'nodejs' for a program to run here, got 'python'; read it from what 'pulumi preview --json --show-sames --show-reads' prints, with --preview$/,
    ],
    [
      "YAML",
      { "Pulumi.yaml": "name: a\nruntime:\n  name: yaml\n" },
      [],
      /'runtime' must be 'nodejs' for a program to run here, got 'yaml'; read it from/,
    ],
    [
      "a project without a name",
      { "Pulumi.yaml": "runtime: nodejs\n" },
      [],
      /Pulumi.yaml: 'name' must be the project's name, got nothing$/,
    ],
    ["a project that is no YAML", { "Pulumi.yaml": "a: [" }, [], /Pulumi.yaml: must be YAML: /],
    [
      "a package.json that is no JSON",
      { "Pulumi.yaml": YAML, "package.json": "{", "index.js": "", "Pulumi.a.yaml": STACK },
      ["a"],
      /package.json: must be JSON: /,
    ],
    [
      "an ES module that lacks a package",
      {
        "Pulumi.yaml": YAML,
        "package.json": MODULE,
        "index.js": "import '@acme/no'",
        "Pulumi.a.yaml": STACK,
      },
      ["a"],
      /Pulumi.yaml: the program stopped: Cannot find package '@acme\/no'.*; install the program's packages first$/,
    ],
    [
      "an ES module in TypeScript that is none",
      { "Pulumi.yaml": YAML, "package.json": MODULE, "index.ts": "const = ;", "Pulumi.a.yaml": STACK },
      ["a"],
      /Pulumi.yaml: the program stopped: .*index.ts: Variable declaration expected/,
    ],
    [
      "no program",
      { "Pulumi.yaml": YAML },
      [],
      /Pulumi.yaml: 'main' must lead to a program, got nothing; there is no index.ts or index.js$/,
    ],
    [
      "no stack",
      { "Pulumi.yaml": YAML, "index.js": "" },
      [],
      /^--stack: must name the stacks of .*Pulumi.yaml in the order in which they are deployed; there is no Pulumi.<stack>.yaml$/,
    ],
    [
      "two stacks, and none named",
      { "Pulumi.yaml": YAML, "index.js": "", "Pulumi.b.yaml": STACK, "Pulumi.a.yaml": STACK },
      [],
      /^--stack: must name the stacks of .* are deployed; there are a, b$/,
    ],
    [
      "a stack that is not there",
      { "Pulumi.yaml": YAML, "index.js": "", "Pulumi.a.yaml": STACK },
      ["prod"],
      /^--stack: must be one of a, for which there is a Pulumi.<stack>.yaml, got 'prod'$/,
    ],
    [
      "encrypted configuration",
      { "Pulumi.yaml": YAML, "index.js": "", "Pulumi.a.yaml": "config:\n  made:key:\n    secure: AAAB\n" },
      ["a"],
      /Pulumi.a.yaml: 'made:key' is encrypted, and nothing here decrypts it; read it from/,
    ],
    [
      "a program that throws",
      {
        "Pulumi.yaml": YAML,
        "index.js": "require('./shop')",
        "shop.js": "\n\nthrow new TypeError('no such shop')",
        "Pulumi.a.yaml": STACK,
      },
      ["a"],
      /Pulumi.yaml: the program stopped in shop.js, line 3: no such shop$/,
    ],
    [
      "an ES module that throws",
      {
        "Pulumi.yaml": YAML,
        "package.json": MODULE,
        "index.js": "\nthrow new Error('no shop')",
        "Pulumi.a.yaml": STACK,
      },
      ["a"],
      /Pulumi.yaml: the program stopped in index.js, line 2: no shop$/,
    ],
    [
      "TypeScript that throws",
      {
        "Pulumi.yaml": YAML,
        "index.ts": "interface Shop {}\nthrow new Error('no shop')",
        "Pulumi.a.yaml": STACK,
      },
      ["a"],
      /Pulumi.yaml: the program stopped in index.ts: no shop$/,
    ],
    [
      "JavaScript that is none",
      { "Pulumi.yaml": YAML, "index.js": "\nconst = ;", "Pulumi.a.yaml": STACK },
      ["a"],
      /Pulumi.yaml: the program stopped in index.js, line 2: Unexpected token '='$/,
    ],
    [
      "a program that throws what is no error",
      { "Pulumi.yaml": YAML, "index.js": "throw null", "Pulumi.a.yaml": STACK },
      ["a"],
      /Pulumi.yaml: the program stopped: it threw null$/,
    ],
    [
      "a package that is missing",
      { "Pulumi.yaml": YAML, "index.js": "require('@acme/nowhere')", "Pulumi.a.yaml": STACK },
      ["a"],
      /Pulumi.yaml: the program stopped in index.js, line 1: Cannot find module '@acme\/nowhere'; install the program's packages first$/,
    ],
    [
      "TypeScript that is none",
      { "Pulumi.yaml": YAML, "index.ts": "const = ;", "Pulumi.a.yaml": STACK },
      ["a"],
      /Pulumi.yaml: the program stopped: /,
    ],
    [
      "a question that only AWS answers",
      {
        "Pulumi.yaml": YAML,
        "index.js": "module.exports = async () => { await require('@pulumi/aws/ec2').getVpc({}); };",
        "Pulumi.a.yaml": STACK,
      },
      ["a"],
      /the accounts in memory do not answer aws:ec2\/getVpc:getVpc; read this program from 'pulumi preview/,
    ],
    [
      "a stack of another program",
      {
        "Pulumi.yaml": YAML,
        "index.js": "new (require('@pulumi/pulumi').StackReference)('acme/other/prod')",
        "Pulumi.a.yaml": STACK,
      },
      ["a"],
      /the program stopped: unknown stack "acme\/other\/prod": of project 'made' 'a' is read here; read the other one too/,
    ],
    [
      "a default provider without an account",
      {
        "Pulumi.yaml": YAML,
        "index.js": "new (require('@pulumi/aws/s3/bucket').Bucket)('it', {})",
        "Pulumi.a.yaml": "config:\n  aws:region: eu-west-1\n",
      },
      ["a"],
      /^aws:s3\/bucket:Bucket 'it': the default provider of stack 'a' does not say its account; give it allowedAccountIds, or say '--account a=<12-digit account id>'$/,
    ],
    [
      "a default provider without a Region",
      {
        "Pulumi.yaml": YAML,
        "index.js": "new (require('@pulumi/aws/s3/bucket').Bucket)('it', {})",
        "Pulumi.a.yaml": 'config:\n  aws:allowedAccountIds: ["111111111111"]\n',
      },
      ["a"],
      /^aws:s3\/bucket:Bucket 'it': its Region must be known, got nothing; set 'aws:region' in the configuration of stack 'a', or 'region' of its provider$/,
    ],
  ];
  for (const [what, files, stacks, given] of CASES) {
    it(what, async () => {
      const { name, message } = await failure(() => readOtherProgram(project(files), stacks, {}));
      match(message, given);
      strictEqual(name, "InvalidInputError");
    });
  }
});
