import assert from "node:assert/strict";
import { BUCKET_REPLICATION, BUCKET_VERSIONING } from "./provider/resourceTypes";
import { DeployedPair, up } from "./support/deployedPair";
import { DESTINATION_BUCKET, destinationSettings, SOURCE_BUCKET, sourceSettings } from "./support/pair";
import { assertSays } from "./support/documented";
import { changesOf, previewSteps } from "./support/preview";
import { Workspace } from "./support/workspace";

const SOURCE = { accountId: "111111111111", region: "us-east-1" };
const PREVIEW_SOURCE = ["preview", "--stack", "source"];

describe("a deployed pair", () => {
  const pair = new DeployedPair();

  it("takes a changed rule in place: neither a bucket nor a key is replaced", async () => {
    const workspace = await pair.copy();
    workspace.configure("source", {
      source: sourceSettings({
        rules: [
          { id: "documents", prefix: "papers/", deleteMarkerReplication: true },
          { id: "everything-else", storageClass: "GLACIER_IR" },
        ],
      }),
    });
    // The first rule's prefix is inside the second's, which is all: only what delete markers need has changed.
    assert.deepEqual(changesOf(await previewSteps(workspace, "source")), [
      "update source-replication",
      "update source-role-s3",
    ]);
    await up(workspace, "source");
    assert.deepEqual(workspace.accounts.changes.map(({ kind, id }) => `${kind} ${id}`).sort(), [
      "update acme-data",
      "update s3-replication:s3",
    ]);
    const rules = workspace.accounts.snapshot.buckets[SOURCE_BUCKET]?.replication?.Rules ?? [];
    assert.deepEqual(
      rules.map(({ Filter, Destination }) => [Filter?.Prefix, Destination.StorageClass]),
      [
        ["papers/", undefined],
        ["", "GLACIER_IR"],
      ],
    );
  });

  it("takes tags and another source's grant in place, and the contract then says so", async () => {
    const workspace = await pair.copy();
    const sources = [
      { accountId: "111111111111", deleteMarkerReplication: true },
      { accountId: "333333333333", rolePath: "/replication/" },
    ];
    workspace.configure("destination", {
      destination: destinationSettings({ sources, tags: { team: "storage" } }),
    });
    assert.deepEqual(changesOf(await previewSteps(workspace, "destination")), [
      "update destination-bucket",
      "update destination-key",
      "update destination-policy",
    ]);
    await up(workspace, "destination");
    const { contract } = await workspace.outputs("destination");
    assert.deepEqual(
      (contract as { sources: { roleArn: string }[] }).sources.map(({ roleArn }) => roleArn),
      [
        "arn:aws:iam::111111111111:role/s3-replication",
        "arn:aws:iam::333333333333:role/replication/s3-replication",
      ],
    );
    await workspace.succeed([...PREVIEW_SOURCE, "--expect-no-changes"]);
  });

  const replacing = { bucketName: "acme-other", region: "us-west-2", objectLockEnabled: true };
  for (const [setting, value] of Object.entries(replacing)) {
    it(`stops a change of '${setting}', which would replace the bucket`, async () => {
      const workspace = await pair.copy();
      workspace.configure("destination", { destination: destinationSettings({ [setting]: value }) });
      const run = await workspace.fail(["preview", "--stack", "destination"]);
      assert.match(
        run.text,
        /unable to replace resource "[^"]*destination-bucket"\s+as it is currently marked for protection/,
      );
      await workspace.fail(["up", "--yes", "--skip-preview", "--stack", "destination"]);
      assert.ok(workspace.accounts.changes.every(({ kind }) => kind !== "delete"));
      assert.equal(workspace.accounts.snapshot.buckets[DESTINATION_BUCKET]?.versioning, "Enabled");
    });
  }

  it("warns of what the destination takes back, and stops the source's preview where a rule needs it", async () => {
    const workspace = await pair.copy();
    workspace.configure("destination", {
      destination: destinationSettings({ sources: [{ accountId: "111111111111" }] }),
    });
    const preview = await workspace.succeed(["preview", "--stack", "destination"]);
    assert.match(
      preview.text,
      /warning: ReplicationDestination 'destination' takes back what it grants in the deployed stack: arn:aws:iam::111111111111:role\/s3-replication may no longer replicate delete markers\. Objects fail .* deploy the sources without it first/,
    );
    await up(workspace, "destination");
    const again = await workspace.succeed(["preview", "--stack", "destination"]);
    assert.doesNotMatch(again.text, /takes back/);
    const run = await workspace.fail(PREVIEW_SOURCE);
    assertSays(run.text, "docs/deploying.md", "ReplicationSource 'source' does not fit the contract");
  });

  it("stops the source's preview when the destination is gone", async () => {
    const workspace = await new DeployedPair({ destination: { protect: false } }).copy();
    await workspace.succeed(["destroy", "--yes", "--skip-preview", "--stack", "destination"]);
    const run = await workspace.fail(PREVIEW_SOURCE);
    assert.match(run.text, /must be the 'contract' output of a ReplicationDestination, got none/);
  });

  for (const stack of ["destination", "source"]) {
    it(`refuses credentials of another account for the ${stack} before anything is asked`, async () => {
      const workspace = await pair.copy();
      const run = await workspace.fail(["preview", "--stack", stack], { credentialsOf: "999999999999" });
      assert.match(run.text, /AWS account ID not allowed: 999999999999/);
      assert.deepEqual(run.provider.requests, []);
    });
  }

  it("is mended where somebody changed it by hand: a refresh sees it, and the next update sets it right", async () => {
    const workspace = await pair.copy();
    const { accounts } = workspace;
    accounts.delete(BUCKET_REPLICATION, "acme-data", SOURCE);
    accounts.update(
      BUCKET_VERSIONING,
      "acme-data",
      { bucket: "acme-data", region: "us-east-1", versioningConfiguration: { status: "Suspended" } },
      SOURCE,
    );
    await workspace.succeed(["refresh", "--yes", "--skip-preview", "--stack", "source"]);
    assert.deepEqual(changesOf(await previewSteps(workspace, "source")), [
      "create source-replication",
      "update source-versioning",
    ]);
    await up(workspace, "source");
    const bucket = accounts.snapshot.buckets[SOURCE_BUCKET];
    assert.equal(bucket?.versioning, "Enabled");
    assert.equal(bucket.replication?.Rules.length, 2);
  });
});

describe("a first deployment", () => {
  let workspace: Workspace;
  before(() => {
    workspace = Workspace.ofRepository();
  });
  beforeEach(() => workspace.renew());

  const deployDestination = async (source = sourceSettings()) => {
    workspace.configure("destination", { destination: destinationSettings() });
    workspace.configure("source", { source });
    await workspace.initialise("destination", "source");
    await up(workspace, "destination");
  };

  it("stops in the preview where a rule needs what the contract does not grant, and makes nothing without one", async () => {
    const rules = [{ id: "all", deleteMarkerReplication: true }];
    await deployDestination(sourceSettings({ rules, roleName: "unknown-role" }));
    const done = workspace.accounts.changes.length;
    const sentence =
      /the destination does not grant anything to this source's role arn:aws:iam::111111111111:role\/unknown-role/;
    assert.match((await workspace.fail(PREVIEW_SOURCE)).text, sentence);
    assert.match(
      (await workspace.fail(["up", "--yes", "--skip-preview", "--stack", "source"])).text,
      sentence,
    );
    assert.equal(workspace.accounts.changes.length, done);
  });

  it("says which stack comes first where there is none yet, and how its name is made", async () => {
    await workspace.initialise("source");
    const run = await workspace.fail(PREVIEW_SOURCE);
    const errors = run.text.split("\n").filter((line) => /^ +error: /.test(line));
    assert.equal(errors.length, 1, run.text);
    assert.match(
      errors[0] ?? "",
      /ReplicationSource 'source': stack 'organization\/s3-replication\/destination' must be there to be read: unknown stack .*; deploy that stack first, or correct its name, which is '<organization>\/<project>\/<stack>', where the first part is 'organization' in a self-managed backend and the name of your organization or user in Pulumi Cloud/,
    );
    assert.doesNotMatch(run.text, /\n\s+at /);
  });

  it("says so when the bucket's name is taken in another account, and keeps what it has made", async () => {
    await deployDestination();
    const other = { accountId: "333333333333", region: "us-east-1" };
    const taken = workspace.accounts.create("aws:s3/bucket:Bucket", "theirs", { bucket: "acme-data" }, other);
    const run = await workspace.fail(["up", "--yes", "--skip-preview", "--stack", "source"]);
    assert.match(run.text, /BucketAlreadyExists/);
    workspace.accounts.delete(taken.type, taken.id, other);
    await up(workspace, "source");
    await workspace.succeed([...PREVIEW_SOURCE, "--expect-no-changes"]);
  });

  it("waits where AWS sees a new bucket or role a moment later", async () => {
    workspace.renew({ settleMs: 200 });
    await deployDestination();
    await up(workspace, "source");
    await workspace.succeed([...PREVIEW_SOURCE, "--expect-no-changes"]);
  });

  it("comes to its end by a second update where AWS took longer than the provider waits", async () => {
    workspace.renew({ settleMs: 1000 });
    await deployDestination();
    const upSource = ["up", "--yes", "--skip-preview", "--stack", "source"];
    const run = await workspace.fail(upSource, { patienceMs: 0 });
    assert.match(run.text, /NoSuchBucket|NoSuchEntity/);
    await workspace.succeed(upSource);
    await workspace.succeed([...PREVIEW_SOURCE, "--expect-no-changes"]);
  });

  it("reads a contract from a file beside Pulumi.yaml", async () => {
    await deployDestination(sourceSettings({ destinations: { archive: { contractFile: "contract.json" } } }));
    const { contract } = await workspace.outputs("destination");
    workspace.write("contract.json", JSON.stringify(contract));
    await up(workspace, "source");
    assert.equal(workspace.accounts.snapshot.buckets[SOURCE_BUCKET]?.replication?.Rules.length, 2);
  });
});
