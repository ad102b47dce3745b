import { strict as assert } from "node:assert";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { snapshotOf } from "../support/examples";
import { type Emulator, startEmulator } from "./support/emulator";
import { EmulatedAccount, plant } from "./support/plant";
import { refusal } from "./support/keptDocuments";
import { canonicalId, ReplicatingProxy } from "./support/replicatingProxy";
import { asRehearsed } from "./support/replication";

const SOURCE = { Bucket: "article-markers-objects" };
const DESTINATION = { Bucket: "article-markers-replicas" };

describe("the proxy that plays S3's part in replication", () => {
  let emulator: Emulator;
  let proxy: ReplicatingProxy;
  let snapshot: Snapshot;
  let source: S3Client;
  let destination: S3Client;

  before(async () => {
    emulator = await startEmulator();
    snapshot = await plant(emulator.endpoint, await snapshotOf("delete-markers"));
    proxy = await ReplicatingProxy.start(emulator.endpoint, { snapshot });
    [source, destination] = ["111111111111", "222222222222"].map((id) =>
      new EmulatedAccount(proxy.endpoint, id).s3("us-east-1"),
    ) as [S3Client, S3Client];
  });

  after(async () => {
    await proxy?.stop();
    await emulator?.stop();
  });

  it("says PENDING until its time, then COMPLETED, and REPLICA of the copy", async () => {
    proxy.replication.decide = () => ({ status: "COMPLETED", afterPolls: 2 });
    const { VersionId } = await source.send(
      new PutObjectCommand({ ...SOURCE, Key: "a/b c.txt", Body: "text", Tagging: "team=storage" }),
    );
    const place = { Key: "a/b c.txt", VersionId };
    const statuses: unknown[] = [];
    for (let poll = 0; poll < 3; poll += 1) {
      const { ReplicationStatus } = await source.send(new HeadObjectCommand({ ...SOURCE, ...place }));
      statuses.push(ReplicationStatus);
    }
    assert.deepEqual(statuses, ["PENDING", "PENDING", "COMPLETED"]);
    const replica = await destination.send(new GetObjectCommand({ ...DESTINATION, ...place }));
    assert.equal(replica.ReplicationStatus, "REPLICA");
    assert.equal(replica.VersionId, VersionId);
    assert.equal(await replica.Body?.transformToString(), "text");
    const tags = await destination.send(new GetObjectTaggingCommand({ ...DESTINATION, ...place }));
    assert.deepEqual(tags.TagSet, [{ Key: "team", Value: "storage" }]);
  });

  it("copies delete markers where the rule asks, and replicas can be deleted by their ids", async () => {
    proxy.replication.decide = () => ({ status: "COMPLETED" });
    const { VersionId } = await source.send(new PutObjectCommand({ ...SOURCE, Key: "marked", Body: "text" }));
    const marker = await source.send(new DeleteObjectCommand({ ...SOURCE, Key: "marked" }));
    const list = async () =>
      destination.send(new ListObjectVersionsCommand({ ...DESTINATION, Prefix: "marked" }));
    const there = await list();
    assert.deepEqual(
      there.Versions?.map((version) => [version.VersionId, version.Owner?.ID]),
      [[VersionId, canonicalId("222222222222")]],
    );
    assert.deepEqual(
      there.DeleteMarkers?.map((each) => each.VersionId),
      [marker.VersionId],
    );
    for (const id of [VersionId, marker.VersionId]) {
      await destination.send(new DeleteObjectCommand({ ...DESTINATION, Key: "marked", VersionId: id }));
    }
    const gone = await list();
    assert.deepEqual([gone.Versions ?? [], gone.DeleteMarkers ?? []], [[], []]);
  });

  it("makes the replica wrong, never, or not at all, as the test says", async () => {
    const fates = {
      wrong: { status: "COMPLETED", replica: { body: "other", owner: "111111111111" } },
      never: { status: "PENDING" },
      failed: { status: "FAILED", failureReason: "DstPutObjectNotPermitted" },
    } as const;
    proxy.replication.decide = ({ object }) => fates[object.key as keyof typeof fates];
    for (const [Key, { status }] of Object.entries(fates)) {
      await source.send(new PutObjectCommand({ ...SOURCE, Key, Body: "text" }));
      const head = await source.send(new HeadObjectCommand({ ...SOURCE, Key }));
      assert.equal(head.ReplicationStatus, status);
    }
    const wrong = await destination.send(new GetObjectCommand({ ...DESTINATION, Key: "wrong" }));
    assert.equal(await wrong.Body?.transformToString(), "other");
    const { Versions } = await destination.send(
      new ListObjectVersionsCommand({ ...DESTINATION, Prefix: "wrong" }),
    );
    assert.equal(Versions?.[0]?.Owner?.ID, canonicalId("111111111111"));
    assert.equal(proxy.replication.failures.at(-1)?.failureReason, "DstPutObjectNotPermitted");
  });

  it("does what the rehearsal of the accounts says", async () => {
    const broken = structuredClone(snapshot);
    for (const role of Object.values(broken.accounts["111111111111"]!.roles)) role.policies = [];
    for (const [accounts, status] of [
      [snapshot, "COMPLETED"],
      [broken, "FAILED"],
    ] as const) {
      proxy.replication.decide = asRehearsed(accounts);
      await source.send(new PutObjectCommand({ ...SOURCE, Key: status, Body: "text" }));
      const head = await source.send(new HeadObjectCommand({ ...SOURCE, Key: status }));
      assert.equal(head.ReplicationStatus, status);
    }
  });

  it("refuses who expects another owner, and answers or drops what the test wants", async () => {
    await assert.rejects(
      source.send(new HeadObjectCommand({ ...SOURCE, Key: "wrong", ExpectedBucketOwner: "222222222222" })),
      (error: { $metadata: { httpStatusCode: number } }) => error.$metadata.httpStatusCode === 403,
    );
    let dropped = 0;
    proxy.options = {
      snapshot,
      before: ({ method }) => (method === "PUT" ? refusal() : (dropped += 1) === 1 ? "drop" : undefined),
    };
    await assert.rejects(source.send(new PutObjectCommand({ ...SOURCE, Key: "refused", Body: "text" })), {
      name: "AccessDenied",
    });
    await source.send(new HeadObjectCommand({ ...SOURCE, Key: "wrong" }));
    assert.equal(dropped, 2);
  });
});
