import assert from "node:assert/strict";
import { join } from "node:path";
import { page } from "../docs/support/markdown";
import { shellBlocks } from "../docs/support/shellBlocks";
import type { Thing } from "./provider/resourceTypes";
import { bucketByHand } from "./support/handMade";
import { WITH_DOWNLOADS_MS } from "./support/packed";
import { Workspace } from "./support/workspace";

const EXAMPLE = join(__dirname, "..", "..", "examples", "watch");
const ACCOUNT = "111111111111";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Somebody's bucket that replicates by these rules. */
function replicatedByHand(workspace: Workspace, bucketName: string, region: string, ids: string[]): void {
  bucketByHand(workspace, { accountId: ACCOUNT, region, bucketName });
  const bucket = workspace.accounts.snapshot.buckets[`arn:aws:s3:::${bucketName}`];
  assert.ok(bucket);
  bucket.replication = {
    Role: `arn:aws:iam::${ACCOUNT}:role/by-hand`,
    Rules: ids.map((ID, index) => ({
      ID,
      Priority: index,
      Status: "Enabled",
      Filter: { Prefix: `${ID}/` },
      DeleteMarkerReplication: { Status: "Disabled" },
      Destination: { Bucket: "arn:aws:s3:::somewhere-else", Metrics: { Status: "Enabled" } },
    })),
  };
}

describe("a program that watches every bucket of an account that replicates", function () {
  this.timeout(WITH_DOWNLOADS_MS);
  let workspace: Workspace;

  const things = (type: string): readonly Thing[] =>
    workspace.accounts.things.filter((thing) => thing.type === type);
  const notified = (bucket: string) =>
    things("aws:s3/bucketNotification:BucketNotification")
      .filter(({ id }) => id === bucket)
      .flatMap(({ inputs }) => (inputs.queues as { id: string }[]).map(({ id }) => id));

  it("gives them alarms in their Region and a failure queue, and leaves all others alone", async () => {
    workspace = Workspace.ofProject(EXAMPLE);
    replicatedByHand(workspace, "by-hand-orders", "eu-west-1", ["orders", "invoices"]);
    replicatedByHand(workspace, "by-hand-logs", "us-east-1", ["logs"]);
    bucketByHand(workspace, { accountId: ACCOUNT, region: "us-east-1", bucketName: "by-hand-alone" });
    for (const block of shellBlocks(page("examples/watch/README.md"))) await workspace.shell(block);
    assert.deepEqual(await workspace.outputs("watch"), { watched: ["by-hand-orders", "by-hand-logs"] });
    assert.deepEqual(
      things(ALARM)
        .map(({ id, region }) => [id, region])
        .sort(),
      ["by-hand-logs", "by-hand-orders"].flatMap((bucket) =>
        ["failed-operations", "failures", "latency", "pending-bytes"].map((what) => [
          `s3-replication-${bucket}-${what}`,
          bucket.endsWith("orders") ? "eu-west-1" : "us-east-1",
        ]),
      ),
    );
    assert.deepEqual(notified("by-hand-orders"), ["uploads", "replication-failures"]);
    assert.deepEqual(notified("by-hand-alone"), ["uploads"]);
  });

  it("has nothing to do a second time: what it added itself is no news to it", async () => {
    await workspace.succeed(["preview", "--expect-no-changes", "--stack", "watch"]);
  });

  it("watches a bucket that replicates since, and keeps what others have come to notify meanwhile", async () => {
    replicatedByHand(workspace, "by-hand-new", "us-east-1", ["new"]);
    const [orders] = things("aws:s3/bucketNotification:BucketNotification").filter(
      ({ id, inputs }) => id === "by-hand-orders" && inputs.queues !== undefined,
    );
    assert.ok(orders);
    const { queues } = orders.inputs as { queues: { id: string }[] };
    const [uploads] = queues;
    orders.inputs = { ...orders.inputs, queues: [...queues, { ...uploads, id: "thumbnails" }] };
    await workspace.succeed(["up", "--yes", "--stack", "watch"]);
    assert.equal(things(ALARM).length, 12);
    assert.deepEqual(notified("by-hand-orders").sort(), ["replication-failures", "thumbnails", "uploads"]);
  });

  it("stops where a configuration may not be read, and takes no alarm away", async () => {
    const run = await workspace.fail(["preview", "--stack", "watch"], {
      fault: {
        at: ({ subject }) => subject.startsWith("aws:s3/getBucketReplicationConfiguration"),
        when: "before",
        strike: () => {
          throw new Error("api error AccessDenied: Access Denied");
        },
      },
    });
    assert.match(
      run.text,
      /bucket 'by-hand-orders': its replication configuration must be readable, and is not: .*AccessDenied: Access Denied; the provider's credentials need s3:GetReplicationConfiguration on it/,
    );
    assert.equal(things(ALARM).length, 12);
  });
});
