import assert from "node:assert/strict";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { StandIn } from "./provider/standIn";
import { DESTINATION_BUCKET, destinationSettings, SOURCE_BUCKET, sourceSettings } from "./support/pair";
import { Workspace } from "./support/workspace";

describe("a program of the Automation API", () => {
  it("deploys a pair, finds nothing to do the second time, and takes it away again", async () => {
    const workspace = Workspace.ofRepository();
    workspace.configure("destination", { destination: destinationSettings({ protect: false }) });
    workspace.configure("source", { source: sourceSettings({ protect: false }) });
    const provider = await StandIn.start(workspace.accounts);
    try {
      const stacks: Stack[] = [];
      for (const stackName of ["destination", "source"]) {
        const stack = await LocalWorkspace.createOrSelectStack(
          { stackName: `organization/s3-replication/${stackName}`, workDir: workspace.directory },
          { envVars: workspace.env(provider.port) },
        );
        const preview = await stack.preview();
        assert.ok((preview.changeSummary.create ?? 0) > 8);
        const { outputs, summary } = await stack.up();
        assert.equal(summary.result, "succeeded");
        assert.equal(outputs.bucketArn?.value, stackName === "source" ? SOURCE_BUCKET : DESTINATION_BUCKET);
        stacks.push(stack);
      }
      assert.equal(workspace.accounts.snapshot.buckets[SOURCE_BUCKET]?.replication?.Rules.length, 2);
      for (const stack of stacks) {
        await stack.refresh({ expectNoChanges: true });
        await stack.preview({ expectNoChanges: true });
      }
      for (const stack of stacks.reverse()) await stack.destroy();
      assert.deepEqual(workspace.accounts.snapshot.buckets, {});
    } finally {
      provider.stop();
    }
  });
});
