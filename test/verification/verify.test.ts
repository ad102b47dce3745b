import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { RuleVerification } from "../../src/verification/report";
import { waitFor } from "../../src/verification/waiting";
import { ACCESS_DENIED, DESTINATION, FakeS3, type ListInput, SOURCE } from "./fakeS3";

const never = new AbortController().signal;

describe("a verification", () => {
  let fake: FakeS3;
  beforeEach(() => (fake = new FakeS3()));
  afterEach(() => fake.restore());

  const ofRule = async (more = {}): Promise<RuleVerification> => (await fake.verify(more)).rules[0]!;

  it("verifies a rule whose replica is right", async () => {
    const { outcome, checks } = await ofRule();
    strictEqual(outcome, "verified");
    ok(checks.every(({ result }) => result === "right"));
    deepStrictEqual(fake.left(), []);
  });

  describe("with one call that is denied", () => {
    const cases: {
      command: Parameters<FakeS3["s3"]["on"]>[0];
      bucket: string;
      outcome: string;
      says: RegExp;
      unread?: string[];
      left?: string[];
    }[] = [
      {
        command: ListObjectVersionsCommand as never,
        bucket: SOURCE,
        outcome: "refused",
        says: /canaries in bucket 'data' cannot be listed: AccessDenied/,
      },
      {
        command: ListObjectVersionsCommand as never,
        bucket: DESTINATION,
        outcome: "refused",
        says: /canaries would pile up: replicas in bucket 'archive' can neither be looked at .*AccessDenied/,
      },
      {
        command: GetObjectLockConfigurationCommand as never,
        bucket: SOURCE,
        outcome: "refused",
        says: /canaries would pile up: the default retention of bucket 'data' could not be read \(AccessDenied: .*\)/,
      },
      {
        command: GetObjectLockConfigurationCommand as never,
        bucket: DESTINATION,
        outcome: "refused",
        says: /canaries would pile up: the default retention of bucket 'archive' could not be read \(AccessDenied: .*\)/,
      },
      {
        command: GetBucketNotificationConfigurationCommand as never,
        bucket: SOURCE,
        outcome: "verified",
        says: /the event notifications of bucket 'data' could not be read/,
      },
      {
        command: PutObjectCommand as never,
        bucket: SOURCE,
        outcome: "refused",
        says: /the canary could not be put: AccessDenied/,
      },
      {
        command: HeadObjectCommand as never,
        bucket: SOURCE,
        outcome: "unfinished",
        says: /it cannot be followed: AccessDenied/,
      },
      {
        command: HeadObjectCommand as never,
        bucket: DESTINATION,
        outcome: "verified",
        says: /AccessDenied/,
        unread: ["encryption", "storage class"],
      },
      {
        command: GetObjectCommand as never,
        bucket: DESTINATION,
        outcome: "verified",
        says: /AccessDenied/,
        unread: ["bytes"],
      },
      {
        command: GetObjectTaggingCommand as never,
        bucket: DESTINATION,
        outcome: "verified",
        says: /AccessDenied/,
        unread: ["tags"],
      },
      {
        command: GetBucketAclCommand as never,
        bucket: DESTINATION,
        outcome: "verified",
        says: /AccessDenied/,
        unread: ["owner"],
      },
      {
        command: DeleteObjectCommand as never,
        bucket: SOURCE,
        outcome: "verified",
        says: /none could be put: AccessDenied/,
        unread: ["delete marker"],
      },
      {
        command: DeleteObjectsCommand as never,
        bucket: SOURCE,
        outcome: "verified",
        says: /"bucket":"data".*AccessDenied/,
        left: ["data", "data marker"],
      },
      {
        command: DeleteObjectsCommand as never,
        bucket: DESTINATION,
        outcome: "verified",
        says: /"bucket":"archive".*AccessDenied/,
        left: ["archive", "archive marker"],
      },
    ];
    for (const { command, bucket, outcome, says, unread = [], left = [] } of cases) {
      it(`${(command as { name: string }).name} on ${bucket}: ${outcome}`, async () => {
        fake.s3.on(command, { Bucket: bucket }).rejects(ACCESS_DENIED);
        const report = await fake.verify();
        const [rule] = report.rules;
        strictEqual(rule!.outcome, outcome);
        match(JSON.stringify(report), says);
        const names = rule!.checks.flatMap(({ name, result }) => (result === "unread" ? [name] : []));
        deepStrictEqual(names, unread);
        deepStrictEqual(fake.left(), left);
        strictEqual(rule!.left.length, left.length);
      });
    }

    it("GetBucketReplication or HeadBucket: nothing can be done", async () => {
      fake.s3.on(GetBucketReplicationCommand).rejects(ACCESS_DENIED);
      await rejects(fake.verify(), {
        name: "AwsCallFailed",
        message: /needs s3:GetReplicationConfiguration/,
      });
      fake.sts
        .on(GetCallerIdentityCommand)
        .resolves({ Account: "111111111111", Arn: "arn:aws:iam::1:user/a" });
      fake.s3.on(HeadBucketCommand).rejects(ACCESS_DENIED);
      await rejects(fake.verify(), { name: "AwsCallFailed", message: /cannot find the Region/ });
    });
  });

  it("puts no second canary where the first could not be removed", async () => {
    fake.s3.on(DeleteObjectsCommand, { Bucket: SOURCE }).rejects(ACCESS_DENIED);
    await fake.verify();
    fake.versions = fake.versions.map((each) => ({ ...each, LastModified: new Date(0) }));
    const { outcome, reason } = await ofRule();
    strictEqual(outcome, "refused");
    match(reason, /canaries would pile up: 2 of earlier runs cannot be removed.*--leave-canaries/);
    strictEqual((await ofRule({ leaveCanaries: true })).outcome, "verified");
  });

  it("puts a canary where the default retention cannot be read only when it is told to leave canaries", async () => {
    fake.s3.on(GetObjectLockConfigurationCommand, { Bucket: DESTINATION }).rejects(ACCESS_DENIED);
    await ofRule();
    strictEqual(fake.s3.commandCalls(PutObjectCommand).length, 0);
    fake.sts.on(GetCallerIdentityCommand).resolves({ Account: "111111111111", Arn: "arn:aws:iam::1:user/a" });
    const { outcome, notes } = await ofRule({ leaveCanaries: true });
    strictEqual(outcome, "verified");
    match(notes.join(), /the default retention of bucket 'archive' could not be read \(AccessDenied/);
  });

  describe("is unfinished, though S3 says COMPLETED, where", () => {
    const UNSEEN = "S3 says COMPLETED; nothing of the replica could be looked at";

    it("the replica cannot be listed", async () => {
      let isReplicated = false;
      fake.s3.on(HeadObjectCommand).callsFake(() => {
        isReplicated = true;
        return { ServerSideEncryption: "AES256", ReplicationStatus: "COMPLETED" };
      });
      fake.s3.on(ListObjectVersionsCommand, { Bucket: DESTINATION }).callsFake((input: ListInput) => {
        // Once only: that the delete marker could be seen says nothing of the replica.
        if (!isReplicated) return fake.list(input);
        isReplicated = false;
        throw ACCESS_DENIED;
      });
      const { verdict, rules } = await fake.verify();
      const [{ outcome, reason, checks }] = rules as [RuleVerification];
      deepStrictEqual([verdict, outcome, reason], ["unfinished", "unfinished", UNSEEN]);
      deepStrictEqual(
        checks.map(({ name, result }) => [name, result]),
        [["version id", "unread"]],
      );
    });

    it("no account given may look into the destination", async () => {
      fake.s3.on(ListObjectVersionsCommand, { Bucket: DESTINATION }).rejects(ACCESS_DENIED);
      const { verdict, rules } = await fake.verify({ leaveCanaries: true });
      const [{ outcome, reason, checks }] = rules as [RuleVerification];
      deepStrictEqual([verdict, outcome, reason, checks], ["unfinished", "unfinished", UNSEEN, []]);
    });

    it("it is stopped before it puts the delete marker", async () => {
      const controller = new AbortController();
      fake.s3.on(GetObjectTaggingCommand).callsFake(() => {
        controller.abort();
        return { TagSet: [] };
      });
      const { verdict, rules } = await fake.verify({ signal: controller.signal });
      const [{ outcome, reason, checks }] = rules as [RuleVerification];
      deepStrictEqual(
        [verdict, outcome, reason],
        ["unfinished", "unfinished", "it was stopped before its delete marker was tested"],
      );
      ok(checks.length > 0 && checks.every(({ result }) => result === "right"));
      deepStrictEqual(fake.left(), []);
    });

    it("it is stopped before the delete marker arrives", async () => {
      const controller = new AbortController();
      fake.s3.on(DeleteObjectCommand).callsFake(() => {
        controller.abort();
        return { VersionId: "marker" };
      });
      const { outcome, reason } = await ofRule({ signal: controller.signal });
      deepStrictEqual([outcome, reason], ["unfinished", "its delete marker has not arrived: it was stopped"]);
    });
  });

  it("is verified when it is stopped where the rule replicates no delete markers", async () => {
    fake.restore();
    fake = new FakeS3({ DeleteMarkerReplication: { Status: "Disabled" } });
    const controller = new AbortController();
    fake.s3.on(GetObjectTaggingCommand).callsFake(() => {
      controller.abort();
      return { TagSet: [] };
    });
    strictEqual((await ofRule({ signal: controller.signal })).outcome, "verified");
  });

  it("removes thousands of leftovers, a thousand in a call", async () => {
    const LastModified = new Date(Date.now() - 3_600_000);
    const old = Array.from({ length: 2500 }, (_, index) => ({
      bucket: SOURCE,
      Key: `.canary/data/everything/${index.toString(16).padStart(8, "0")}-900`,
      VersionId: `old-${index}`,
      LastModified,
    }));
    fake.versions = [...old, { ...old[0]!, Key: ".canary/data/everything/notes.txt", VersionId: "own" }];
    const { outcome, removedLeftovers } = await ofRule();
    deepStrictEqual([outcome, removedLeftovers], ["verified", 2500]);
    deepStrictEqual(
      fake.versions.map(({ VersionId }) => VersionId),
      ["own"],
    );
    const sizes = fake.s3
      .commandCalls(DeleteObjectsCommand)
      .map(({ args }) => args[0].input.Delete!.Objects!.length);
    deepStrictEqual(sizes.slice(0, 3), [1000, 1000, 500]);
  });

  it("gives way to the run whose canary was there first", async () => {
    const Key = ".canary/data/everything/00000000-900";
    fake.s3.on(PutObjectCommand).callsFake(({ Key: own, Body: body }: { Key: string; Body: string }) => {
      const LastModified = new Date();
      fake.versions.push(
        { bucket: SOURCE, Key, VersionId: "theirs", LastModified },
        { bucket: SOURCE, Key: own, VersionId: "ours", body, LastModified: new Date(Date.now() + 1000) },
      );
      return { VersionId: "ours" };
    });
    strictEqual((await ofRule()).outcome, "skipped");
    deepStrictEqual(
      fake.versions.map(({ VersionId }) => VersionId),
      ["theirs"],
    );
  });

  it("waits through throttling and lost connections", async () => {
    let asked = 0;
    fake.s3.on(HeadObjectCommand).callsFake(() => {
      asked += 1;
      const name = asked === 1 ? "SlowDown" : "TimeoutError";
      if (asked <= 3) throw Object.assign(new Error("later"), { name });
      return { ServerSideEncryption: "AES256", ReplicationStatus: "COMPLETED" };
    });
    strictEqual((await ofRule()).outcome, "verified");
  });

  it("says at the deadline what S3 answered last", async () => {
    fake.s3.on(HeadObjectCommand).rejects(Object.assign(new Error("later"), { name: "SlowDown" }));
    const { outcome, reason } = await ofRule({ timeout: 20 });
    strictEqual(outcome, "unfinished");
    match(reason, /it had not finished after 0.02 seconds; the last answer was SlowDown: later/);
    deepStrictEqual(fake.left(), []);
  });

  it("fails where the rule leaves the bucket's default encryption alone", async () => {
    fake.s3.on(HeadObjectCommand).resolves({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "arn:key" });
    const { outcome, reason } = await ofRule();
    strictEqual(outcome, "failed");
    match(reason, /it is under SSE-KMS, and the rule does not select SSE-KMS objects/);
  });

  it("says which kind of object was not tested", async () => {
    fake.restore();
    fake = new FakeS3({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } } });
    const { notes } = await ofRule();
    match(notes.join(), /tested with SSE-S3, .*that the rule takes SSE-KMS objects too was not tested/);
  });

  it("goes to the Region that S3 redirects to", async () => {
    fake.s3.on(HeadBucketCommand).rejects(
      Object.assign(new Error("moved"), {
        name: "PermanentRedirect",
        $metadata: { httpStatusCode: 301 },
        $response: { headers: { "x-amz-bucket-region": "ap-south-1" } },
      }),
    );
    strictEqual((await fake.verify()).region, "ap-south-1");
    const client = fake.s3.commandCalls(PutObjectCommand)[0]!.thisValue as S3Client;
    strictEqual(await client.config.region(), "ap-south-1");
  });

  it("puts nothing once it is stopped", async () => {
    const { outcome } = await ofRule({ signal: AbortSignal.abort() });
    strictEqual(outcome, "unfinished");
    strictEqual(fake.s3.commandCalls(PutObjectCommand).length, 0);
  });

  it("asks for the cause of a failure, and only then", async () => {
    const diagnose = (_: unknown, bucket: string) => Promise.resolve({ cause: bucket } as never);
    strictEqual((await fake.verify({ diagnose })).diagnosis, undefined);
    fake.sts.on(GetCallerIdentityCommand).resolves({ Account: "111111111111", Arn: "arn:aws:iam::1:user/a" });
    fake.s3.on(HeadObjectCommand).resolves({ ReplicationStatus: "FAILED" });
    fake.s3.on(ListObjectVersionsCommand, { Bucket: DESTINATION }).resolves({});
    const { verdict, diagnosis } = await fake.verify({ diagnose });
    deepStrictEqual([verdict, diagnosis], ["failed", { cause: SOURCE }]);
    const failing = await fake.verify({ diagnose: () => Promise.reject(ACCESS_DENIED) });
    match(failing.notes.join(), /the cause could not be looked for: AccessDenied/);
  });

  it("verifies nothing where no rule is enabled", async () => {
    fake.restore();
    fake = new FakeS3({ Status: "Disabled" });
    const { verdict, rules } = await fake.verify();
    deepStrictEqual([verdict, rules], ["unfinished", []]);
  });
});

describe("waiting", () => {
  it("keeps its deadline when the clock of the machine is set", async () => {
    const { now } = Date;
    let calls = 0;
    try {
      const waited = await waitFor({ timeout: 10_000, firstPause: 1, signal: never }, () => {
        Date.now = () => now() + 86_400_000;
        return Promise.resolve((calls += 1) === 3 ? "there" : undefined);
      });
      ok("found" in waited && waited.seconds < 10);
    } finally {
      Date.now = now;
    }
  });

  it("ends at once when it is stopped", async () => {
    const controller = new AbortController();
    const waited = await waitFor({ timeout: 70_000, firstPause: 70_000, signal: controller.signal }, () => {
      controller.abort();
      return Promise.resolve(undefined);
    });
    deepStrictEqual(waited, { why: "it was stopped" });
  });
});
