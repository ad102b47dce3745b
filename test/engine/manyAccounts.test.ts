/** A pair in many accounts, in one stack and in a stack each, word for word. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { page } from "../docs/support/markdown";
import { shellBlocks } from "../docs/support/shellBlocks";
import { WITH_DOWNLOADS_MS } from "./support/packed";
import { Workspace } from "./support/workspace";

const EXAMPLE = "examples/many-accounts";
const ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"];

describe("an archive of many accounts", function () {
  this.timeout(WITH_DOWNLOADS_MS);

  for (const name of ["one-stack", "stack-each"]) {
    describe(`with ${name}`, () => {
      const [deploy = "", rehearsal = ""] = shellBlocks(page(`${EXAMPLE}/${name}/README.md`));
      let workspace: Workspace;

      it("is deployed as its page says, and proven in all accounts with no grant too many", async () => {
        workspace = Workspace.ofProject(join(__dirname, "..", "..", EXAMPLE, name));
        await workspace.shell(deploy);
        const { snapshot } = workspace.accounts;
        const owners = Object.values(snapshot.buckets).map(({ account }) => account);
        assert.deepEqual(owners.sort(), ACCOUNTS);
        const { verdict, unusedGrants } = rehearse(snapshot);
        assert.deepEqual([verdict, unusedGrants], ["proven", []]);
      });

      it("is rehearsed with one command", async () => {
        const { text } = await workspace.shell(rehearsal);
        assert.match(text, /^Verdict: proven/m);
      });

      it("has nothing to do a second time", async () => {
        const done = workspace.accounts.changes.length;
        await workspace.shell(name === "one-stack" ? "pulumi up --yes --stack all" : "node deploy.mjs");
        assert.equal(workspace.accounts.changes.length, done);
      });
    });
  }
});
