/** Shell blocks of all pages, run word for word where they can be. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { page, pages } from "../docs/support/markdown";
import { EXAMPLES } from "../support/examples";
import { PROGRAM_NAMES, PROGRAMS } from "../support/programs";
import { INSTALL_BLOCK } from "./support/clone";
import { assertPrinted, sampleAfter, shellBlock, shellBlocks } from "./support/documented";
import { missingFor, WITH_DOWNLOADS_MS } from "./support/packed";
import { Workspace } from "./support/workspace";

interface Block {
  readonly page: string;
  /** Words that only this block of the page has. */
  readonly words: string;
}

/** Blocks that cannot be run here, with the reason. */
const NOT_RUN: readonly (Block & { readonly because: string })[] = [
  ...[
    ["docs/commands/doctor.md", "doctor acme-invoices"],
    ["docs/commands/status.md", "status acme-data"],
    ["docs/commands/backfill.md", "backfill acme-data"],
    ["docs/commands/verify.md", "verify fan-out-objects"],
    ["docs/commands/rehearse.md", "doctor acme-data"],
    ["docs/commands/rehearse.md", "--live 222222222222"],
    ["docs/existing-buckets.md", "get-bucket-policy"],
    ["docs/monitoring.md", "purge-queue"],
    // The page's own test rehearses what it says, and checks its commands and options.
    ["docs/disaster-recovery.md", ""],
  ].map(([page = "", words = ""]) => ({ page, words, because: "reads or changes two AWS accounts" })),
  { page: "CONTRIBUTING.md", words: "npx mocha", because: "runs tests and writes what they check" },
  { page: "CONTRIBUTING.md", words: "npm test", because: "runs all tests" },
  {
    page: "docs/commands/rehearse.md",
    words: "terraform plan",
    because: "needs Terraform and a plan of the reader's",
  },
  {
    page: "docs/commands/rehearse.md",
    words: "--cloudformation archive.yaml",
    because: "reads templates of the reader's",
  },
  ...["cd two-accounts", "cd kms-cross-region"].map((words) => ({
    page: "examples/terraform/README.md",
    words,
    because: "needs Terraform and its provider for AWS",
  })),
  {
    page: "docs/commands/rehearse.md",
    words: "--variable replica_key_arn",
    because: "needs Terraform and plans of the reader's",
  },
  { page: "policypack/README.md", words: "path/to/policypack", because: "names a path of the reader's" },
];

/** Languages whose part of Pulumi has another name. */
const HOSTS: Readonly<Record<string, string>> = { typescript: "nodejs" };

/** Blocks that tests run, here or where it is said. */
const RUN: Block[] = [{ ...INSTALL_BLOCK }];

/** Every shell block of a page, in its order. */
function everyBlock(path: string): string[] {
  RUN.push({ page: path, words: "" });
  return shellBlocks(page(path));
}

function block(path: string, words: string): string {
  RUN.push({ page: path, words });
  return shellBlock(path, words);
}

describe("a page's commands, word for word", function () {
  this.timeout(WITH_DOWNLOADS_MS);

  describe("in a clone of this repository", () => {
    const start = block("README.md", "npm start\n");
    it("README: 'npm start' prints what the page shows", async () => {
      const { text } = await Workspace.ofRepository().shell(start);
      assertPrinted(text, sampleAfter("README.md", start));
    });

    const deploy = block("README.md", "pulumi stack init destination");
    const gate = block("policypack/README.md", "pulumi preview --policy-pack policypack\n");
    it("README: both accounts are deployed, and pass the policy pack", async () => {
      const workspace = Workspace.ofRepository();
      await workspace.shell(deploy);
      assert.equal(rehearse(workspace.accounts.snapshot).verdict, "proven");
      await workspace.shell(gate);
    });

    const rehearsal = block("docs/commands/rehearse.md", "npx s3-replication rehearse\n");
    it("docs/commands/rehearse.md: the command is found, and proves the configurations of the clone", async () => {
      const { text } = await Workspace.ofRepository().shell(rehearsal);
      assert.match(text, /^Verdict: proven/m);
    });

    const broken = block("README.md", "npm start -- --snapshot");
    it("README: what is broken ends with exit code 1, and what the page shows", async () => {
      const { text } = await Workspace.ofRepository().shell(broken, 1);
      assertPrinted(text, sampleAfter("README.md", broken));
    });

    const later = block("docs/gates.md", "> baseline.json");
    it("docs/gates.md: what was so before is no reason to stop", async () => {
      const workspace = Workspace.ofRepository();
      const [, accounts = ""] = /--snapshot (\S+)/.exec(broken) ?? [];
      await workspace.shell(`cp ${accounts} accounts.json`);
      const [before = "", after = ""] = later.split("\n");
      await workspace.shell(before, 1);
      const { text } = await workspace.shell(after);
      assertPrinted(text, sampleAfter("docs/gates.md", later));
    });

    const preview = block("docs/commands/rehearse.md", "pulumi preview --json");
    it("docs/commands/rehearse.md: the preview of a first deployment is proven", async () => {
      const workspace = Workspace.ofRepository();
      await workspace.shell("cp examples/one-stack/Pulumi.*.yaml . && pulumi stack init pair");
      const { text } = await workspace.shell(preview);
      assert.match(text, /^Verdict: proven/m);
    });

    const templates = block("examples/cloudformation/README.md", "npx s3-replication rehearse");
    it("examples/cloudformation/README.md: templates are proven, in their directory", async () => {
      const { text } = await Workspace.ofRepository().shell(`cd examples/cloudformation\n${templates}`);
      assert.match(text, /^Verdict: proven/m);
    });

    const bothWays = block("docs/two-way.md", "pulumi stack init east");
    it("docs/two-way.md: two buckets replicate into each other", async () => {
      const workspace = Workspace.ofRepository();
      await workspace.shell(bothWays);
      for (const bucket of ["arn:aws:s3:::two-way-east", "arn:aws:s3:::two-way-west"])
        assert.ok(workspace.accounts.snapshot.buckets[bucket]?.replication, bucket);
    });
  });

  describe("in a directory of one's own beside the clone", () => {
    const install = block("README.md", "npm install ../s3-replication/");
    it("README: the package is installed from the clone", async () => {
      const workspace = Workspace.ofProject();
      workspace.write("package.json", "{}");
      await workspace.shell(install);
      await workspace.shell(`node -e 'require("s3-replication").ReplicationSource.name'`);
      await workspace.shell("npx s3-replication rehearse --example plain-objects");
    });

    // The pages of the example programs have the same blocks, which are run below.
    block("docs/languages.md", "npm install ../s3-replication/");
    block("docs/languages.md", "pulumi package add ./package");
  });

  describe("of an example, in a clone of this repository", () => {
    for (const name of EXAMPLES) {
      const path = `examples/${name}/README.md`;
      const commands = everyBlock(path);
      it(`${path}: what is rehearsed is proven, and so is what is deployed`, async () => {
        const workspace = Workspace.ofRepository();
        for (const command of commands) await workspace.shell(command);
        assert.equal(rehearse(workspace.accounts.snapshot).verdict, "proven");
      });
    }
  });

  describe("of an example program, in a copy beside the clone", () => {
    for (const language of PROGRAM_NAMES) {
      const path = `examples/programs/${language}/README.md`;
      const commands = everyBlock(path);
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

  it("is run here, or stands in the list with the reason why not", () => {
    const known = [...RUN, ...NOT_RUN];
    const has = ({ page, words }: Block, path: string, text: string) => page === path && text.includes(words);
    const blocks = pages().flatMap((page) => shellBlocks(page).map((text) => [page.path, text] as const));
    assert.deepEqual(
      blocks.filter(([path, text]) => !known.some((entry) => has(entry, path, text))),
      [],
      "neither run nor listed",
    );
    assert.deepEqual(
      known.filter((entry) => !blocks.some(([path, text]) => has(entry, path, text))),
      [],
      "listed, but on no page any more",
    );
  });
});
