import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import {
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  HeadBucketCommand,
} from "@aws-sdk/client-s3";
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { receiversIn } from "../../src/failureEvents/receivers";
import type { StatusReport } from "../../src/status/report";
import { summarise } from "../../src/status/summarise";
import { renderStatus } from "../../src/status/text";
import { awsError, BUCKET, CALLER, mockedAws, NOW, QUEUE, read, rule } from "./readings";
import { statusViolations } from "./schema";

type Mocks = ReturnType<typeof mockedAws>;

const BUCKET_ARN = "arn:aws:s3:::orders";

/** Every call that a status can do without: how it is refused, and what is then left out. */
const CALLS: readonly {
  readonly action: string;
  readonly resource: string;
  readonly what: string;
  readonly fail: (mocks: Mocks, error: Error) => unknown;
  readonly without: (report: StatusReport) => unknown;
  readonly empty: unknown;
}[] = [
  {
    action: "s3:GetReplicationConfiguration",
    resource: BUCKET_ARN,
    what: "the rules",
    fail: ({ s3 }, error) => s3.on(GetBucketReplicationCommand).rejects(error),
    without: ({ rules }) => rules,
    empty: [],
  },
  {
    action: "cloudwatch:GetMetricData",
    resource: "*",
    what: "the metrics",
    fail: ({ cloudWatch }, error) => cloudWatch.on(GetMetricDataCommand).rejects(error),
    without: ({ rules }) => rules.map(({ id, metrics }) => [id, metrics]),
    empty: [["everything", undefined]],
  },
  {
    action: "cloudwatch:DescribeAlarms",
    resource: "*",
    what: "the alarms",
    fail: ({ cloudWatch }, error) => cloudWatch.on(DescribeAlarmsCommand).rejects(error),
    without: ({ alarms }) => alarms,
    empty: [],
  },
  {
    action: "s3:GetBucketNotification",
    resource: BUCKET_ARN,
    what: "where failure events go",
    fail: ({ s3 }, error) => s3.on(GetBucketNotificationConfigurationCommand).rejects(error),
    without: ({ failureEvents }) => failureEvents,
    empty: [],
  },
  {
    action: "sqs:GetQueueAttributes",
    resource: QUEUE,
    what: "the depth of the failure queue",
    fail: ({ sqs }, error) => sqs.on(GetQueueAttributesCommand).rejects(error),
    without: ({ failureEvents }) => failureEvents,
    empty: [{ arn: QUEUE }],
  },
];

const ERRORS = [
  { error: awsError("AccessDenied", 403), refused: true },
  { error: awsError("ThrottlingException", 400), refused: false },
  { error: awsError("RequestTimeTooSkewed", 400), refused: false },
  { error: awsError("TimeoutError", 0), refused: false },
];

describe("reading a status", () => {
  let mocks: Mocks;
  beforeEach(() => (mocks = mockedAws()));
  afterEach(() => mocks.restore());

  it("is fine where everything is read and nothing is wrong", async () => {
    const report = summarise(await read());
    deepStrictEqual([report.verdict, report.unread, report.wrong], ["fine", [], []]);
    deepStrictEqual(report.failureEvents, [{ arn: QUEUE, waiting: 0, inFlight: 0 }]);
  });

  for (const { action, resource, what, fail, without, empty } of CALLS) {
    for (const { error, refused } of ERRORS) {
      it(`goes on without ${what} on ${error.name}, and says what ${action} is needed on`, async () => {
        fail(mocks, error);
        const report = summarise(await read());
        deepStrictEqual(report.unread, [
          { what, caller: CALLER, action, resource, refused, reason: `${error.name} it is` },
        ]);
        deepStrictEqual([report.verdict, without(report)], ["unread", empty]);
        deepStrictEqual(statusViolations(report), []);
        const text = renderStatus(report).replaceAll(/\s+/g, " ");
        const said = refused
          ? `${what}: ${CALLER} needs ${action} on ${resource}`
          : `${what}: ${action} on ${resource} was not answered: ${error.name} it is`;
        ok(text.includes(said), text);
        ok(text.includes("Status: unread (1 not read)"), text);
      });
    }
  }

  it("takes nothing for absent that it could not read", async () => {
    for (const { fail } of CALLS.slice(1)) fail(mocks, awsError("AccessDenied", 403));
    const report = summarise(await read());
    deepStrictEqual(
      report.unread.map(({ what }) => what),
      ["the metrics", "the alarms", "where failure events go"],
    );
    deepStrictEqual([report.notes, report.wrong], [[], []]);
  });

  it("follows a bucket to the Region that a redirect names", async () => {
    const redirect = Object.assign(awsError("301", 301), {
      $response: { headers: { "x-amz-bucket-region": "ap-southeast-2" } },
    });
    mocks.s3.on(HeadBucketCommand).rejects(redirect);
    strictEqual((await read()).region, "ap-southeast-2");
    const [call] = mocks.cloudWatch.commandCalls(DescribeAlarmsCommand);
    const { region } = (call?.thisValue as { config: { region: () => Promise<string> } }).config;
    strictEqual(await region(), "ap-southeast-2");
  });

  it("stops where there is no such bucket", async () => {
    mocks.s3.on(HeadBucketCommand).rejects(awsError("NotFound", 404));
    await rejects(read(), { name: "AwsCallFailed" });
  });

  it("is wrong where nothing is replicated, or the queue of failure events is gone", async () => {
    mocks.s3.on(GetBucketReplicationCommand).rejects(awsError("ReplicationConfigurationNotFoundError", 404));
    mocks.sqs.on(GetQueueAttributesCommand).rejects(awsError("QueueDoesNotExist", 400));
    const report = summarise(await read());
    deepStrictEqual(
      [report.verdict, report.wrong],
      [
        "wrong",
        [
          "the bucket has no replication configuration: nothing is replicated",
          `events of failed objects go to ${QUEUE}, which does not exist`,
        ],
      ],
    );
  });

  it("asks for the metrics of 1,000 rules 500 at a time, and puts pages together", async () => {
    mocks.restore();
    mocks = mockedAws(Array.from({ length: 1000 }, (_, index) => rule(`rule-${index}`, { Priority: index })));
    mocks.cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => {
      ok((input.MetricDataQueries ?? []).length <= 500, "too many queries");
      const page = Number(input.NextToken ?? 0);
      return {
        MetricDataResults: (input.MetricDataQueries ?? []).map(({ Id }) => ({
          Id,
          Timestamps: [new Date(NOW.getTime() - (page + 1) * 600_000)],
          Values: [1],
        })),
        ...(page < 2 ? { NextToken: String(page + 1) } : {}),
      };
    });
    const report = summarise(await read());
    // 4,000 metrics, 500 a request, three pages each.
    strictEqual(mocks.cloudWatch.commandCalls(GetMetricDataCommand).length, 8 * 3);
    strictEqual(report.rules.length, 1000);
    ok(report.rules.every(({ metrics }) => metrics?.failedOperations.lastHour === 3));
    ok(report.rules.every(({ metrics }) => metrics?.pending.operations === 1));
  });

  it("asks for no metrics where no rule has any", async () => {
    mocks.restore();
    mocks = mockedAws([rule("a", { Destination: { Bucket: "arn:aws:s3:::b" } })]);
    const report = summarise(await read());
    strictEqual(mocks.cloudWatch.commandCalls(GetMetricDataCommand).length, 0);
    deepStrictEqual(report.notes.slice(0, 1), ["without metrics, nobody sees a failure: rule a"]);
  });

  it("asks for composite alarms too, which come on pages of their own", async () => {
    mocks.cloudWatch
      .on(DescribeAlarmsCommand)
      .callsFake(({ NextToken, AlarmTypes }: { NextToken?: string; AlarmTypes?: string[] }) =>
        NextToken === undefined
          ? {
              CompositeAlarms:
                AlarmTypes?.includes("CompositeAlarm") === true
                  ? [{ AlarmName: "any", AlarmRule: 'ALARM("failed")', StateValue: "ALARM" }]
                  : [],
              NextToken: "2",
            }
          : {
              MetricAlarms: [
                {
                  AlarmName: "failed",
                  Namespace: "AWS/S3",
                  Dimensions: [{ Name: "SourceBucket", Value: BUCKET }],
                },
              ],
            },
      );
    const { alarms } = summarise(await read());
    deepStrictEqual(
      alarms.map(({ name, state }) => [name, state]),
      [
        ["failed", "INSUFFICIENT_DATA"],
        ["any", "ALARM"],
      ],
    );
  });

  it("knows S3's test events among the few messages that wait, and gives all back", async () => {
    const test = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: BUCKET });
    const waits = (ApproximateNumberOfMessages: string, more = {}) =>
      mocks.sqs
        .on(GetQueueAttributesCommand)
        .resolves({ Attributes: { ApproximateNumberOfMessages, ...more } });
    mocks.sqs.on(ReceiveMessageCommand).resolves({
      Messages: [test, '{"Records":[]}', "no JSON", "null"].map((Body, index) => ({
        Body,
        MessageId: `${index}`,
        ReceiptHandle: `r${index}`,
      })),
    });
    mocks.sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
    const looks = () => mocks.sqs.commandCalls(ReceiveMessageCommand).length;
    waits("4");
    const { failureEvents, verdict } = summarise(await read());
    deepStrictEqual([failureEvents[0]?.waiting, failureEvents[0]?.testEvents, verdict], [4, 1, "fine"]);
    const back = mocks.sqs.commandCalls(ChangeMessageVisibilityBatchCommand)[0]?.args[0].input.Entries;
    deepStrictEqual(
      back?.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]),
      [0, 1, 2, 3].map((index) => [`r${index}`, 0]),
    );
    strictEqual(looks(), 1);
    for (const [count, more] of [
      ["0", {}],
      ["11", {}],
      ["4", { RedrivePolicy: '{"maxReceiveCount":1}' }],
    ] as const) {
      waits(count, more);
      deepStrictEqual(summarise(await read()).failureEvents[0]?.testEvents, undefined);
    }
    strictEqual(looks(), 1);
    waits("1");
    mocks.sqs.on(ReceiveMessageCommand).rejects(awsError("AccessDenied", 403));
    const unseen = summarise(await read());
    deepStrictEqual(
      [unseen.verdict, unseen.unread.map(({ what }) => what), unseen.failureEvents[0]?.waiting],
      ["unread", ["whether what waits in the failure queue are S3's test events"], 1],
    );
  });

  it("finds the bucket's alarms among thousands, on the last page too", async () => {
    const pages = 40;
    mocks.cloudWatch.on(DescribeAlarmsCommand).callsFake(({ NextToken }: { NextToken?: string }) => {
      const page = Number(NextToken ?? 0);
      const MetricAlarms: MetricAlarm[] = Array.from({ length: 100 }, (_, index) => ({
        AlarmName: `alarm-${page}-${index}`,
        Namespace: "AWS/S3",
        Dimensions: [{ Name: "SourceBucket", Value: page === pages - 1 && index === 99 ? BUCKET : "other" }],
        StateValue: "OK",
      }));
      return { MetricAlarms, ...(page < pages - 1 ? { NextToken: String(page + 1) } : {}) };
    });
    deepStrictEqual(
      summarise(await read()).alarms.map(({ name }) => name),
      ["alarm-39-99"],
    );
  });
});

describe("where failure events go", () => {
  it("is every queue, topic and function that asked for them, once", () => {
    const Events = ["s3:Replication:OperationFailedReplication" as const];
    deepStrictEqual(
      receiversIn({
        QueueConfigurations: [
          { QueueArn: "q", Events },
          { QueueArn: "q", Events: ["s3:Replication:*"] },
          { QueueArn: "created", Events: ["s3:ObjectCreated:*"] },
          { QueueArn: "late", Events: ["s3:Replication:OperationMissedThreshold"] },
        ],
        TopicConfigurations: [{ TopicArn: "t", Events }],
        LambdaFunctionConfigurations: [{ LambdaFunctionArn: "f", Events }],
      }),
      ["q", "t", "f"],
    );
    deepStrictEqual(receiversIn({}), []);
  });
});
