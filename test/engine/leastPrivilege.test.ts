/** Whoever deploys with the policies that `permissions` prints, before a provider that refuses everything else. */
import assert from "node:assert/strict";
import { callerPolicies } from "../../src/callers/callerPolicies";
import program from "../../src/program/program";
import { runProgram } from "../../src/readers/program/fromProgram";
import { readStackFiles } from "../../src/readers/program/stackConfigurations";
import type { PolicyJson } from "../../src/replication/policies";
import { DESTINATION_ACCOUNT, destinationSettings, SOURCE_ACCOUNT, sourceSettings } from "./support/pair";
import { Permitted } from "./support/permitted";
import { PROJECT, Workspace } from "./support/workspace";

const STACKS = ["destination", "source"] as const;
const ROLE = { rolePath: "/replication/" };

/** Everything that the components can make. */
const SETTINGS = {
  destination: destinationSettings({
    protect: false,
    tags: { team: "storage" },
    sources: [{ accountId: SOURCE_ACCOUNT, deleteMarkerReplication: true, ...ROLE }],
  }),
  source: sourceSettings({ protect: false, batchReplication: {}, ...ROLE }),
};

describe("whoever deploys with the printed policies alone", () => {
  /** A pair that is configured and not deployed, and the policies for it. */
  async function begin(): Promise<{ workspace: Workspace; policies: Map<string, PolicyJson> }> {
    const workspace = Workspace.ofRepository();
    for (const stack of STACKS) workspace.configure(stack, { [stack]: SETTINGS[stack] });
    await workspace.initialise(...STACKS);
    const run = await runProgram(
      program,
      readStackFiles(workspace.directory, () => undefined),
      {
        project: PROJECT,
      },
    );
    const { policies } = callerPolicies(STACKS, { ...run, deployed: false }, { withRemoval: true });
    return {
      workspace,
      policies: new Map(policies.map(({ accountId = "", policy }) => [accountId, policy])),
    };
  }

  it("deploys, refreshes, changes and removes both stacks, and nothing that was allowed is of no use", async () => {
    const { workspace, policies } = await begin();
    const permitted = new Permitted(policies);
    const succeed = (...args: string[]) => workspace.succeed(args, { permit: permitted.permit });
    for (const stack of STACKS) await succeed("up", "--yes", "--skip-preview", "--stack", stack);
    for (const stack of STACKS) await succeed("refresh", "--yes", "--skip-preview", "--stack", stack);
    const changed = {
      destination: { ...SETTINGS.destination, tags: { team: "archive" } },
      source: { ...SETTINGS.source, rules: [{ id: "everything" }] },
    };
    for (const stack of STACKS) workspace.configure(stack, { [stack]: changed[stack] });
    for (const stack of STACKS) await succeed("up", "--yes", "--skip-preview", "--stack", stack);
    for (const stack of [...STACKS].reverse())
      await succeed("destroy", "--yes", "--skip-preview", "--stack", stack);
    for (const account of [SOURCE_ACCOUNT, DESTINATION_ACCOUNT]) {
      assert.ok((permitted.asked.get(account)?.size ?? 0) > 20, account);
    }
  });

  it("is refused where an action was taken out, and told which one", async () => {
    const { workspace, policies } = await begin();
    const without = JSON.parse(
      JSON.stringify(policies.get(DESTINATION_ACCOUNT)).replace('"s3:PutBucketPolicy",', ""),
    ) as PolicyJson;
    const permitted = new Permitted(new Map([[DESTINATION_ACCOUNT, without]]));
    const run = await workspace.fail(["up", "--yes", "--skip-preview", "--stack", "destination"], {
      permit: permitted.permit,
    });
    assert.match(
      run.text,
      /not authorized to perform: s3:PutBucketPolicy on resource: arn:aws:s3:::acme-archive/,
    );
  });
});
