/** The policies that callers need for a set-up, as `permissions` prints them. */
import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { type CallerPolicies, callerPolicies } from "../../src/callers/callerPolicies";
import { type Purpose, PURPOSES } from "../../src/callers/purposes";
import { renderPolicies } from "../../src/callers/text";
import { EXAMPLES, runExample } from "../support/examples";
import { cli, width } from "../support/cli";

const SCHEMA = join(__dirname, "..", "..", "schemas", "permissions.schema.json");
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);

async function policiesOf(
  example: string,
  purposes: readonly Purpose[],
  { deployed = false, withRemoval = false } = {},
): Promise<CallerPolicies> {
  return callerPolicies(purposes, { ...(await runExample(example)), deployed }, { withRemoval });
}

/** Resources on which a policy allows an action. */
function resourcesOf({ policies }: CallerPolicies, accountId: string, action: string): string[] {
  const { Statement = [] } = policies.find((each) => each.accountId === accountId)?.policy ?? {};
  return Statement.filter(({ Action }) => [Action].flat().includes(action)).flatMap(
    ({ Resource = [] }) => Resource,
  );
}

describe("the policies that callers need", () => {
  it("are one for each account that deploys a side", async () => {
    const { policies } = await policiesOf("fan-in", ["source", "destination"]);
    deepStrictEqual(
      policies.map(({ accountId, for: purposes }) => [accountId, purposes]),
      [
        ["222222222222", ["source"]],
        ["111111111111", ["source"]],
        ["333333333333", ["destination"]],
      ],
    );
  });

  it("name the bucket, the role with its path and the queue that the stack makes", async () => {
    const policies = await policiesOf("fan-in", ["source"]);
    deepStrictEqual(resourcesOf(policies, "111111111111", "s3:PutReplicationConfiguration"), [
      "arn:aws:s3:::fan-in-shop-logs",
    ]);
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole"]) {
      deepStrictEqual(
        resourcesOf(policies, "111111111111", action),
        ["arn:aws:iam::111111111111:role/replication/logs-replication"],
        action,
      );
    }
    deepStrictEqual(resourcesOf(policies, "111111111111", "sqs:CreateQueue"), [
      "arn:aws:sqs:us-east-1:111111111111:fan-in-shop-logs-failures",
    ]);
  });

  it("allow to take resources away only where that is asked for", async () => {
    const deletes = ({ policies }: CallerPolicies) =>
      JSON.stringify(policies).match(/:(Delete|ScheduleKey)\w+/g);
    strictEqual(deletes(await policiesOf("kms-cross-region", ["destination", "source"])), null);
    const removing = await policiesOf("kms-cross-region", ["destination", "source"], { withRemoval: true });
    ok((deletes(removing) ?? []).length > 5);
  });

  it("ask for tags and Object Lock only where a set-up has them", async () => {
    const plain = JSON.stringify(await policiesOf("plain-objects", ["destination", "source"]));
    const locked = JSON.stringify(await policiesOf("object-lock", ["destination", "source"]));
    deepStrictEqual(
      [plain.includes("s3:TagResource"), plain.includes("PutBucketObjectLock")],
      [false, false],
    );
    ok(locked.includes("s3:PutBucketObjectLockConfiguration"));
  });

  it("let S3 alone use a key, and name it once it is there", async () => {
    const before = await policiesOf("kms-cross-region", ["verify"]);
    deepStrictEqual(resourcesOf(before, "111111111111", "kms:Decrypt"), [
      "arn:aws:kms:us-east-1:111111111111:key/*",
    ]);
    match(JSON.stringify(before), /"kms:ViaService":"s3\.us-east-1\.amazonaws\.com"/);
    const { snapshot } = await runExample("kms-cross-region");
    const after = callerPolicies(["verify"], { snapshot, stacks: [], deployed: true });
    const [source] = Object.entries(snapshot.keys).filter(([, { account }]) => account === "111111111111");
    deepStrictEqual(resourcesOf(after, "111111111111", "kms:Decrypt"), [source?.[0]]);
  });

  it("put what a role does for several commands into one policy", async () => {
    const both = await policiesOf("plain-objects", ["status", "doctor"]);
    const source = both.policies.find(({ accountId }) => accountId === "111111111111");
    deepStrictEqual(source?.for, ["status", "doctor"]);
  });

  it("have a part for whoever reads the organization's policies where there are some", async () => {
    const { snapshot } = await runExample("plain-objects");
    for (const account of Object.values(snapshot.accounts)) account.scps = [[]];
    const { policies } = callerPolicies(["doctor"], { snapshot, stacks: [], deployed: true });
    const last = policies.at(-1);
    strictEqual(last?.accountId, undefined);
    match(JSON.stringify(last?.policy), /organizations:DescribePolicy/);
  });

  it("say where a policy is larger than a managed one can be", async () => {
    const run = await runExample("kms-cross-region");
    const many = structuredClone(run);
    for (const { resources } of many.stacks) {
      const queue = resources.find(({ type }) => type === "aws:sqs/queue:Queue");
      if (queue === undefined) continue;
      for (let index = 0; index < 60; index += 1) {
        (resources as unknown[]).push({
          ...queue,
          inputs: { ...queue.inputs, name: `${"q".repeat(60)}-${index}` },
        });
      }
    }
    const { notes } = callerPolicies(["source"], { ...many, deployed: false });
    match(
      notes.join(),
      /account 111111111111 has [\d,]+ characters, and IAM takes 6,144 in a managed policy/,
    );
  });

  it("name the types whose actions nobody here knows", async () => {
    const run = structuredClone(await runExample("plain-objects"));
    const [resources] = run.stacks.map((stack) => stack.resources as unknown[]);
    resources?.push({ type: "aws:sns/topic:Topic", name: "t", accountId: "222222222222", inputs: {} });
    const { notes } = callerPolicies(["destination"], { ...run, deployed: false });
    match(
      notes.join(),
      /has resources of type aws:sns\/topic:Topic, whose actions are not known here: add them/,
    );
  });

  it("are refused with the reason where nothing replicates, or nothing is registered", async () => {
    const { snapshot } = await runExample("plain-objects");
    throws(
      () => callerPolicies(["source"], { snapshot, stacks: [], deployed: true }),
      /--for: 'source' must come with what a Pulumi program registers: --directory, --example/,
    );
    for (const bucket of Object.values(snapshot.buckets)) bucket.replication = null;
    throws(
      () => callerPolicies(["status"], { snapshot, stacks: [], deployed: true }),
      /'status' must come with a set-up that replicates, and no bucket here has a rule/,
    );
    await rejects(policiesOf("no-such-example", ["status"]));
  });

  for (const example of EXAMPLES) {
    it(`are in the form of the schema, and allow no action on what is not named: ${example}`, async () => {
      const result = await policiesOf(example, PURPOSES, { withRemoval: true });
      deepStrictEqual(validate(JSON.parse(JSON.stringify(result))) ? [] : validate.errors, []);
      const open = result.policies
        .flatMap(({ policy }) => policy.Statement)
        .filter(({ Resource }) => Resource === "*")
        .flatMap(({ Action }) => Action);
      deepStrictEqual(
        open.filter(
          (action) =>
            !/^(kms:CreateKey|kms:ListAliases|s3:GetAccountPublicAccessBlock|s3:CreateJob|s3:ListJobs|organizations:DescribeOrganization|cloudwatch:\w+)$/.test(
              action,
            ),
        ),
        [],
      );
      match(renderPolicies(result), /^For deploying the destination/);
    });
  }
});

describe("s3-replication permissions", () => {
  it("prints policies as text and as JSON", async () => {
    const text = await cli(["permissions", "--example", "plain-objects", "--for", "status"]);
    match(text.stdout, /^For status: account 111111111111\n\{/);
    const json = await cli(["permissions", "--example", "plain-objects", "--for", "status", "--json"]);
    deepStrictEqual([text.code, json.code], [0, 0]);
    validate(JSON.parse(json.stdout));
    deepStrictEqual(validate.errors ?? [], []);
  });

  it("says in its help who may be named, within 80 columns", async () => {
    const { stdout } = await cli(["permissions", "--help"]);
    match(stdout.replaceAll(/\s+/g, " "), /choices: "destination", "source", "verify", "doctor"/);
    ok(width(stdout) <= 80);
  });

  it("refuses another purpose, and none", async () => {
    const other = await cli(["permissions", "--example", "plain-objects", "--for", "everybody"]);
    deepStrictEqual([other.code, /Allowed choices are destination, source/.test(other.stderr)], [2, true]);
    const none = await cli(["permissions", "--example", "plain-objects"]);
    deepStrictEqual([none.code, /--for/.test(none.stderr)], [2, true]);
  });
});
