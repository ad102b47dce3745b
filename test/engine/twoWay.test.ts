import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rehearse } from "../../src/rehearsal/rehearse";
import { changesOf, previewSteps } from "./support/preview";
import { REPOSITORY } from "./support/repository";
import { copies } from "./support/replicating";
import { Workspace } from "./support/workspace";

const EAST = "arn:aws:s3:::two-way-east";
const WEST = "arn:aws:s3:::two-way-west";
const PACK = ["--policy-pack", join(REPOSITORY, "policypack")];

describe("the example of replication in both directions", () => {
  let workspace: Workspace;
  let ups = 0;

  const up = async (stack: string) => {
    ups += 1;
    return workspace.succeed(["up", "--yes", "--stack", stack]);
  };
  const directions = () =>
    [EAST, WEST].map((arn) => workspace.accounts.snapshot.buckets[arn]?.replication?.Rules[0]?.ID);

  before(async () => {
    workspace = Workspace.ofRepository();
    for (const stack of ["east", "west"]) {
      const file = `Pulumi.${stack}.yaml`;
      workspace.write(file, readFileSync(join(REPOSITORY, "examples", "two-way", file), "utf8"));
    }
    await workspace.initialise("east", "west");
  });

  it("receives with the first up, and says that it does not send yet and what to do", async () => {
    const { text } = await up("east");
    assert.match(
      text,
      /warning: there is no contract of stack 'organization\/s3-replication\/west' yet, so this stack only receives: deploy that stack, then run 'pulumi up' here once more/,
    );
    assert.deepEqual(directions(), [undefined, undefined]);
    // The engine writes the stack's state as soon as anything is registered: half of it would be read.
    const [, update = ""] = text.split("Updating (east)");
    const ownState = update.indexOf("source of organization/s3-replication/east");
    assert.ok(ownState >= 0 && ownState < update.indexOf("pulumi:providers:aws"), text);
  });

  it("receives and sends on the other side with the second up", async () => {
    await up("west");
    assert.deepEqual(directions(), [undefined, "to-east"]);
  });

  it("sends on both sides with the third up, which touches nothing that is there", async () => {
    const before = changesOf(await previewSteps(workspace, "east"));
    assert.deepEqual(
      before.filter((change) => !change.startsWith("create source-")),
      [],
    );
    await up("east");
    assert.deepEqual(directions(), ["to-west", "to-east"]);
  });

  it("is done after three ups: neither stack has anything to change", async () => {
    assert.equal(ups, 3);
    for (const stack of ["east", "west"]) {
      await workspace.succeed(["preview", "--expect-no-changes", "--stack", stack]);
    }
  });

  it("is proven in both directions", () => {
    const { verdict, unusedGrants, objects } = rehearse(workspace.accounts.snapshot);
    assert.deepEqual([verdict, unusedGrants], ["proven", []]);
    const ways = objects.flatMap(({ bucket, destination, outcome }) =>
      outcome === "COMPLETED" ? [`${bucket} ${destination}`] : [],
    );
    assert.deepEqual([...new Set(ways)].sort(), [`${EAST} ${WEST}`, `${WEST} ${EAST}`]);
  });

  it("replicates every object once, and no replica again", () => {
    const { snapshot } = workspace.accounts;
    const written = [EAST, WEST].map((bucket) => ({ bucket, key: `written-in-${bucket.slice(13)}` }));
    assert.deepEqual(copies(snapshot, written), [
      { from: EAST, to: WEST, key: "written-in-two-way-east" },
      { from: WEST, to: EAST, key: "written-in-two-way-west" },
    ]);
  });

  it("has its replicas' changes replicated back", () => {
    for (const arn of [EAST, WEST]) {
      const [rule] = workspace.accounts.snapshot.buckets[arn]?.replication?.Rules ?? [];
      assert.deepEqual(rule?.SourceSelectionCriteria?.ReplicaModifications, { Status: "Enabled" });
    }
  });

  it("passes the policy pack", async () => {
    for (const stack of ["east", "west"]) {
      const { text } = await workspace.succeed(["preview", "--stack", stack, ...PACK]);
      assert.doesNotMatch(text, /\[mandatory\]/);
    }
  });

  it("does not stop sending where the other side's contract is gone: that is an error", async () => {
    const alone = workspace.copy();
    await alone.succeed(["stack", "rm", "--yes", "--force", "--preserve-config", "--stack", "west"]);
    await alone.initialise("west");
    const run = await alone.fail(["preview", "--stack", "east"]);
    assert.match(
      run.text,
      /contract of stack 'organization\/s3-replication\/west': must be the 'contract' output/,
    );
  });
});
