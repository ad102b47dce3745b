import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { ReplicationRule, ReplicationSourceArgs } from "../../src";
import { contract, deploySource, newSource, sourceArgs } from "../support/pairs";
import type { Deployment } from "../support/program";

type Monitoring = ReplicationSourceArgs["monitoring"];

const TOPIC = "arn:aws:sns:eu-west-1:111111111111:on-call";
const QUEUE = "arn:aws:sqs:eu-west-1:111111111111:failed-replicas";

const deployed = (monitoring: Monitoring, change: Partial<ReplicationSourceArgs> = {}) =>
  deploySource(() => {
    const { failureQueueUrl, requiredFailurePolicyStatement } = newSource(
      sourceArgs({ monitoring, ...change }),
    );
    return { failureQueueUrl, requiredFailurePolicyStatement };
  });

const namesOf = (made: Deployment, type: RegExp) =>
  made.registrations.filter((resource) => type.test(resource.type)).map(({ name }) => name);
const alarmsOf = (made: Deployment) => namesOf(made, /MetricAlarm$/).sort();
const warningsOf = (made: Deployment) =>
  made.run.stacks
    .flatMap(({ warnings = [] }) => warnings)
    // The SDK's own, of outputs that are undefined.
    .filter((warning) => !warning.includes("stack output"));
const rules = (count: number): ReplicationRule[] =>
  Array.from({ length: count }, (_, index) => ({ id: `rule-${index}` }));

/** What an alarm on metrics of rules watches. */
function watchedBy(made: Deployment, alarm: string) {
  const [expression, ...metrics] = made.inputs(alarm).metricQueries as {
    id: string;
    expression?: string;
    metric?: { namespace: string; metricName: string; stat: string; dimensions: Record<string, string> };
  }[];
  return { expression: expression?.expression, metrics: metrics.map(({ metric }) => metric) };
}

describe("the alarms of a source", () => {
  it("are, unasked, for failed operations, latency, pending bytes and the depth of the queue", async () => {
    const made = await deployed(undefined);
    deepStrictEqual(
      alarmsOf(made).map((name) => [name, made.inputs(name).threshold, made.inputs(name).evaluationPeriods]),
      [
        ["orders-failed-operations-alarm", 1, 1],
        ["orders-failures-alarm", 1, 1],
        ["orders-latency-alarm", 3600, 3],
        ["orders-pending-bytes-alarm", 1_000_000_000_000, 3],
      ],
    );
  });

  it("each watch their metric of the rule by the three dimensions that S3 gives it", async () => {
    const made = await deployed({});
    const dimensions = {
      SourceBucket: "orders",
      DestinationBucket: "orders-replicas",
      RuleId: "everything",
    };
    const metric = (metricName: string, stat: string) => ({
      namespace: "AWS/S3",
      metricName,
      stat,
      period: 300,
      dimensions,
    });
    deepStrictEqual(watchedBy(made, "orders-failed-operations-alarm"), {
      expression: "SUM(METRICS())",
      metrics: [metric("OperationsFailedReplication", "Sum")],
    });
    deepStrictEqual(watchedBy(made, "orders-latency-alarm"), {
      expression: "MAX(METRICS())",
      metrics: [metric("ReplicationLatency", "Maximum")],
    });
    // S3 sends what is pending every minute: the sum of a period would count it five times.
    deepStrictEqual(watchedBy(made, "orders-pending-bytes-alarm"), {
      expression: "SUM(METRICS())",
      metrics: [metric("BytesPendingReplication", "Maximum")],
    });
    const { namespace, metricName, dimensions: queue } = made.inputs("orders-failures-alarm");
    deepStrictEqual(
      [namespace, metricName, queue],
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "orders-failures" }],
    );
  });

  it("stay as they are while there is no data", async () => {
    const made = await deployed({});
    for (const name of alarmsOf(made)) strictEqual(made.inputs(name).treatMissingData, "ignore", name);
  });

  it("have the thresholds that they are given", async () => {
    const made = await deployed({
      failedOperationsThreshold: 10,
      latencyThresholdInSeconds: 900,
      pendingBytesThreshold: 5,
      failureQueueDepthThreshold: 100,
    });
    deepStrictEqual(
      alarmsOf(made).map((name) => made.inputs(name).threshold),
      [10, 100, 900, 5],
    );
  });

  for (const [threshold, alarm] of [
    ["failedOperationsThreshold", "orders-failed-operations-alarm"],
    ["latencyThresholdInSeconds", "orders-latency-alarm"],
    ["pendingBytesThreshold", "orders-pending-bytes-alarm"],
    ["failureQueueDepthThreshold", "orders-failures-alarm"],
  ] as const) {
    it(`are without ${alarm} where ${threshold} is 0`, async () => {
      const made = await deployed({ [threshold]: 0 });
      deepStrictEqual([alarmsOf(made).length, alarmsOf(made).includes(alarm)], [3, false]);
    });
  }

  it("notify the topics that they are given, and then nobody is warned", async () => {
    const made = await deployed({ alarmTopicArns: [TOPIC] });
    for (const name of alarmsOf(made)) deepStrictEqual(made.inputs(name).alarmActions, [TOPIC], name);
    deepStrictEqual(warningsOf(made), []);
  });

  it("reach nobody without topics, which the preview warns of and the update does not say again", async () => {
    const preview = await deploySource(() => void newSource(sourceArgs({ monitoring: {} })), {
      preview: true,
    });
    deepStrictEqual(warningsOf(preview), [
      "the alarms of ReplicationSource 'orders' reach nobody: give 'monitoring.alarmTopicArns', or say with 'alarmTopicArns: []' that it is meant so",
    ]);
    deepStrictEqual(warningsOf(await deployed({})), []);
  });

  it("reach nobody, which is said once for all components of a program", async () => {
    const program = () => {
      newSource(sourceArgs());
      newSource(sourceArgs({ bucketName: "invoices" }), "invoices");
    };
    const said = warningsOf(await deploySource(program, { preview: true }));
    deepStrictEqual(said.length, 1);
    match(
      said[0] ?? "",
      /^the alarms of ReplicationSource 'orders', ReplicationSource 'invoices' reach nobody: /,
    );
  });

  it("reach nobody, and nobody is warned, where an empty list says that it is meant so", async () => {
    const monitoring = { alarmTopicArns: [] };
    const preview = await deploySource(() => void newSource(sourceArgs({ monitoring })), { preview: true });
    deepStrictEqual(warningsOf(preview), []);
  });

  it("are none, and no warning, where they are turned off", async () => {
    const made = await deployed({ alarms: false });
    deepStrictEqual([alarmsOf(made), warningsOf(made)], [[], []]);
  });

  it("watch ten rules each, so that 95 rules take 10 alarms a metric and every rule is in one", async () => {
    const made = await deployed({}, { rules: rules(95) });
    const latency = alarmsOf(made).filter((name) => name.startsWith("orders-latency-alarm"));
    strictEqual(latency.length, 10);
    const watched = latency.flatMap((name) => watchedBy(made, name).metrics);
    strictEqual(new Set(watched.map((metric) => metric?.dimensions.RuleId)).size, 95);
    strictEqual(alarmsOf(made).length, 31);
    strictEqual(new Set(alarmsOf(made).map((name) => made.inputs(name).name)).size, 31);
  });

  it("take the eleventh rule into a second alarm, not the tenth", async () => {
    const count = async (n: number) =>
      alarmsOf(await deployed({}, { rules: rules(n) })).filter((name) => name.includes("latency")).length;
    deepStrictEqual([await count(10), await count(11)], [1, 2]);
  });

  it("leave rules alone that are off or have no metrics", async () => {
    const made = await deployed(
      {},
      { rules: [{ id: "on" }, { id: "off", enabled: false }, { id: "unseen", metrics: false }] },
    );
    const watched = watchedBy(made, "orders-latency-alarm").metrics;
    deepStrictEqual(
      watched.map((metric) => metric?.dimensions.RuleId),
      ["on"],
    );
  });
});

describe("the events of failed objects", () => {
  const notification = (made: Deployment) => {
    const { queues, topics } = made.inputs("orders-notification");
    return { queues, topics };
  };
  const FAILED = ["s3:Replication:OperationFailedReplication", "s3:Replication:OperationNotTracked"];
  const LATE = [
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationReplicatedAfterThreshold",
  ];

  it("go into a queue of their own under SSE-SQS, which keeps them for 14 days", async () => {
    const made = await deployed({});
    const { name, sqsManagedSseEnabled, messageRetentionSeconds, kmsMasterKeyId, fifoQueue } =
      made.inputs("orders-failures");
    deepStrictEqual(
      { name, sqsManagedSseEnabled, messageRetentionSeconds, kmsMasterKeyId, fifoQueue },
      {
        name: "orders-failures",
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: 14 * 24 * 3600,
        kmsMasterKeyId: undefined,
        fifoQueue: undefined,
      },
    );
    strictEqual(
      made.outputs("stack").failureQueueUrl,
      "https://sqs.eu-west-1.amazonaws.com/111111111111/orders-failures",
    );
    strictEqual(made.outputs("stack").requiredFailurePolicyStatement, undefined);
  });

  it("may be sent by S3 for this bucket of this account, and by nobody else", async () => {
    deepStrictEqual((await deployed({})).document("orders-failures-policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "S3SendsEvents",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: "arn:aws:sqs:eu-west-1:111111111111:orders-failures",
          Condition: {
            ArnEquals: { "aws:SourceArn": "arn:aws:s3:::orders" },
            StringEquals: { "aws:SourceAccount": "111111111111" },
          },
        },
      ],
    });
  });

  it("are asked for after the queue's policy is in place", async () => {
    const made = await deployed({});
    strictEqual(made.namesBefore("orders-notification").includes("orders-failures-policy"), true);
  });

  it("are those of failures, and with Replication Time Control those of late objects too", async () => {
    const events = async (rule: Partial<ReplicationRule>) => {
      const { queues } = notification(await deployed({}, { rules: [{ id: "everything", ...rule }] }));
      return (queues as { events: string[] }[]).map(({ events }) => events);
    };
    deepStrictEqual(await events({}), [FAILED]);
    deepStrictEqual(await events({ replicationTimeControl: true }), [[...FAILED, ...LATE]]);
  });

  it("go to a given queue, whose owner is told the statement that it needs", async () => {
    const made = await deployed({ failureQueueArn: QUEUE });
    deepStrictEqual(notification(made), {
      queues: [{ id: "replication-failures", queueArn: QUEUE, events: FAILED }],
      topics: undefined,
    });
    deepStrictEqual(namesOf(made, /sqs/), []);
    const { failureQueueUrl, requiredFailurePolicyStatement } = made.outputs("stack");
    strictEqual(failureQueueUrl, "https://sqs.eu-west-1.amazonaws.com/111111111111/failed-replicas");
    deepStrictEqual(JSON.parse(String(requiredFailurePolicyStatement)), {
      Sid: "S3SendsEvents",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: QUEUE,
      Condition: {
        ArnEquals: { "aws:SourceArn": "arn:aws:s3:::orders" },
        StringEquals: { "aws:SourceAccount": "111111111111" },
      },
    });
    deepStrictEqual(made.inputs("orders-failures-alarm").dimensions, { QueueName: "failed-replicas" });
  });

  it("go to a queue of another account, whose depth is that account's to watch", async () => {
    const made = await deployed({ failureQueueArn: "arn:aws:sqs:eu-west-1:999999999999:failed-replicas" });
    strictEqual(alarmsOf(made).includes("orders-failures-alarm"), false);
  });

  it("go to a given topic instead", async () => {
    const made = await deployed({ failureTopicArn: TOPIC });
    deepStrictEqual(notification(made), {
      queues: undefined,
      topics: [{ id: "replication-failures", topicArn: TOPIC, events: FAILED }],
    });
    const { failureQueueUrl, requiredFailurePolicyStatement } = made.outputs("stack");
    strictEqual(failureQueueUrl, undefined);
    const { Action, Resource } = JSON.parse(String(requiredFailurePolicyStatement)) as Record<
      string,
      unknown
    >;
    deepStrictEqual([Action, Resource], ["sns:Publish", TOPIC]);
    deepStrictEqual(alarmsOf(made).includes("orders-failures-alarm"), false);
  });

  it("are asked for by nobody where they are turned off: the bucket's notifications are left alone", async () => {
    const made = await deployed({ failureQueue: false });
    deepStrictEqual(namesOf(made, /sqs|bucketNotification/), []);
  });

  it("are asked for by nobody where no rule has metrics, without which S3 sends none", async () => {
    const made = await deployed({ dashboard: true }, { rules: [{ id: "unseen", metrics: false }] });
    deepStrictEqual(namesOf(made, /sqs|bucketNotification|cloudwatch/), []);
  });

  it("go into a queue that has no dots in its name, though the bucket has", async () => {
    const made = await deployed({}, { bucketName: "orders.example.com" });
    strictEqual(made.inputs("orders-failures").name, "orders_example_com-failures");
  });
});

describe("the dashboard of a source", () => {
  interface Widget {
    type: string;
    properties: {
      title?: string;
      region?: string;
      metrics?: unknown[][];
      alarms?: string[];
      markdown?: string;
    };
  }
  const widgets = (made: Deployment, name = "orders-dashboard") =>
    (JSON.parse(String(made.inputs(name).dashboardBody)) as { widgets: Widget[] }).widgets;

  it("is made when it is asked for, and only then", async () => {
    deepStrictEqual(namesOf(await deployed({}), /dashboard/), []);
    deepStrictEqual(namesOf(await deployed({ dashboard: true }), /dashboard/), ["orders-dashboard"]);
  });

  it("shows the alarms, the depth of the queue, and for each destination what is pending, late and failed", async () => {
    const other = contract({ bucketArn: "arn:aws:s3:::other-replicas" });
    const made = await deploySource(
      () =>
        void newSource(
          sourceArgs({
            monitoring: { dashboard: true },
            destinations: { replicas: { contract: contract() }, others: { contract: other } },
            rules: [
              { id: "a", destination: "replicas" },
              { id: "b", destination: "others" },
              { id: "c", destination: "replicas" },
            ],
          }),
        ),
      {
        destinations: ["orders-replicas", "other-replicas"].map((bucketName) => ({
          accountId: "222222222222",
          region: "eu-central-1",
          bucketName,
        })),
      },
    );
    const drawn = ["Operations pending", "Bytes pending", "Latency", "Failed operations"];
    deepStrictEqual(
      widgets(made).map(({ properties }) => properties.title ?? properties.markdown),
      [
        "Alarms",
        "Failure events in the queue",
        "## orders → orders-replicas",
        ...drawn,
        "## orders → other-replicas",
        ...drawn,
      ],
    );
    deepStrictEqual(widgets(made)[3]?.properties.metrics, [
      [
        "AWS/S3",
        "OperationsPendingReplication",
        "SourceBucket",
        "orders",
        "DestinationBucket",
        "orders-replicas",
        "RuleId",
        "a",
        { label: "a" },
      ],
      ["...", "c", { label: "c" }],
    ]);
    strictEqual(made.inputs("orders-dashboard").dashboardName, "s3-replication-orders");
    deepStrictEqual(widgets(made)[0]?.properties.alarms?.slice(0, 1), [
      "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:s3-replication-orders-failed-operations",
    ]);
  });

  it("is known in the first preview, so that it can be reviewed", async () => {
    const made = await deploySource(() => void newSource(sourceArgs({ monitoring: { dashboard: true } })), {
      preview: true,
    });
    match(String(made.inputs("orders-dashboard").dashboardBody), /^\{"widgets":\[/);
  });

  it("becomes several dashboards with other names where there are more rules than one may hold", async () => {
    const made = await deployed({ dashboard: true, alarms: false }, { rules: rules(625) });
    const names = namesOf(made, /dashboard/);
    deepStrictEqual(names, ["orders-dashboard", "orders-dashboard-2"]);
    deepStrictEqual(
      names.map((name) => made.inputs(name).dashboardName),
      ["s3-replication-orders", "s3-replication-orders-2"],
    );
  });
});
