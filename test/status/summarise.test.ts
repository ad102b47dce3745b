import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert";
import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { alarmsOf } from "../../src/status/alarms";
import { readLastCanary } from "../../src/status/lastCanary";
import { type Point, summariseMetrics } from "../../src/status/metrics";
import type { Readings } from "../../src/status/readStatus";
import { EXIT_CODES, type LastCanary } from "../../src/status/report";
import { summarise } from "../../src/status/summarise";
import { renderStatus } from "../../src/status/text";
import type { ReplicationRuleJson } from "../../src/replication/rules";
import { CONTROL, inDirectory, width } from "../support/cli";
import { BUCKET, NOW, rule } from "./readings";
import { statusViolations } from "./schema";

const QUIET = { failedOperations: [], latency: [], pendingOperations: [], pendingBytes: [] };
const minutesAgo = (minutes: number, value: number): Point => ({
  at: NOW.getTime() - minutes * 60_000,
  value,
});

function readings(change: Partial<Readings> = {}): Readings {
  return {
    bucketName: BUCKET,
    account: "111111111111",
    region: "eu-west-1",
    at: NOW,
    configuration: { Role: "r", Rules: [rule("everything") as ReplicationRuleJson] },
    metrics: new Map([["everything", QUIET]]),
    alarms: [],
    failureEvents: [],
    unanswered: [],
    ...change,
  };
}

const plain = (text: string) => text.replaceAll(/\s+/g, " ");

describe("the metrics of a rule", () => {
  it("are summed or the largest over the last hour and the last day", () => {
    const points = [minutesAgo(5, 1), minutesAgo(59, 2), minutesAgo(90, 4), minutesAgo(23 * 60, 8)];
    const { failedOperations, latencyInSeconds } = summariseMetrics(
      { ...QUIET, failedOperations: points, latency: points },
      NOW,
    );
    deepStrictEqual(failedOperations, { lastHour: 3, lastDay: 15 });
    deepStrictEqual(latencyInSeconds, { lastHour: 2, lastDay: 8 });
  });

  it("are nothing where there is no data, which is not 0", () => {
    deepStrictEqual(summariseMetrics(QUIET, NOW), {
      failedOperations: {},
      latencyInSeconds: {},
      pending: {},
    });
    deepStrictEqual(summariseMetrics({ ...QUIET, latency: [minutesAgo(90, 3)] }, NOW).latencyInSeconds, {
      lastDay: 3,
    });
  });

  it("say what waited last, in whatever order CloudWatch answers", () => {
    for (const points of [
      [minutesAgo(30, 9), minutesAgo(5, 2)],
      [minutesAgo(5, 2), minutesAgo(30, 9)],
    ]) {
      const { pending } = summariseMetrics({ ...QUIET, pendingOperations: points }, NOW);
      deepStrictEqual(pending, { operations: 2, at: "2026-11-21T12:29:56.000Z" });
    }
  });
});

describe("the alarms of a bucket", () => {
  const on = (Namespace: string, Name: string, Value: string) => ({
    Namespace,
    Dimensions: [{ Name, Value }],
  });
  const named = (...alarms: Partial<MetricAlarm | CompositeAlarm>[]) =>
    alarmsOf(
      alarms.map((alarm, index) => ({ AlarmName: `alarm-${index}`, ...alarm })),
      BUCKET,
      ["orders-failures"],
    ).map(({ name }) => name);

  it("are those on its metrics, directly or in a formula, on its queue, and in a Metrics Insights query", () => {
    deepStrictEqual(
      named(
        on("AWS/S3", "SourceBucket", BUCKET),
        {
          Metrics: [
            {
              Id: "m",
              MetricStat: { Metric: on("AWS/S3", "SourceBucket", BUCKET), Period: 60, Stat: "Sum" },
            },
          ],
        },
        on("AWS/SQS", "QueueName", "orders-failures"),
        { Metrics: [{ Id: "q", Expression: `SELECT SUM(x) FROM "AWS/S3" WHERE SourceBucket = 'orders'` }] },
      ),
      ["alarm-0", "alarm-1", "alarm-2", "alarm-3"],
    );
  });

  it("are not those of other buckets and queues, nor of other metrics by the same name", () => {
    deepStrictEqual(
      named(
        on("AWS/S3", "SourceBucket", "orders-2"),
        on("AWS/S3", "BucketName", BUCKET),
        on("Custom", "SourceBucket", BUCKET),
        on("AWS/SQS", "QueueName", "orders-failures-2"),
        { Metrics: [{ Id: "q", Expression: `SELECT SUM(x) FROM "AWS/S3" WHERE SourceBucket = 'orders-2'` }] },
        {},
      ),
      [],
    );
  });

  it("are composite ones too, on these alarms and on such composite ones, in whatever order they come", () => {
    const arn = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:alarm-3";
    deepStrictEqual(
      named(
        { AlarmRule: 'NOT OK("alarm-1") OR ALARM("another")' },
        { AlarmRule: "(ALARM( alarm-3 ) AND INSUFFICIENT_DATA(another))" },
        { AlarmRule: `ALARM(${arn})` },
        { ...on("AWS/S3", "SourceBucket", BUCKET), AlarmArn: arn },
        { AlarmRule: 'ALARM("alarm-33") OR TRUE' },
        { AlarmRule: "FALSE" },
      ).sort(),
      ["alarm-0", "alarm-1", "alarm-2", "alarm-3"],
    );
  });

  it("reach somebody where a composite alarm that they are part of does", () => {
    const alarm = on("AWS/S3", "SourceBucket", BUCKET);
    const AlarmActions = ["arn:aws:sns:eu-west-1:111111111111:on-call"];
    const { alarms, notes } = summarise(
      readings({
        alarms: [
          { ...alarm, AlarmName: "silent" },
          { ...alarm, AlarmName: "heard" },
          { AlarmName: "both", AlarmRule: "ALARM(heard)", AlarmActions, StateValue: "OK" },
          { AlarmName: "mute", AlarmRule: "ALARM(silent)" },
        ],
      }),
    );
    ok(notes.includes("notify nobody: alarm silent, alarm mute"), notes.join());
    deepStrictEqual(
      alarms.map(({ name, kind, partOf }) => [name, kind, partOf]),
      [
        ["silent", "metric", ["mute"]],
        ["heard", "metric", ["both"]],
        ["mute", "composite", []],
        ["both", "composite", []],
      ],
    );
  });

  it("reach nobody without actions, and with actions that are off", () => {
    const alarm = on("AWS/S3", "SourceBucket", BUCKET);
    const topic = ["arn:aws:sns:eu-west-1:111111111111:on-call"];
    const report = summarise(
      readings({
        alarms: [
          { ...alarm, AlarmName: "silent" },
          { ...alarm, AlarmName: "off", AlarmActions: topic, ActionsEnabled: false },
          { ...alarm, AlarmName: "heard", AlarmActions: topic, ActionsEnabled: true },
        ],
      }),
    );
    ok(report.notes.includes("notify nobody: alarm silent, alarm off"), report.notes.join());
  });
});

describe("the verdict of a status", () => {
  const failing = new Map([["everything", { ...QUIET, failedOperations: [minutesAgo(5, 1)] }]]);
  const unanswered = [
    { caller: "c", action: "sqs:GetQueueAttributes", resource: "q", refused: true, reason: "AccessDenied" },
  ];
  const alarm = {
    AlarmName: "a",
    Namespace: "AWS/S3",
    Dimensions: [{ Name: "SourceBucket", Value: BUCKET }],
    StateValue: "ALARM" as const,
  };
  const canary = (verdict: LastCanary["verdict"]): LastCanary => ({
    verdict,
    writtenAt: NOW.toISOString(),
    rules: [],
  });
  const verdict = (change: Partial<Readings>, last?: LastCanary) => {
    const report = summarise(readings(change), last);
    deepStrictEqual(statusViolations(report), []);
    return [report.verdict, EXIT_CODES[report.verdict]];
  };

  for (const [what, change, last, expected] of [
    ["fine where nothing is wrong", {}, undefined, ["fine", 0]],
    [
      "fine with a rule that is off",
      {
        configuration: {
          Role: "r",
          Rules: [
            rule("everything", {}) as ReplicationRuleJson,
            rule("nothing", { Status: "Disabled" }) as ReplicationRuleJson,
          ],
        },
      },
      undefined,
      ["fine", 0],
    ],
    [
      "wrong where every rule is off",
      {
        configuration: {
          Role: "r",
          Rules: [rule("everything", { Status: "Disabled" }) as ReplicationRuleJson],
        },
      },
      undefined,
      ["wrong", 1],
    ],
    [
      "fine where something failed yesterday only",
      { metrics: new Map([["everything", { ...QUIET, failedOperations: [minutesAgo(600, 9)] }]]) },
      undefined,
      ["fine", 0],
    ],
    ["wrong where something failed in the last hour", { metrics: failing }, undefined, ["wrong", 1]],
    ["wrong where an alarm rings", { alarms: [alarm] }, undefined, ["wrong", 1]],
    [
      "fine where an alarm has no data",
      { alarms: [{ ...alarm, StateValue: "INSUFFICIENT_DATA" }] },
      undefined,
      ["fine", 0],
    ],
    ["wrong where the last canary failed", {}, canary("failed"), ["wrong", 1]],
    ["fine where the last canary was not finished", {}, canary("unfinished"), ["fine", 0]],
    ["unread where something could not be read", { unanswered }, undefined, ["unread", 3]],
    [
      "wrong where something is, whatever could not be read",
      { metrics: failing, unanswered },
      undefined,
      ["wrong", 1],
    ],
  ] as [string, Partial<Readings>, LastCanary | undefined, unknown][]) {
    it(`is ${what}`, () => deepStrictEqual(verdict(change, last), expected));
  }
});

describe("the text of a status", () => {
  it("stays one screen with 1,000 rules and 300 alarms, those first that something is wrong with", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `rule-${index}`);
    const report = summarise(
      readings({
        configuration: { Role: "r", Rules: ids.map((id) => rule(id) as ReplicationRuleJson) },
        metrics: new Map(
          ids.map((id) => [id, { ...QUIET, failedOperations: [minutesAgo(90, id === "rule-999" ? 5 : 0)] }]),
        ),
        alarms: Array.from({ length: 300 }, (_, index) => ({
          AlarmName: `alarm-${index}`,
          Namespace: "AWS/S3",
          Dimensions: [{ Name: "SourceBucket", Value: BUCKET }],
          StateValue: index === 299 ? ("ALARM" as const) : ("OK" as const),
          StateReason: "x",
        })),
      }),
    );
    const text = renderStatus(report);
    ok(text.split("\n").length < 60, text);
    match(text, /rule-999 +1 +\* +- \/ 5/);
    match(text, /and 980 more/);
    match(text, /✗ ALARM +alarm-299/);
  });

  it("has a table for each destination", () => {
    const to = (id: string, bucket: string) =>
      rule(id, { Destination: { Bucket: `arn:aws:s3:::${bucket}` } }) as ReplicationRuleJson;
    const report = summarise(
      readings({ configuration: { Role: "r", Rules: [to("a", "one"), to("b", "two"), to("c", "one")] } }),
    );
    match(plain(renderStatus(report)), /orders to one rule .* a .* c .* orders to two rule .* b /);
  });

  it("keeps to 80 columns and shows no control characters, whatever the names are", () => {
    const id = `\u001b[31m${"long-".repeat(50)}`;
    const Filter = { And: { Prefix: "p/".repeat(100), Tags: [{ Key: "k\u202e", Value: "v\n" }] } };
    const report = summarise(
      readings({
        configuration: { Role: "r", Rules: [rule(id, { Filter }) as ReplicationRuleJson] },
        metrics: new Map([[id, { ...QUIET, failedOperations: [minutesAgo(5, 123_456_789)] }]]),
        alarms: [
          {
            AlarmName: `\u0007${"x".repeat(255)}`,
            Namespace: "AWS/S3",
            Dimensions: [{ Name: "SourceBucket", Value: BUCKET }],
            StateValue: "ALARM",
            StateReason: "y\u001b]0;".repeat(100),
          },
        ],
      }),
    );
    const text = renderStatus(report);
    strictEqual(CONTROL.test(text), false);
    ok(width(text) <= 80, String(width(text)));
    match(text, /Status: wrong \(2 wrong\)/);
  });

  it("says how the last canary did, and how it would be known", () => {
    const rules = [
      { rule: "a", outcome: "verified", reason: "", seconds: 12 },
      { rule: "b", outcome: "failed", reason: "AssumeRoleNotPermitted" },
    ];
    const text = plain(
      renderStatus(
        summarise(readings(), { verdict: "failed", writtenAt: "2026-11-21T11:00:00.000Z", rules }),
      ),
    );
    match(
      text,
      /failed at 2026-11-21 11:00 UTC: 1 of 2 rules, the slowest in 12s rule b: failed: AssumeRoleNotPermitted/,
    );
    match(plain(renderStatus(summarise(readings()))), /Last canary not known: .* --last-verify verify\.json/);
    doesNotMatch(text, /not known/);
  });
});

describe("the file of the last verification", () => {
  const readFile = (content: string) =>
    inDirectory({ "verify.json": content }, (directory) =>
      readLastCanary(`${directory}/verify.json`, BUCKET),
    );

  it("may hold more than is shown", async () => {
    const { writtenAt, ...shown } = await readFile(
      JSON.stringify({ bucket: BUCKET, verdict: "verified", rules: [], region: "x" }),
    );
    deepStrictEqual(shown, { verdict: "verified", rules: [] });
    ok(Date.parse(writtenAt) > 0);
  });

  for (const [what, content, problem] of [
    [
      "of another bucket",
      JSON.stringify({ bucket: "x", verdict: "verified", rules: [] }),
      /'bucket' must be the bucket that is asked about, 'orders', got 'x'/,
    ],
    ["without a verdict", JSON.stringify({ bucket: BUCKET, rules: [] }), /'verdict'/],
    ["that is no JSON", "{", /JSON/],
  ] as const) {
    it(`is refused when it is one ${what}`, () =>
      rejects(readFile(content), (error: Error) => {
        strictEqual(error.name, "InvalidInputError");
        match(error.message, problem);
        return true;
      }));
  }
});
