import assert from "node:assert/strict";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { StatementJson } from "../support/program";
import { BUCKET_NOTIFICATION, type Thing } from "./provider/resourceTypes";
import { bucketByHand, type HandMadeBucket, roleByHand } from "./support/handMade";
import {
  DESTINATION_ACCOUNT,
  DESTINATION_BUCKET,
  destinationSettings,
  SOURCE_ACCOUNT,
  SOURCE_BUCKET,
  sourceSettings,
} from "./support/pair";
import { Workspace } from "./support/workspace";

/** The gate, for which somebody has reviewed the role that no stack makes. */
const PACK = ["--policy-pack", "policypack", "--policy-pack-config", "pack.json"];
const REVIEWED = JSON.stringify({ "replication-role-trust": { exempt: ["source-replication"] } });
const TOPICS = { alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:on-call"] };
const STACKS = ["destination", "source"];

/** Both buckets are there, with their keys and the role; nobody has put anything for replication yet. */
function madeByHand(): { workspace: Workspace; source: HandMadeBucket; destination: HandMadeBucket } {
  const workspace = Workspace.ofRepository();
  workspace.write("pack.json", REVIEWED);
  const source = bucketByHand(workspace, {
    accountId: SOURCE_ACCOUNT,
    region: "us-east-1",
    bucketName: "acme-data",
  });
  const destination = bucketByHand(workspace, {
    accountId: DESTINATION_ACCOUNT,
    region: "eu-west-1",
    bucketName: "acme-archive",
  });
  roleByHand(workspace, SOURCE_ACCOUNT, "s3-replication");
  return { workspace, source, destination };
}

/** All of a bucket but its rules. */
function settingsOf(workspace: Workspace, arn: string) {
  const bucket = structuredClone(workspace.accounts.snapshot.buckets[arn]);
  const statements = (bucket?.policy as { Statement?: StatementJson[] } | null)?.Statement;
  return { ...bucket, policy: undefined, replication: undefined, statements };
}
const notificationOf = (workspace: Workspace, bucketName: string): Thing | undefined =>
  workspace.accounts.things.find(
    ({ type, inputs }) => type === BUCKET_NOTIFICATION && inputs.bucket === bucketName,
  );

describe("buckets, keys and a role that exist, of which only names are known", () => {
  /** What each stack's update printed. */
  const said: Record<string, string> = {};
  const { workspace, source, destination } = madeByHand();
  const untouched = {
    source: settingsOf(workspace, SOURCE_BUCKET),
    destination: settingsOf(workspace, DESTINATION_BUCKET),
  };

  before(async () => {
    workspace.configure("destination", {
      destination: destinationSettings({ existingBucket: {}, encryption: { keyArn: destination.keyArn } }),
    });
    workspace.configure("source", {
      source: sourceSettings({
        existingBucket: {},
        encryption: { keyArn: source.keyArn },
        existingRole: {},
        monitoring: TOPICS,
      }),
    });
    await workspace.initialise(...STACKS);
    for (const stack of STACKS) {
      const { text } = await workspace.succeed(["up", "--yes", "--stack", stack, ...PACK]);
      said[stack] = text;
    }
  });

  it("say what waits for their owners, and the output that holds it", () => {
    for (const [policy, output] of [
      ["the policy of bucket 'acme-archive'", "requiredBucketPolicyStatements"],
      ["the policy of its key", "requiredKeyPolicyStatements"],
    ])
      assert.ok(
        said.destination?.includes(
          `warning: ReplicationDestination 'destination' leaves ${policy} to its owner: it must hold the statements of the output '${output}'`,
        ),
        said.destination,
      );
    assert.match(
      said.source ?? "",
      /warning: ReplicationSource 'source' leaves role 'arn:aws:iam::111111111111:role\/s3-replication' to its owner: it must hold the statements of the output 'requiredRolePolicies'/,
    );
  });

  it("get rules and alarms, and nothing else", () => {
    const changed = workspace.accounts.changes.map(
      ({ kind, type, id }) => `${kind} ${type.split(":")[2]} ${id}`,
    );
    assert.deepEqual(changed.sort(), [
      "create BucketReplicationConfig acme-data",
      "create MetricAlarm s3-replication-acme-data-failed-operations",
      "create MetricAlarm s3-replication-acme-data-latency",
      "create MetricAlarm s3-replication-acme-data-pending-bytes",
    ]);
    assert.deepEqual(settingsOf(workspace, SOURCE_BUCKET), untouched.source);
    assert.deepEqual(settingsOf(workspace, DESTINATION_BUCKET), untouched.destination);
  });

  it("are proven once people put what the outputs say", async () => {
    const snapshot = structuredClone(workspace.accounts.snapshot);
    assert.equal(rehearse(snapshot).verdict, "broken");
    const told = await workspace.outputs("destination");
    const { requiredRolePolicies, requiredKeyPolicyStatements } = await workspace.outputs("source");
    const add = (document: unknown, statements: unknown) =>
      (document as { Statement: unknown[] }).Statement.push(...(JSON.parse(String(statements)) as unknown[]));
    add(snapshot.buckets[DESTINATION_BUCKET]?.policy, told.requiredBucketPolicyStatements);
    add(snapshot.keys[destination.keyArn]?.policy, told.requiredKeyPolicyStatements);
    for (const [keyArn, statements] of Object.entries(requiredKeyPolicyStatements as Record<string, string>))
      add(snapshot.keys[keyArn]?.policy, statements);
    const role = snapshot.accounts[SOURCE_ACCOUNT]?.roles["arn:aws:iam::111111111111:role/s3-replication"];
    assert.ok(role !== undefined);
    const { trust, s3, kms } = requiredRolePolicies as Record<string, string>;
    role.trust = JSON.parse(trust ?? "");
    role.policies = [s3, kms].map((document) => JSON.parse(document ?? "") as unknown);
    const { verdict, objects } = rehearse(snapshot);
    assert.equal(verdict, "proven", JSON.stringify(objects.filter(({ outcome }) => outcome !== "COMPLETED")));
  });

  it("have nothing to change the second time", async () => {
    for (const stack of STACKS) await workspace.succeed(["preview", "--expect-no-changes", "--stack", stack]);
  });
});

describe("buckets that exist, whose policy and notification are given", () => {
  const { workspace, source, destination } = madeByHand();
  const untouched = {
    source: settingsOf(workspace, SOURCE_BUCKET),
    destination: settingsOf(workspace, DESTINATION_BUCKET),
  };

  before(async () => {
    const common = { protect: false };
    workspace.configure("destination", {
      destination: destinationSettings({
        ...common,
        existingBucket: { policy: destination.policy },
        encryption: { keyArn: destination.keyArn },
      }),
    });
    workspace.configure("source", {
      source: sourceSettings({
        ...common,
        existingBucket: { notification: source.notification },
        encryption: { keyArn: source.keyArn },
        existingRole: { putPolicies: true },
      }),
    });
    await workspace.initialise(...STACKS);
    for (const stack of STACKS) await workspace.succeed(["up", "--yes", "--stack", stack, ...PACK]);
  });

  it("keep both beside what is added, and every other setting", () => {
    const { statements, ...others } = settingsOf(workspace, DESTINATION_BUCKET);
    const { statements: theirs, ...othersBefore } = untouched.destination;
    assert.deepEqual(others, othersBefore);
    assert.deepEqual(statements?.slice(0, -1), theirs);
    assert.equal(statements?.at(-1)?.Sid, "ReplicateFrom111111111111");
    assert.deepEqual(settingsOf(workspace, SOURCE_BUCKET), untouched.source);
    const { queues } = notificationOf(workspace, "acme-data")?.inputs as { queues: { id: string }[] };
    assert.deepEqual(
      queues.map(({ id }) => id),
      ["uploads", "replication-failures"],
    );
  });

  it("are proven once the key's owner puts what the output says", async () => {
    const snapshot = structuredClone(workspace.accounts.snapshot);
    const { requiredKeyPolicyStatements } = await workspace.outputs("destination");
    const policy = snapshot.keys[destination.keyArn]?.policy as { Statement: unknown[] };
    policy.Statement.push(...(JSON.parse(String(requiredKeyPolicyStatements)) as unknown[]));
    assert.equal(rehearse(snapshot).verdict, "proven");
  });

  it("lose nothing of theirs when the stacks are destroyed: bucket, key, role, policy, notification and data stay", async () => {
    for (const stack of [...STACKS].reverse())
      await workspace.succeed(["destroy", "--yes", "--stack", stack]);
    const deleted = workspace.accounts.changes.flatMap(({ kind, type }) =>
      kind === "delete" ? type.split(":")[2] : [],
    );
    assert.deepEqual([...new Set(deleted)].sort(), [
      "BucketReplicationConfig",
      "MetricAlarm",
      "Queue",
      "QueuePolicy",
      "RolePolicy",
    ]);
    const { statements } = settingsOf(workspace, DESTINATION_BUCKET);
    assert.equal(statements?.[0]?.Sid, "AuditorsRead");
    assert.ok(JSON.stringify(notificationOf(workspace, "acme-data")?.inputs).includes("uploads"));
    for (const arn of [SOURCE_BUCKET, DESTINATION_BUCKET]) {
      assert.deepEqual(workspace.accounts.objects(arn), ["from-before"]);
    }
    for (const { keyArn } of [source, destination]) {
      assert.equal(workspace.accounts.snapshot.keys[keyArn]?.state, "Enabled");
    }
  });
});

describe("a bucket that exists and is not versioned", () => {
  it("is refused by S3, and nothing of it is changed to please it", async () => {
    const { workspace, source, destination } = madeByHand();
    const bucket = workspace.accounts.snapshot.buckets[SOURCE_BUCKET];
    assert.ok(bucket !== undefined);
    bucket.versioning = null;
    const { keyArn } = destination;
    const sources = [{ accountId: SOURCE_ACCOUNT, roleName: "own", deleteMarkerReplication: true }];
    workspace.configure("destination", {
      destination: destinationSettings({ existingBucket: {}, encryption: { keyArn }, sources }),
    });
    workspace.configure("source", {
      source: sourceSettings({ existingBucket: {}, encryption: { keyArn: source.keyArn }, roleName: "own" }),
    });
    await workspace.initialise(...STACKS);
    await workspace.succeed(["up", "--yes", "--stack", "destination"]);
    const run = await workspace.fail(["up", "--yes", "--stack", "source"]);
    assert.match(run.text, /Versioning must be 'Enabled' on the bucket to apply a replication configuration/);
    assert.equal(workspace.accounts.snapshot.buckets[SOURCE_BUCKET]?.versioning, null);
  });
});
