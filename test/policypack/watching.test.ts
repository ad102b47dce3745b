import { providerAccountPinned } from "../../policypack/rules/providerAccountPinned";
import { replicationFailuresWatched } from "../../policypack/rules/replicationFailuresWatched";
import { legacyProgram, v2Program } from "./fixtures/legacyProgram";
import { SOURCE_ACCOUNT, bothStacks, sourceStack } from "./fixtures/ourProgram";
import { describeRule } from "./support/cases";
import {
  ProgramProvider,
  ProgramResource,
  change,
  provider,
  resource,
  unknown,
  without,
} from "./support/resources";

const program = sourceStack("update");
const alarm = "source-failed";
const replication = "source-replication";
const unwatched = without(program, alarm);
const notification = (props: object, dependencies: string[] = []): ProgramResource =>
  resource(
    "aws:s3/bucketNotification:BucketNotification",
    "events",
    { bucket: "orders", ...props },
    { propertyDependencies: { bucket: dependencies } },
  );
const bucketUrn = program.find(({ name }) => name === "source-bucket")?.urn ?? "";

describeRule(replicationFailuresWatched, {
  "accepts an alarm with an action": { program },
  "accepts it for a legacy bucket": { program: legacyProgram() },
  "accepts it for a V2 bucket": { program: v2Program() },
  "accepts an alarm on a query": {
    program: [
      ...unwatched,
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", "query", {
        alarmActions: ["arn"],
        metricQueries: [
          {
            id: "m",
            metric: { metricName: "OperationsFailedReplication", dimensions: { SourceBucket: "orders" } },
          },
        ],
      }),
    ],
  },
  "accepts an alarm on a search": {
    program: [
      ...unwatched,
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", "search", {
        alarmActions: ["arn"],
        metricQueries: [
          {
            id: "m",
            expression: `SUM(SEARCH('{AWS/S3,SourceBucket} MetricName="OperationsFailedReplication" SourceBucket="orders"', 'Sum'))`,
          },
        ],
      }),
    ],
  },
  "accepts a notification of failed replication": {
    program: [
      ...unwatched,
      notification({ queues: [{ queueArn: "arn", events: ["s3:Replication:OperationFailedReplication"] }] }),
    ],
  },
  "accepts a notification of everything about replication, found by what its bucket came from": {
    program: [
      ...unwatched,
      notification({ bucket: unknown, topics: [{ topicArn: "arn", events: ["s3:Replication:*"] }] }, [
        bucketUrn,
      ]),
    ],
  },
  "refuses a source that nothing watches": {
    program: unwatched,
    violators: [replication],
    messages: [
      "the replication of 'source-replication' must be watched, got no alarm with an action on OperationsFailedReplication of its source bucket and no notification of s3:Replication:OperationFailedReplication. Write new aws.cloudwatch.MetricAlarm(",
    ],
  },
  "says it once where a refreshed bucket shows the rules of its configuration too": {
    program: change(unwatched, "source-bucket", "replicationConfiguration", {
      role: "arn:aws:iam::111111111111:role/s3-replication/orders-replication",
      rules: [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::orders-replica" } }],
    }),
    violators: [replication],
  },
  "refuses it for a bucket of another stack too": {
    program: without(unwatched, "source-bucket"),
    violators: [replication],
  },
  "refuses a legacy bucket that nothing watches": {
    program: without(legacyProgram(), alarm),
    violators: ["source-bucket"],
  },
  "refuses a V2 bucket that nothing watches": {
    program: without(v2Program(), alarm),
    violators: ["source-bucket"],
  },
  "refuses an alarm without an action": {
    program: change(program, alarm, "alarmActions", []),
    violators: [replication],
  },
  "refuses an alarm whose actions are off": {
    program: change(program, alarm, "actionsEnabled", false),
    violators: [replication],
  },
  "refuses an alarm on another metric": {
    program: change(program, alarm, "metricName", "ReplicationLatency"),
    violators: [replication],
  },
  "refuses an alarm for another bucket": {
    program: change(program, alarm, "dimensions.SourceBucket", "payroll"),
    violators: [replication],
  },
  "refuses a notification of other events": {
    program: [...unwatched, notification({ queues: [{ queueArn: "arn", events: ["s3:ObjectCreated:*"] }] })],
    violators: [replication],
  },
  "refuses EventBridge, which S3 sends no replication events to": {
    program: [...unwatched, notification({ eventbridge: true })],
    violators: [replication],
  },
  "refuses several sources at once": {
    program: [
      ...unwatched,
      resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "second", {
        bucket: "payroll",
        role: "r",
        rules: [{ status: "Enabled", destination: {} }],
      }),
    ],
    violators: [replication, "second"],
  },
  "asks nothing where every rule is disabled": {
    program: change(unwatched, replication, "rules.0.status", "Disabled"),
  },
  "says so where it is not known which bucket an alarm watches": {
    program: change(program, alarm, "dimensions.SourceBucket", unknown),
    notYet: "'dimensions.SourceBucket' of 'source-failed', which decides on 'source-replication'",
  },
  "leaves exempt resources alone": { program: unwatched, config: { exempt: [replication] } },
});

const both = bothStacks("update");
/** Two buckets, each made by a provider of its own. */
const madeBy = (...providers: (ProgramProvider | undefined)[]): ProgramResource[] =>
  providers.map((one, index) =>
    resource("aws:s3/bucket:Bucket", `bucket-${index}`, {}, one ? { provider: one } : {}),
  );
const pinned = provider("pinned", { allowedAccountIds: JSON.stringify([SOURCE_ACCOUNT]) });

describeRule(providerAccountPinned, {
  "accepts providers that are pinned": { program: both },
  "accepts a pin as a list": {
    program: madeBy(
      provider("a", { allowedAccountIds: ["111111111111"] }),
      provider("b", { allowedAccountIds: ["222222222222"] }),
    ),
  },
  "asks nothing of a stack with one provider": { program: madeBy(provider("only", {})) },
  "asks nothing of providers that differ in their Region": {
    program: madeBy(provider("a", { region: "eu-west-1" }), provider("b", { region: "eu-central-1" })),
  },
  "asks nothing of providers of other clouds": {
    program: madeBy(pinned, { ...provider("other", { profile: "x" }), type: "pulumi:providers:random" }),
  },
  "asks nothing where the engine sends no provider": { program: madeBy(undefined, undefined) },
  "refuses a missing pin": {
    program: madeBy(pinned, provider("loose", { profile: "destination" })),
    violators: ["loose"],
    messages: [
      `'allowedAccountIds' of the provider 'loose' must name its account in a stack of several accounts, got nothing. Write allowedAccountIds: ["<account>"].`,
    ],
  },
  "refuses the default provider beside a pinned one": {
    program: madeBy(pinned, provider("default_7_48_0", {})),
    violators: ["default_7_48_0"],
  },
  "refuses an empty pin": {
    program: madeBy(pinned, provider("empty", { allowedAccountIds: "[]", profile: "x" })),
    violators: ["empty"],
  },
  "refuses several providers with credentials of their own": {
    program: madeBy(
      provider("a", { assumeRoles: [{ roleArn: "arn:aws:iam::111111111111:role/x" }] }),
      provider("b", { assumeRoles: [{ roleArn: "arn:aws:iam::222222222222:role/x" }] }),
    ),
    violators: ["a", "b"],
  },
  "refuses providers whose roles are not known yet, which may be of several accounts": {
    program: madeBy(provider("a", { assumeRoles: unknown }), provider("b", { assumeRoles: unknown })),
    violators: ["a", "b"],
  },
  "refuses providers of which only the role's ARN is not known yet": {
    program: madeBy(
      provider("a", { assumeRoles: [{ roleArn: unknown }] }),
      provider("b", { assumeRoles: [{ roleArn: unknown }] }),
    ),
    violators: ["a", "b"],
  },
  "says so where a pin is not known yet, and still refuses the others": {
    program: madeBy(
      provider("later", { allowedAccountIds: unknown, profile: "x" }),
      provider("loose", { profile: "y" }),
    ),
    violators: ["loose"],
    notYet: "'allowedAccountIds' of 'later'",
  },
  "leaves exempt providers alone": {
    program: madeBy(pinned, provider("loose", { profile: "destination" })),
    config: { exempt: ["loose"] },
  },
});
