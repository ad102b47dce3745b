import assert from "node:assert/strict";
import { rehearse } from "../../src/rehearsal/rehearse";
import { bothSides } from "./support/pair";
import { previewSteps, unknownInputs } from "./support/preview";
import { Workspace } from "./support/workspace";

describe("both sides in one stack", () => {
  const PREVIEW = ["preview", "--stack", "both"];

  let workspace: Workspace;
  before(() => {
    workspace = Workspace.ofRepository();
  });

  async function stackOf(settings: ReturnType<typeof bothSides>): Promise<void> {
    workspace.renew();
    workspace.configure("both", settings);
    await workspace.initialise("both");
  }

  it("are deployed in one pass, with policies that the first preview shows, and replication is proven", async () => {
    await stackOf(bothSides());
    const unknown = unknownInputs(await previewSteps(workspace, "both"));
    assert.deepEqual(unknown, [
      "destination-encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
      "destination-key-alias.targetKeyId",
      "source-encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
      "source-failures-policy.queueUrl",
      "source-key-alias.targetKeyId",
      "source-notification.queues.0.queueArn",
      "source-replication.rules.0.destination.encryptionConfiguration.replicaKmsKeyId",
      "source-replication.rules.1.destination.encryptionConfiguration.replicaKmsKeyId",
      "source-role-kms.policy",
    ]);
    await workspace.succeed(["up", "--yes", "--stack", "both"]);
    await workspace.succeed([...PREVIEW, "--expect-no-changes"]);
    assert.equal(rehearse(workspace.accounts.snapshot).verdict, "proven");
  });

  it("stop the first preview where a rule needs what the destination does not grant", async () => {
    await stackOf(bothSides({ sources: [{ accountId: "111111111111" }] }));
    const run = await workspace.fail(PREVIEW);
    assert.match(
      run.text,
      /ReplicationSource 'source' does not fit the contract of destination 'archive': rule 'documents' replicates delete markers, which the destination does not grant/,
    );
    assert.doesNotMatch(run.text, /\n\s+at /);
  });

  it("list all mistakes of a configuration in the first preview, before anything is registered", async () => {
    await stackOf(bothSides({ accountId: "2222" }, { rules: [{ id: "" }] }));
    const run = await workspace.fail(PREVIEW);
    assert.match(run.text, /'destination\.accountId' must be a 12-digit AWS account id/);
    assert.match(run.text, /'source\.rules\[0\]\.id' must be a text of 1 to 255 characters/);
    assert.doesNotMatch(run.text, /\n\s+at |aws:/);
  });
});
