import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { up } from "./support/deployedPair";
import { destinationSettings, sourceSettings } from "./support/pair";
import { Workspace } from "./support/workspace";

describe("secrets", () => {
  let workspace: Workspace;
  before(() => {
    workspace = Workspace.ofRepository();
  });
  beforeEach(() => workspace.renew());

  it("a destination's contract that is a secret output stays one in all that a source makes of it", async () => {
    const project = readFileSync(join(workspace.directory, "Pulumi.yaml"), "utf8");
    workspace.write("Pulumi.yaml", project.replace("scripts/program.js", "own.js"));
    workspace.write("own.js", SECRET_CONTRACT);
    await workspace.initialise("destination");
    await up(workspace, "destination");
    workspace.write("Pulumi.yaml", project);
    workspace.configure("source", { source: sourceSettings() });
    await workspace.initialise("source");
    await up(workspace, "source");
    const state = readFileSync(workspace.stateFile("source"), "utf8");
    assert.doesNotMatch(state, /arn:aws:s3:::acme-archive/);
    assert.equal((await workspace.outputs("source")).destinationBuckets, "[secret]");
    assert.deepEqual((await workspace.outputs("source", "--show-secrets")).destinationBuckets, {
      archive: { accountId: "222222222222", region: "eu-west-1", bucketArn: "arn:aws:s3:::acme-archive" },
    });
    await workspace.succeed(["preview", "--expect-no-changes", "--stack", "source"]);
  });

  it("nothing is secret in the outputs of stacks that hold none", async () => {
    workspace.configure("destination", { destination: destinationSettings() });
    await workspace.initialise("destination");
    await up(workspace, "destination");
    assert.deepEqual(
      await workspace.outputs("destination"),
      await workspace.outputs("destination", "--show-secrets"),
    );
  });

  it("the external id of a role, given as secret configuration, is not in the state in plain text", async () => {
    const assumeRoleArn = "arn:aws:iam::222222222222:role/deployer";
    workspace.configure("destination", { destination: destinationSettings({ assumeRoleArn }) });
    await workspace.initialise("destination");
    const path = "s3-replication:destination.assumeRoleExternalId";
    await workspace.succeed([
      "config",
      "set",
      "--secret",
      "--path",
      path,
      "very-secret-id",
      "--stack",
      "destination",
    ]);
    await up(workspace, "destination");
    assert.doesNotMatch(readFileSync(workspace.stateFile("destination"), "utf8"), /very-secret-id/);
  });
});

const SECRET_CONTRACT = `
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/aws/provider");
const { ReplicationDestination } = require("s3-replication");
const provider = new Provider("destination", { region: "eu-west-1", allowedAccountIds: ["222222222222"] });
const { contract } = new ReplicationDestination(
  "archive",
  {
    accountId: "222222222222",
    region: "eu-west-1",
    bucketName: "acme-archive",
    sources: [{ accountId: "111111111111", deleteMarkerReplication: true }],
  },
  { provider },
);
exports.contract = pulumi.secret(contract);
`;
