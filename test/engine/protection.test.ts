import assert from "node:assert/strict";
import { BUCKET, BUCKET_REPLICATION, BUCKET_VERSIONING, KEY, ROLE } from "./provider/resourceTypes";
import { DeployedPair, up } from "./support/deployedPair";
import { bothSides, DESTINATION_BUCKET, SOURCE_BUCKET } from "./support/pair";
import { Workspace } from "./support/workspace";

const BUCKETS = { source: SOURCE_BUCKET, destination: DESTINATION_BUCKET };

describe("data that is protected", () => {
  const pair = new DeployedPair();

  for (const [stack, bucketArn] of Object.entries(BUCKETS)) {
    const destroy = ["destroy", "--yes", "--stack", stack];

    it(`is refused to 'destroy' in the ${stack}'s stack, and nothing is touched`, async () => {
      const workspace = await pair.copy();
      const before = structuredClone(workspace.accounts.snapshot);
      const run = await workspace.fail(destroy);
      assert.match(run.text, /because it is protected/);
      assert.deepEqual(workspace.accounts.snapshot, before);
    });

    it(`keeps all its guards in the ${stack}'s stack when 'destroy --exclude-protected' takes the rest`, async () => {
      const workspace = await pair.copy();
      const before = structuredClone(guardsOf(workspace, bucketArn));
      await workspace.succeed([...destroy, "--exclude-protected"]);
      assert.deepEqual(guardsOf(workspace, bucketArn), before);
    });
  }

  it("keeps all its guards when the components are taken out of the program and 'up --skip-preview' is run", async () => {
    const workspace = Workspace.ofProgram(PROGRAM);
    await workspace.initialise("program");
    await up(workspace, "program");
    const before = Object.values(BUCKETS).map((arn) => structuredClone(guardsOf(workspace, arn)));
    workspace.write("program.js", PROGRAM.slice(0, PROGRAM.indexOf("// components")));
    const run = await workspace.fail(["up", "--yes", "--skip-preview", "--stack", "program"]);
    assert.match(run.text, /because it is protected/);
    assert.deepEqual(
      Object.values(BUCKETS).map((arn) => guardsOf(workspace, arn)),
      before,
    );
  });

  it("is let go by 'protect: false' in one update, which changes nothing in the accounts", async () => {
    const workspace = await pair.copy();
    const done = workspace.accounts.changes.length;
    const { destination, source } = bothSides({ protect: false }, { protect: false });
    workspace.configure("destination", { destination });
    workspace.configure("source", {
      source: {
        ...(source as object),
        destinations: { archive: { stack: "organization/s3-replication/destination" } },
      },
    });
    for (const stack of ["destination", "source"]) await up(workspace, stack);
    assert.equal(workspace.accounts.changes.length, done);
    for (const stack of ["source", "destination"]) {
      assert.ok(workspace.deployment(stack).resources.every(({ protect }) => protect !== true));
      await workspace.succeed(["destroy", "--yes", "--skip-preview", "--stack", stack]);
    }
    assert.deepEqual(workspace.accounts.snapshot.buckets, {});
  });
});

describe("data that is not protected", () => {
  let template: Workspace;

  before(async () => {
    template = Workspace.ofRepository();
    template.configure("both", bothSides({ protect: false }, { protect: false }));
    await template.initialise("both");
    await up(template, "both");
  });

  const destroy = ["destroy", "--yes", "--skip-preview", "--stack", "both"];

  it("is destroyed in an order that AWS accepts: replication, then versioning, then the bucket", async () => {
    const workspace = template.copy();
    await workspace.succeed(destroy);
    const { changes, snapshot } = workspace.accounts;
    const place = (type: string, id: string) =>
      changes.findIndex((change) => change.kind === "delete" && change.type === type && change.id === id);
    const order = [
      place(BUCKET_REPLICATION, "acme-data"),
      place(BUCKET_VERSIONING, "acme-data"),
      place(BUCKET, "acme-data"),
    ];
    assert.ok(order.every((index) => index >= 0));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(
      order[0]! < place(BUCKET_VERSIONING, "acme-archive"),
      "the destination was unversioned under the rules",
    );
    assert.deepEqual(snapshot.buckets, {});
    assert.ok(Object.values(snapshot.keys).every(({ state }) => state === "PendingDeletion"));
    assert.equal(changes.filter(({ kind, type }) => kind === "delete" && type === ROLE).length, 1);
  });

  it("stays where a bucket still holds objects, and so does the key that they are under", async () => {
    const workspace = template.copy();
    workspace.accounts.putObject(DESTINATION_BUCKET, "documents/1.pdf");
    const run = await workspace.fail(destroy);
    assert.match(run.text, /BucketNotEmpty/);
    assert.deepEqual(workspace.accounts.objects(DESTINATION_BUCKET), ["documents/1.pdf"]);
    const key = workspace.accounts.things.find(
      ({ type, accountId }) => type === KEY && accountId === "222222222222",
    );
    assert.equal(workspace.accounts.snapshot.keys[String(key?.outputs.arn)]?.state, "Enabled");
  });
});

/** All that keeps the objects of a bucket: what it is without its replication configuration. */
function guardsOf({ accounts: { snapshot } }: Workspace, bucketArn: string): unknown {
  const bucket = snapshot.buckets[bucketArn];
  assert.ok(bucket !== undefined, `${bucketArn} is gone`);
  return { ...bucket, replication: null, key: snapshot.keys[bucket.encryption?.keyArn ?? ""] };
}

const PROGRAM = `
const { Provider } = require("@pulumi/aws/provider");
const { ReplicationDestination, ReplicationSource } = require("s3-replication");
const provider = (name, region, accountId) => new Provider(name, { region, allowedAccountIds: [accountId] });
const providers = [
  provider("source", "us-east-1", "111111111111"),
  provider("destination", "eu-west-1", "222222222222"),
];
// components
const destination = new ReplicationDestination(
  "archive",
  { accountId: "222222222222", region: "eu-west-1", bucketName: "acme-archive", sources: [{ accountId: "111111111111" }] },
  { provider: providers[1] },
);
new ReplicationSource(
  "data",
  {
    accountId: "111111111111",
    region: "us-east-1",
    bucketName: "acme-data",
    destinations: { archive: { contract: destination.contract } },
    rules: [{ id: "all" }],
  },
  { provider: providers[0] },
);
`;
