import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertSays } from "./support/documented";
import { INSTALLED_PACK } from "./support/packed";
import { bothSides } from "./support/pair";
import { Workspace } from "./support/workspace";

const PACK = ["--policy-pack", "policypack"];

describe("the policy pack as a gate", () => {
  let workspace: Workspace;

  before(async function () {
    workspace = Workspace.ofRepository();
    workspace.configure("both", bothSides());
    await workspace.initialise("both");
    const run = await workspace.pulumi(["preview", "--stack", "both", ...PACK]);
    if (/failed to (load|start) policy|could not (load|start)/i.test(run.text)) {
      console.log(`    the policy pack does not load: ${run.text.slice(0, 500)}`);
      this.skip();
    }
    assert.equal(run.code, 0, run.text);
  });

  it("lets the components pass in the first preview and in the update", async () => {
    const run = await workspace.succeed(["up", "--yes", "--stack", "both", ...PACK]);
    assert.doesNotMatch(run.text, /\[mandatory\]/);
  });

  it("stops a bucket without versioning and encryption in the preview: exit code 1, and nothing is made", async () => {
    const bare = Workspace.ofProgram(BARE_BUCKET);
    await bare.initialise("bare");
    for (const command of [["preview"], ["up", "--yes"]]) {
      const run = await bare.fail([...command, "--stack", "bare", "--policy-pack", INSTALLED_PACK]);
      assert.match(run.text, /\[mandatory\].*bucket-versioning-enabled/);
      assert.deepEqual(bare.accounts.changes, []);
    }
  });
});

describe("the policy pack as a gate of the repository's own stacks", () => {
  it("lets both stacks pass, in the preview and in the update", async () => {
    const workspace = Workspace.ofRepository();
    await workspace.initialise("destination", "source");
    for (const stack of ["destination", "source"]) {
      for (const command of [["preview"], ["up", "--yes"]]) {
        const run = await workspace.succeed([...command, "--stack", stack, ...PACK]);
        assert.match(run.text, /s3-replication/);
        assert.doesNotMatch(run.text, /\[mandatory\]/);
      }
    }
  });

  for (const [what, whole, without, rule] of [
    ["versioning", '{ status: "Enabled" }', '{ status: "Suspended" }', "bucket-versioning-enabled"],
    ["encryption", "sseAlgorithm: algorithm", 'sseAlgorithm: "AES256"', "bucket-encryption-kms"],
  ] as const) {
    it(`stops the preview, exit code 1, where ${what} is taken out of the program`, async () => {
      const workspace = Workspace.ofRepository();
      await workspace.initialise("destination");
      const file = join("src", "components", "secureBucket.ts");
      const source = readFileSync(join(workspace.directory, file), "utf8");
      assert.ok(source.includes(whole));
      workspace.write(file, source.replace(whole, without));
      const run = await workspace.fail(["preview", "--stack", "destination", ...PACK]);
      assert.equal(run.code, 1);
      assert.match(run.text, new RegExp(`\\[mandatory\\].*${rule}`));
      if (what === "versioning") assertSays(run.text, "policypack/README.md", `[mandatory]`);
      assert.deepEqual(workspace.accounts.changes, []);
    });
  }
});

const BARE_BUCKET = `
const { Provider } = require("@pulumi/aws/provider");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const provider = new Provider("account", { region: "us-east-1", allowedAccountIds: ["111111111111"] });
new Bucket("bare", { bucket: "acme-bare" }, { provider });
`;
