import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import type { ReplicationWatchArgs } from "../../src";
import { deploySource, newSource, newWatch, sourceArgs, watchArgs } from "../support/pairs";
import type { Deployment } from "../support/program";

const deployed = (change: Partial<ReplicationWatchArgs> = {}, preview = false) =>
  deploySource(
    () => {
      const { bucketArn, ruleIds, failureQueueUrl, requiredFailurePolicyStatement } = newWatch(
        watchArgs(change),
      );
      return { bucketArn, ruleIds, failureQueueUrl, requiredFailurePolicyStatement };
    },
    { preview },
  );

const children = (made: Deployment) =>
  made.registrations.filter(({ type }) => /^aws:/.test(type)).map(({ name }) => name);
const warningsOf = (made: Deployment) =>
  made.run.stacks
    .flatMap(({ warnings = [] }) => warnings)
    // The SDK's own, of outputs that are undefined.
    .filter((warning) => !warning.includes("stack output"));
const alarms = ["orders-failed-operations-alarm", "orders-latency-alarm", "orders-pending-bytes-alarm"];
const rule = (id: string, change: object = {}) => ({
  id,
  destinationBucketArn: "arn:aws:s3:::orders-replicas",
  ...change,
});

describe("a watch over a bucket that somebody else made", () => {
  it("has alarms on its rules, and leaves the bucket and what it notifies alone", async () => {
    const made = await deployed();
    deepStrictEqual(children(made).sort(), alarms);
    const { metricQueries } = made.inputs("orders-latency-alarm");
    deepStrictEqual((metricQueries as { metric?: unknown }[])[1]?.metric, {
      namespace: "AWS/S3",
      metricName: "ReplicationLatency",
      stat: "Maximum",
      period: 300,
      dimensions: { SourceBucket: "orders", DestinationBucket: "orders-replicas", RuleId: "everything" },
    });
    deepStrictEqual(made.outputs("stack"), {
      bucketArn: "arn:aws:s3:::orders",
      ruleIds: ["everything"],
      failureQueueUrl: undefined,
      requiredFailurePolicyStatement: undefined,
    });
  });

  it("puts the failure queue beside what the bucket notifies already", async () => {
    const others = {
      id: "thumbnails",
      queueArn: "arn:aws:sqs:eu-west-1:111111111111:new",
      events: ["s3:ObjectCreated:*"],
    };
    const made = await deployed({ notification: { queues: [others], eventbridge: true } });
    const { bucket, queues, eventbridge } = made.inputs("orders-notification");
    deepStrictEqual(
      [bucket, eventbridge, (queues as { id: string }[]).map(({ id }) => id)],
      ["orders", true, ["thumbnails", "replication-failures"]],
    );
    strictEqual(made.resource("orders-notification").retainOnDelete, true);
    strictEqual(
      made.outputs("stack").failureQueueUrl,
      "https://sqs.eu-west-1.amazonaws.com/111111111111/orders-failures",
    );
  });

  it("can send failures to a topic of its own, whose owner is told the statement that it needs", async () => {
    const failureTopicArn = "arn:aws:sns:eu-west-1:333333333333:failures";
    const made = await deployed({ notification: {}, monitoring: { failureTopicArn } });
    const { topics } = made.inputs("orders-notification") as { topics: { topicArn: string }[] };
    deepStrictEqual(
      topics.map(({ topicArn }) => topicArn),
      [failureTopicArn],
    );
    const statement = JSON.parse(String(made.outputs("stack").requiredFailurePolicyStatement)) as object;
    strictEqual("Resource" in statement && statement.Resource, failureTopicArn);
  });

  it("says which rules it cannot see, also in an update: their owner has turned their metrics off", async () => {
    const rules = [
      rule("seen"),
      rule("unseen", { metrics: false }),
      rule("off", { enabled: false, metrics: false }),
    ];
    const made = await deployed({ rules, monitoring: { alarmTopicArns: [] } });
    deepStrictEqual(warningsOf(made), [
      "ReplicationWatch 'orders' cannot see rule 'unseen': S3 sends neither metrics nor events for a rule without replication metrics; turn them on where the rules are kept (Metrics: {Status: Enabled} in the rule's Destination)",
    ]);
    deepStrictEqual(made.outputs("stack").ruleIds, ["seen"]);
  });

  it("makes nothing where it can see no rule", async () => {
    const made = await deployed({ rules: [rule("unseen", { metrics: false })], notification: {} });
    deepStrictEqual(children(made), []);
  });

  it("asks for events of late objects where a rule has Replication Time Control", async () => {
    const rules = [rule("everything", { replicationTimeControl: true })];
    const { queues } = (await deployed({ rules, notification: {} })).inputs("orders-notification");
    strictEqual(
      (queues as { events: string[] }[])[0]?.events.includes("s3:Replication:OperationMissedThreshold"),
      true,
    );
  });

  it("draws a row of its dashboard for each destination", async () => {
    const rules = [rule("a"), rule("b", { destinationBucketArn: "arn:aws:s3:::elsewhere" })];
    const made = await deployed({ rules, monitoring: { dashboard: true } });
    const { widgets } = JSON.parse(String(made.inputs("orders-dashboard").dashboardBody)) as {
      widgets: { type: string; properties: { markdown?: string } }[];
    };
    deepStrictEqual(
      widgets.flatMap(({ properties }) => properties.markdown ?? []),
      ["## orders → orders-replicas", "## orders → elsewhere"],
    );
  });

  it("warns in a preview that its alarms reach nobody", async () => {
    const [said = ""] = warningsOf(await deployed({}, true));
    strictEqual(said.startsWith("the alarms of ReplicationWatch 'orders' reach nobody: "), true, said);
  });

  it("fails beside a component of the program that makes the same of its bucket", async () => {
    const both = (change: Partial<ReplicationWatchArgs>) =>
      deploySource(() => {
        newSource();
        newWatch(watchArgs(change), "twice");
      });
    await rejects(both({}), {
      message:
        /^ReplicationWatch 'twice': 'monitoring.alarms' must be false .* as in ReplicationSource 'orders'/,
    });
    await rejects(both({ notification: {}, monitoring: { dashboard: true } }), {
      message: /^ReplicationWatch 'twice': 2 mistakes\n.*'monitoring.alarms'.*\n.*'monitoring.failureQueue'/,
    });
  });

  it("goes beside a source that leaves to it what it makes, and beside a watch over another bucket", async () => {
    const made = await deploySource(() => {
      newSource(sourceArgs({ monitoring: { alarms: false } }));
      newWatch(watchArgs(), "watch");
      newWatch(watchArgs({ bucketName: "invoices" }), "invoices");
    });
    strictEqual(children(made).filter((name) => name.endsWith("-latency-alarm")).length, 2);
  });
});
