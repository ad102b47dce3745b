import { deepStrictEqual } from "node:assert";
import { destinationProblems, sourceProblems } from "../../../src/replication/arguments/argumentProblems";

const KEY_ARN = "arn:aws:kms:eu-west-1:111111111111:key/2b8f3c6a-90d4-4b1d-8f43-5a7f2c9e1d07";
const QUEUE_ARN = "arn:aws:sqs:eu-west-1:111111111111:failures";

/** Something in every setting, so that every check has something to look at. */
const BUCKET = {
  accountId: "111111111111",
  region: "eu-west-1",
  bucketName: "acme-data",
  encryption: { algorithm: "aws:kms", keyArn: KEY_ARN },
  defaultRetention: { mode: "GOVERNANCE", days: 1 },
  tags: { team: "storage" },
};
const SOURCE = {
  ...BUCKET,
  existingBucket: {
    policy: "none",
    notification: {
      queues: [{ id: "orders", queueArn: QUEUE_ARN, events: ["s3:ObjectCreated:*"] }],
      topics: [],
    },
  },
  existingRole: {},
  monitoring: { failureQueueArn: QUEUE_ARN, alarmTopicArns: ["arn:aws:sns:eu-west-1:111111111111:on-call"] },
  destinations: { archive: { contract: { version: 1 } }, vault: { stack: "acme/vault/production" } },
  rules: [
    { id: "documents", prefix: "documents/", tags: { team: "a" }, destination: "archive", priority: 2 },
    { id: "rest", destination: "vault", priority: 1 },
  ],
  additionalSourceKeyArns: [KEY_ARN],
  batchReplication: { reportBucketName: "acme-desk", reportPrefix: "backfill" },
};
const DESTINATION = {
  ...BUCKET,
  existingBucket: { policy: "none" },
  sources: [{ accountId: "222222222222", roleName: "copy", rolePath: "/", principal: "Role" }],
};

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

const ANYTHING: readonly unknown[] = [
  null,
  undefined,
  "",
  "x",
  0,
  -1.5,
  NaN,
  true,
  10n,
  [],
  [null],
  [[]],
  {},
  { a: null },
  cyclic,
  () => 1,
];

/** Every place inside a value, as the names that lead to it. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))];
}

function withValue(holder: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const copy = (Array.isArray(holder) ? [...(holder as unknown[])] : { ...(holder as object) }) as Record<
    string,
    unknown
  >;
  copy[first] = withValue(copy[first], rest, value);
  return copy;
}

describe("mistakes in arguments", () => {
  for (const [side, problems, args] of [
    ["a destination", destinationProblems, DESTINATION],
    ["a source", sourceProblems, SOURCE],
  ] as const) {
    it(`of ${side} are told, whatever stands wherever`, () => {
      const crashes = places(args).flatMap((place) =>
        ANYTHING.flatMap((value, index) => {
          try {
            problems(withValue(args, place, value));
            return [];
          } catch (error) {
            return [`${place.join(".")}, value ${index}: ${(error as Error).message}`];
          }
        }),
      );
      deepStrictEqual(crashes, []);
    });
  }
});
