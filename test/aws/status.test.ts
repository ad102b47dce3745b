import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { PutBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { AwsAccount } from "../../src/aws/account";
import { failurePolicy } from "../../src/replication/policies";
import type { StatusReport } from "../../src/status/report";
import { cli, CONTROL, inDirectory, width } from "../support/cli";
import { snapshotOf } from "../support/examples";
import { statusViolations } from "../status/schema";
import { type Emulator, startEmulator } from "./support/emulator";
import { accountOptions, emulatorEnvironment, roleToEnter } from "./support/environment";
import { forward } from "./support/forward";
import { plant } from "./support/plant";

const SOURCE = "111111111111";
const BUCKET = "article-regions-objects";
const DESTINATION = "article-regions-replicas";
const REGION = "us-east-1";
const QUEUE = "article-regions-objects-failures";
const SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY";

describe("s3-replication status, over HTTP", () => {
  let emulator: Emulator;
  let source: AwsAccount;

  const status = (...args: string[]) =>
    cli(["status", BUCKET, ...accountOptions(SOURCE), ...args], {
      ...emulatorEnvironment(emulator.endpoint),
      AWS_SECRET_ACCESS_KEY: SECRET,
    });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await status("--json", ...args);
    strictEqual(stderr, "");
    const report = JSON.parse(stdout) as StatusReport;
    deepStrictEqual(statusViolations(report), []);
    return { code, report };
  };

  /** A value of a metric of the rule, so many minutes ago. */
  async function measure(MetricName: string, minutesAgo: number, Value: number): Promise<void> {
    const cloudWatch = await source.cloudWatch(REGION);
    const Dimensions = [
      { Name: "SourceBucket", Value: BUCKET },
      { Name: "DestinationBucket", Value: DESTINATION },
      { Name: "RuleId", Value: "to-sydney" },
    ];
    const Timestamp = new Date(Date.now() - minutesAgo * 60_000);
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: "AWS/S3",
        MetricData: [{ MetricName, Dimensions, Timestamp, Value }],
      }),
    );
  }

  async function alarm(AlarmName: string, sourceBucket: string): Promise<void> {
    const cloudWatch = await source.cloudWatch(REGION);
    const Dimensions = [
      { Name: "SourceBucket", Value: sourceBucket },
      { Name: "DestinationBucket", Value: DESTINATION },
      { Name: "RuleId", Value: "to-sydney" },
    ];
    const Metric = { Namespace: "AWS/S3", MetricName: "OperationsFailedReplication", Dimensions };
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        AlarmActions: [`arn:aws:sns:${REGION}:${SOURCE}:on-call`],
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        EvaluationPeriods: 1,
        Threshold: 1,
        Metrics: [
          { Id: "worst", Expression: "SUM(METRICS())", ReturnData: true },
          { Id: "rule0", MetricStat: { Metric, Period: 300, Stat: "Sum" }, ReturnData: false },
        ],
      }),
    );
  }

  async function failureQueue(): Promise<string> {
    const sqs = await source.sqs(REGION);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
    const arn = `arn:aws:sqs:${REGION}:${SOURCE}:${QUEUE}`;
    const Policy = JSON.stringify(failurePolicy(arn, `arn:aws:s3:::${BUCKET}`, SOURCE));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const s3 = await source.s3(REGION);
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: BUCKET,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Id: "failed",
              QueueArn: arn,
              Events: ["s3:Replication:OperationFailedReplication"],
            },
          ],
        },
      }),
    );
    return QueueUrl!;
  }

  before(async () => {
    emulator = await startEmulator();
    await plant(emulator.endpoint, await snapshotOf("kms-cross-region"));
    Object.assign(process.env, emulatorEnvironment(emulator.endpoint));
    source = await AwsAccount.open("source account", { roleArn: roleToEnter(SOURCE) });
  });

  after(async () => {
    source?.close();
    await emulator?.stop();
    for (const name of Object.keys(emulatorEnvironment(""))) delete process.env[name];
  });

  it("is fine for a pair in which nothing happened yet, and says what nobody would notice", async () => {
    const { code, report } = await json();
    deepStrictEqual([code, report.verdict, report.wrong, report.unread], [0, "fine", [], []]);
    deepStrictEqual(report.rules, [
      {
        id: "to-sydney",
        status: "Enabled",
        priority: 1000,
        prefix: "",
        tags: [],
        destination: DESTINATION,
        hasMetrics: true,
        metrics: { failedOperations: {}, latencyInSeconds: {}, pending: {} },
      },
    ]);
    deepStrictEqual(report.notes, [
      "no alarm watches this bucket's replication",
      "events of failed objects go nowhere, so nothing says which objects fail, and why",
    ]);
  });

  it("sums what failed in the last hour and day, and shows the longest latency and what waits now", async () => {
    for (const [metric, minutesAgo, value] of [
      ["OperationsFailedReplication", 10, 2],
      ["OperationsFailedReplication", 30, 1],
      ["OperationsFailedReplication", 300, 4],
      ["ReplicationLatency", 10, 12],
      ["ReplicationLatency", 300, 40],
      ["OperationsPendingReplication", 40, 99],
      ["OperationsPendingReplication", 10, 7],
      ["BytesPendingReplication", 10, 2_500_000],
    ] as const) {
      await measure(metric, minutesAgo, value);
    }
    const { code, report } = await json();
    const { failedOperations, latencyInSeconds, pending } = report.rules[0]!.metrics!;
    deepStrictEqual(failedOperations, { lastHour: 3, lastDay: 7 });
    deepStrictEqual(latencyInSeconds, { lastHour: 12, lastDay: 40 });
    deepStrictEqual([pending.operations, pending.bytes], [7, 2_500_000]);
    deepStrictEqual(
      [code, report.verdict, report.wrong],
      [1, "wrong", ["rule to-sydney: 3 operations failed in the last hour; S3 does not retry them"]],
    );
  });

  it("shows the alarms on this bucket's metrics and no others, and which of them ring", async () => {
    await alarm("failed-here", BUCKET);
    await alarm("failed-elsewhere", "another-bucket");
    const cloudWatch = await source.cloudWatch(REGION);
    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: "failed-here", StateValue: "ALARM", StateReason: "3 failed" }),
    );
    const { code, report } = await json();
    deepStrictEqual(
      report.alarms.map(({ name, state, reason, notifies }) => ({ name, state, reason, notifies })),
      [{ name: "failed-here", state: "ALARM", reason: "3 failed", notifies: 1 }],
    );
    ok(report.wrong.includes("alarm failed-here is in ALARM: 3 failed"));
    strictEqual(code, 1);
  });

  it("shows the composite alarms on them, too", async () => {
    // moto has no composite alarms: they are added to what it answers.
    const server = createServer((incoming, outgoing) => {
      void (async () => {
        const body = Buffer.concat((await incoming.toArray()) as Buffer[]);
        const { status: code, headers, content } = await forward(emulator.endpoint, incoming, body);
        const asked = body.toString().includes('"CompositeAlarm"');
        const composite = (AlarmName: string, AlarmRule: string) => ({
          AlarmName,
          AlarmRule,
          StateValue: "OK",
        });
        const CompositeAlarms = [
          composite("any-here", 'ALARM("failed-here") OR ALARM("failed-elsewhere")'),
          composite("any-elsewhere", 'ALARM("failed-elsewhere")'),
        ];
        const text = asked
          ? JSON.stringify({ ...(JSON.parse(content.toString()) as object), CompositeAlarms })
          : content;
        const known = Object.entries({ ...headers, "content-length": undefined });
        outgoing.writeHead(code, Object.fromEntries(known.filter(([, value]) => value !== undefined)));
        outgoing.end(text);
      })();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { stdout } = await cli(
      ["status", BUCKET, ...accountOptions(SOURCE), "--json"],
      emulatorEnvironment(`http://127.0.0.1:${port}`),
    );
    server.closeAllConnections();
    server.close();
    const report = JSON.parse(stdout) as StatusReport;
    deepStrictEqual(statusViolations(report), []);
    deepStrictEqual(
      report.alarms.map(({ name, kind, partOf }) => ({ name, kind, partOf })),
      [
        { name: "failed-here", kind: "metric", partOf: ["any-here"] },
        { name: "any-here", kind: "composite", partOf: [] },
      ],
    );
  });

  it("knows the test event that S3 sends into a new queue of failure events", async () => {
    await failureQueue();
    const { report } = await json();
    deepStrictEqual(
      report.failureEvents.map(({ waiting, testEvents }) => [waiting, testEvents]),
      [[1, 1]],
    );
    match(
      (await status()).stdout.replace(/\s+/g, " "),
      /failures: 1 waiting, 0 being looked at; one test event that S3 sends when notifications are set up; nothing failed/,
    );
  });

  it("says how many messages wait in the queue of failure events", async () => {
    const sqs = await source.sqs(REGION);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: QUEUE }));
    // The test event is taken out; what else lies there is ours.
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }));
    for (const MessageBody of ["1", "2"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { report } = await json();
    deepStrictEqual(
      report.failureEvents.map(({ arn, waiting }) => ({ arn, waiting })),
      [{ arn: `arn:aws:sqs:${REGION}:${SOURCE}:${QUEUE}`, waiting: 2 }],
    );
    deepStrictEqual(report.notes, []);
  });

  it("shows the last canary from the file that keeps the report of verify", async () => {
    const rules = [{ rule: "to-sydney", outcome: "verified", reason: "x", canary: { seconds: 21 } }];
    const files = { "verify.json": JSON.stringify({ bucket: BUCKET, verdict: "verified", rules, more: 1 }) };
    await inDirectory(files, async (directory) => {
      const { report } = await json("--last-verify", `${directory}/verify.json`);
      deepStrictEqual(
        [report.lastCanary?.verdict, report.lastCanary?.rules],
        ["verified", [{ rule: "to-sydney", outcome: "verified", reason: "x", seconds: 21 }]],
      );
    });
  });

  it("is one screen of text: 80 columns, no colours in a pipe", async () => {
    const { code, stdout, stderr } = await status();
    deepStrictEqual([code, stderr, CONTROL.test(stdout)], [1, "", false]);
    ok(width(stdout) <= 80, stdout);
    match(
      stdout,
      /^article-regions-objects in us-east-1, account 111111111111, \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m,
    );
    match(stdout, /to-sydney +1000 +\* +3 \/ 7 +12s \/ 40s +7, 2\.5 MB/);
    match(stdout, /✗ ALARM +failed-here +since/);
    match(stdout, /queue article-regions-objects-failures: 2 waiting/);
    match(stdout, /^Status: wrong \(2 wrong\)$/m);
  });

  it("exits with 1 for a bucket that replicates nothing", async () => {
    const { code, stdout } = await cli(
      ["status", DESTINATION, "--source-role-arn", roleToEnter("222222222222")],
      emulatorEnvironment(emulator.endpoint),
    );
    strictEqual(code, 1);
    match(stdout, /the bucket has no replication configuration: nothing is replicated/);
  });

  it("exits with 2 and one line for a bucket that is not there", async () => {
    const { code, stdout, stderr } = await cli(
      ["status", "article-regions-nowhere", ...accountOptions(SOURCE)],
      emulatorEnvironment(emulator.endpoint),
    );
    deepStrictEqual(
      [code, stdout, stderr],
      [2, "", "there is no bucket 'article-regions-nowhere'; is its name spelt right?\n"],
    );
  });

  it("shows no credentials, whatever it prints", async () => {
    for (const args of [[], ["--json"]]) {
      const { stdout, stderr } = await status(...args);
      strictEqual(`${stdout}${stderr}`.includes(SECRET), false);
    }
  });
});
