import assert from "node:assert/strict";
import { rehearse } from "../../src/rehearsal/rehearse";
import { DESTINATION_BUCKET, SOURCE_BUCKET } from "./support/pair";
import { previewSteps, unknownInputs } from "./support/preview";
import { Workspace } from "./support/workspace";

describe("the repository's own program and stack configurations", () => {
  let workspace: Workspace;

  before(async () => {
    workspace = Workspace.ofRepository();
    await workspace.initialise("source");
  });

  it("stop the source's preview with the name of the destination's stack while there is none", async () => {
    const run = await workspace.fail(["preview", "--stack", "source"]);
    assert.match(run.text, /unknown stack "organization\/s3-replication\/destination"/);
    assert.doesNotMatch(run.text, /\n\s+at /);
  });

  it("ask for the destination first while its stack holds nothing, in one sentence and without a stack trace", async () => {
    await workspace.initialise("destination");
    const run = await workspace.fail(["preview", "--stack", "source"]);
    assert.match(
      run.text,
      /error: contract of stack 'organization\/s3-replication\/destination': must be the 'contract' output of a ReplicationDestination, got none; deploy the destination first/,
    );
    assert.doesNotMatch(run.text, /\n\s+at |unhandled|PromiseRejection/);
    assert.deepEqual(workspace.accounts.changes, []);
  });

  it("make nothing when the source is deployed before the destination without a preview", async () => {
    await workspace.fail(["up", "--yes", "--skip-preview", "--stack", "source"]);
    assert.deepEqual(workspace.accounts.changes, []);
  });

  it("know everything in the destination's first preview but the new key", async () => {
    assert.deepEqual(unknownInputs(await previewSteps(workspace, "destination")), [
      "destination-encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
      "destination-key-alias.targetKeyId",
    ]);
  });

  it("deploy the destination in one pass", async () => {
    await workspace.succeed(["up", "--yes", "--stack", "destination"]);
    const bucket = workspace.accounts.snapshot.buckets[DESTINATION_BUCKET];
    assert.equal(bucket?.versioning, "Enabled");
  });

  it("know everything in the source's first preview but the new key and the new queue", async () => {
    assert.deepEqual(unknownInputs(await previewSteps(workspace, "source")), [
      "source-encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
      "source-failures-policy.queueUrl",
      "source-key-alias.targetKeyId",
      "source-notification.queues.0.queueArn",
      "source-role-kms.policy",
    ]);
  });

  it("deploy the source in one pass", async () => {
    await workspace.succeed(["up", "--yes", "--stack", "source"]);
    const bucket = workspace.accounts.snapshot.buckets[SOURCE_BUCKET];
    assert.deepEqual(
      bucket?.replication?.Rules.map((rule) => rule.ID),
      ["documents", "everything-else"],
    );
  });

  it("leave two accounts in which replication is proven", () => {
    const report = rehearse(workspace.accounts.snapshot);
    assert.equal(report.verdict, "proven");
    assert.deepEqual(report.unusedGrants, []);
  });

  for (const stack of ["destination", "source"]) {
    it(`find nothing to do when the ${stack} is previewed and deployed a second time`, async () => {
      const done = workspace.accounts.changes.length;
      await workspace.succeed(["preview", "--expect-no-changes", "--stack", stack]);
      await workspace.succeed(["up", "--yes", "--expect-no-changes", "--stack", stack]);
      assert.equal(workspace.accounts.changes.length, done);
    });

    it(`find nothing to do after a refresh of the ${stack}`, async () => {
      await workspace.succeed(["refresh", "--yes", "--expect-no-changes", "--stack", stack]);
      await workspace.succeed(["preview", "--expect-no-changes", "--stack", stack]);
    });
  }

  it("export the contract and plain values for people", async () => {
    const destination = await workspace.outputs("destination");
    const keyArn = destination.keyArn;
    assert.match(String(keyArn), /^arn:aws:kms:eu-west-1:222222222222:key\//);
    assert.deepEqual(destination, {
      accountId: "222222222222",
      region: "eu-west-1",
      bucketName: "acme-archive",
      bucketArn: DESTINATION_BUCKET,
      keyArn,
      contract: {
        version: 1,
        accountId: "222222222222",
        region: "eu-west-1",
        partition: "aws",
        bucketArn: DESTINATION_BUCKET,
        keyArn,
        encryption: "aws:kms",
        bucketKeyEnabled: true,
        objectOwnership: "BucketOwnerEnforced",
        objectLockEnabled: false,
        sources: [
          {
            roleArn: "arn:aws:iam::111111111111:role/s3-replication",
            tags: true,
            deleteMarkerReplication: true,
            ownerOverride: true,
          },
        ],
      },
    });
    const source = await workspace.outputs("source");
    assert.match(String(source.keyArn), /^arn:aws:kms:us-east-1:111111111111:key\//);
    assert.match(String(source.failureQueueUrl), /^https:\/\/sqs\.us-east-1\./);
    assert.deepEqual(source, {
      accountId: "111111111111",
      region: "us-east-1",
      bucketName: "acme-data",
      bucketArn: SOURCE_BUCKET,
      keyArn: source.keyArn,
      roleArn: "arn:aws:iam::111111111111:role/s3-replication",
      ruleIds: ["documents", "everything-else"],
      failureQueueUrl: source.failureQueueUrl,
      destinationBuckets: {
        archive: { accountId: "222222222222", region: "eu-west-1", bucketArn: DESTINATION_BUCKET },
      },
    });
  });
});
