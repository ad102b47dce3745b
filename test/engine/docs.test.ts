/** Shell blocks of all pages, run word for word where they can be. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { noteOrganizations } from "../../src/readers/intents";
import { rehearse } from "../../src/rehearsal/rehearse";
import { page } from "../docs/support/markdown";
import { RUN, shellBlock, shellBlocks } from "../docs/support/shellBlocks";
import { EXAMPLES } from "../support/examples";
import { PROGRAM_NAMES, PROGRAMS } from "../support/programs";
import { assertPrinted, sampleAfter } from "./support/documented";
import { missingFor, WITH_DOWNLOADS_MS } from "./support/packed";
import { Workspace } from "./support/workspace";

/** Languages whose part of Pulumi has another name. */
const HOSTS: Readonly<Record<string, string>> = { typescript: "nodejs" };

/** Blocks that the tests below have asked for. */
const asked = new Set<unknown>([RUN.install]);

function block(entry: (typeof RUN)[keyof typeof RUN]): string {
  asked.add(entry);
  return shellBlock(entry);
}

describe("a page's commands, word for word", function () {
  this.timeout(WITH_DOWNLOADS_MS);

  let clone: Workspace;
  before(() => {
    clone = Workspace.ofRepository();
  });

  describe("in a clone of this repository, without an account", () => {
    const start = block(RUN.start);
    it("README: 'npm start' prints what the page shows", async () => {
      const { text } = await clone.shell(start);
      assertPrinted(text, sampleAfter("README.md", start));
    });

    const rehearsal = block(RUN.rehearse);
    it("docs/commands/rehearse.md: the command is found, and proves the configurations of the clone", async () => {
      const { text } = await clone.shell(rehearsal);
      assert.match(text, /^Verdict: proven/m);
    });

    const permissions = block(RUN.permissions);
    it("docs/commands/permissions.md: policies are printed for both accounts of the clone", async () => {
      const { text } = await clone.shell(permissions);
      assert.match(text, /^For deploying the source: account 111111111111$/m);
    });

    const broken = block(RUN.broken);
    it("README: what is broken ends with exit code 1, and what the page shows", async () => {
      const { text } = await clone.shell(broken, 1);
      assertPrinted(text, sampleAfter("README.md", broken));
    });

    const later = block(RUN.baseline);
    it("docs/gates.md: what was so before is no reason to stop", async () => {
      const [, accounts = ""] = /--snapshot (\S+)/.exec(broken) ?? [];
      await clone.shell(`cp ${accounts} accounts.json`);
      const [before = "", after = ""] = later.split("\n");
      await clone.shell(before, 1);
      const { text } = await clone.shell(after);
      assertPrinted(text, sampleAfter("docs/gates.md", later));
    });

    const templates = block(RUN.templates);
    it("examples/cloudformation/README.md: templates are proven, in their directory", async () => {
      const { text } = await clone.shell(`cd examples/cloudformation\n${templates}`);
      assert.match(text, /^Verdict: proven/m);
    });

    const preview = block(RUN.firstPreview);
    it("docs/commands/rehearse.md: the preview of a first deployment is proven", async () => {
      await clone.shell("cp examples/one-stack/Pulumi.*.yaml . && pulumi stack init pair");
      const { text } = await clone.shell(preview);
      assert.match(text, /^Verdict: proven/m);
    });
  });

  describe("in a clone of this repository, page after page", () => {
    before(() => clone.renew());

    const deploy = block(RUN.deploy);
    const gate = block(RUN.gate);
    it("README: both accounts are deployed, and pass the policy pack", async () => {
      await clone.shell(deploy);
      assert.equal(rehearse(clone.accounts.snapshot).verdict, "proven");
      await clone.shell(gate);
    });

    const ofStates = block(RUN.permissionsOfStates);
    it("docs/commands/permissions.md: policies are printed for who runs commands on deployed stacks", async () => {
      for (const [stack, file] of [
        ["destination", "archive.json"],
        ["source", "data.json"],
      ])
        await clone.shell(`pulumi stack export --stack ${stack} > ${file}`);
      const { stdout } = await clone.shell(ofStates);
      assert.match(stdout, /sqs:GetQueueAttributes/);
    });

    const bothWays = block(RUN.bothWays);
    it("docs/two-way.md: two buckets replicate into each other, beside those of README", async () => {
      await clone.shell(bothWays);
      for (const bucket of ["arn:aws:s3:::two-way-east", "arn:aws:s3:::two-way-west"])
        assert.ok(clone.accounts.snapshot.buckets[bucket]?.replication, bucket);
      await clone.shell("npx s3-replication rehearse");
    });
  });

  describe("in a directory of one's own beside the clone", () => {
    const install = block(RUN.installPackage);
    it("README: the package is installed from the clone", async () => {
      const workspace = Workspace.ofProject();
      workspace.write("package.json", "{}");
      await workspace.shell(install);
      await workspace.shell(`node -e 'require("s3-replication").ReplicationSource.name'`);
      await workspace.shell("npx s3-replication rehearse --example plain-objects");
    });
  });

  describe("of an example, in a clone of this repository", () => {
    for (const name of EXAMPLES) {
      const path = `examples/${name}/README.md`;
      const commands = shellBlocks(page(path));
      it(`${path}: what is rehearsed is proven, and so is what is deployed`, async () => {
        clone.renew();
        for (const command of commands) await clone.shell(command);
        const snapshot = structuredClone(clone.accounts.snapshot);
        // No resource of AWS says which organization an account is in; the source's arguments do.
        const stacks = commands.join("").match(/(?<=--stack )[\w-]+/g) ?? [];
        const resources = [...new Set(stacks)].flatMap((stack) => clone.deployment(stack).resources);
        noteOrganizations(
          snapshot,
          resources.map(({ type, urn, inputs = {} }) => ({ type, name: urn, accountId: undefined, inputs })),
        );
        assert.equal(rehearse(snapshot).verdict, "proven");
      });
    }
  });

  describe("of an example program, in a copy beside the clone", () => {
    for (const language of PROGRAM_NAMES) {
      const path = `examples/programs/${language}/README.md`;
      const commands = shellBlocks(page(path));
      const missing = missingFor(HOSTS[language] ?? language);
      if (missing !== undefined) {
        it(`${path} is skipped: there is no '${missing}' on PATH`);
        continue;
      }
      it(`${path}: a pair is deployed, and proven`, async () => {
        const workspace = Workspace.ofProject(join(PROGRAMS, language));
        for (const command of commands) await workspace.shell(command);
        assert.equal(rehearse(workspace.accounts.snapshot).verdict, "proven");
      });
    }
  });

  it("are all that test/docs/support/shellBlocks.ts says are run", () => {
    assert.deepEqual(asked, new Set(Object.values(RUN)));
  });
});
