import { deepStrictEqual } from "node:assert";
import { listenersOf } from "../../src/verification/guards";

const queue = (Events: string[], ...rules: [string, string][]) => ({
  QueueArn: "arn:queue",
  Events: Events as never,
  Filter: { Key: { FilterRules: rules.map(([Name, Value]) => ({ Name: Name as "prefix", Value })) } },
});

const told = (configuration: object) => listenersOf(configuration as never, ["reports/.canary/everything/"]);

describe("who is told of a canary", () => {
  it("queues, topics and functions that ask for objects that are made or removed", () => {
    deepStrictEqual(
      told({
        QueueConfigurations: [queue(["s3:ObjectCreated:*"])],
        TopicConfigurations: [{ TopicArn: "arn:topic", Events: ["s3:ObjectRemoved:Delete"] }],
        LambdaFunctionConfigurations: [
          { LambdaFunctionArn: "arn:function", Events: ["s3:ObjectCreated:Put"] },
        ],
      }),
      ["arn:queue", "arn:topic", "arn:function"],
    );
  });

  it("Amazon EventBridge, which gets all events", () => {
    deepStrictEqual(told({ EventBridgeConfiguration: {} }), ["Amazon EventBridge"]);
  });

  it("not those who ask for failed replication, for other prefixes, or for endings", () => {
    deepStrictEqual(
      told({
        QueueConfigurations: [
          queue(["s3:Replication:OperationFailedReplication"]),
          queue(["s3:ObjectCreated:*"], ["Prefix", "images/"]),
          queue(["s3:ObjectCreated:*"], ["Suffix", ".jpg"]),
        ],
      }),
      [],
    );
    deepStrictEqual(told({ QueueConfigurations: [queue(["s3:ObjectCreated:*"], ["Prefix", "reports/"])] }), [
      "arn:queue",
    ]);
  });
});
