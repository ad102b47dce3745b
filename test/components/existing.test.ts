import { deepStrictEqual, match, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import type { ReplicationDestinationArgs, ReplicationSourceArgs } from "../../src";
import { rehearse } from "../../src/rehearsal/rehearse";
import {
  contract,
  deploySource,
  destinationArgs,
  keyArn,
  newDestination,
  newSource,
  sourceArgs,
} from "../support/pairs";
import { accountProvider, deploy, type Deployment, fail } from "../support/program";

const DESTINATION_KEY = keyArn("222222222222", "eu-central-1");
const SOURCE_KEY = keyArn("111111111111", "eu-west-1");
const THEIRS = {
  Sid: "TheirOwn",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::222222222222:root" },
  Action: "s3:ListBucket",
  Resource: "arn:aws:s3:::orders-replicas",
};
const PRESENT = { Version: "2008-10-17", Id: "theirs", Statement: [THEIRS] };

const existingDestination = (change: Partial<ReplicationDestinationArgs> = {}) =>
  destinationArgs({ existingBucket: {}, encryption: { keyArn: DESTINATION_KEY }, ...change });
const existingSource = (change: Partial<ReplicationSourceArgs> = {}) =>
  sourceArgs({ existingBucket: {}, encryption: { keyArn: SOURCE_KEY }, ...change });

const childrenOf = (made: Deployment) =>
  made.registrations.filter(({ type }) => type.startsWith("aws:")).map(({ name }) => name);

describe("a destination with a bucket that exists", () => {
  const warningsOf = async (change: Partial<ReplicationDestinationArgs>) => {
    const { run } = await deploy(() => void newDestination(existingDestination(change)));
    return run.stacks.flatMap(({ warnings = [] }) => warnings.map((warning) => warning.replace(/ \(.*/, "")));
  };

  it("says which policies wait for their owners, and where the statements are", async () => {
    deepStrictEqual(await warningsOf({}), [
      "ReplicationDestination 'archive' leaves the policy of bucket 'orders-replicas' to its owner: it must hold the statements of the output 'requiredBucketPolicyStatements'",
      "ReplicationDestination 'archive' leaves the policy of its key to its owner: it must hold the statements of the output 'requiredKeyPolicyStatements'",
    ]);
  });

  it("says nothing of a bucket's policy that it puts", async () => {
    const policy = JSON.stringify(PRESENT);
    deepStrictEqual(
      (await warningsOf({ existingBucket: { policy } })).filter((warning) => warning.includes("bucket '")),
      [],
    );
  });

  it("makes nothing and changes nothing, and says which statements the bucket's policy must have", async () => {
    const made = await deploy(() => {
      const destination = newDestination(existingDestination());
      return { statements: destination.requiredBucketPolicyStatements };
    });
    deepStrictEqual(childrenOf(made), []);
    const whole = await deploy(() => void newDestination());
    const { statements } = made.outputs("stack") as { statements: string };
    const [tls, ...own] = whole.document("archive-policy").Statement;
    strictEqual(tls?.Sid, "DenyInsecureTransport");
    deepStrictEqual(JSON.parse(statements), own);
  });

  it("adds its statements to a policy that is given, keeps the rest of it, and leaves it there in the end", async () => {
    const policy = JSON.stringify(PRESENT);
    const made = await deploy(() => {
      const destination = newDestination(existingDestination({ existingBucket: { policy } }));
      return { statements: destination.requiredBucketPolicyStatements };
    });
    deepStrictEqual(childrenOf(made), ["archive-policy"]);
    const { Statement: statements, ...rest } = made.document("archive-policy");
    deepStrictEqual(rest, { Version: "2008-10-17", Id: "theirs" });
    deepStrictEqual(
      statements.map(({ Sid }) => Sid),
      ["TheirOwn", "ReplicateFrom111111111111"],
    );
    deepStrictEqual(statements[0], THEIRS);
    const { protect, retainOnDelete } = made.resource("archive-policy");
    deepStrictEqual([protect, retainOnDelete], [true, true]);
    strictEqual(made.outputs("stack").statements, undefined);
  });

  it("takes a document with one statement that stands alone", async () => {
    const policy = JSON.stringify({ ...PRESENT, Statement: THEIRS });
    const made = await deploy(() => void newDestination(existingDestination({ existingBucket: { policy } })));
    deepStrictEqual(made.document("archive-policy").Statement[0], THEIRS);
  });

  it("puts a policy of its own where there is none, which goes with it", async () => {
    const made = await deploy(
      () => void newDestination(existingDestination({ existingBucket: { policy: "none" } })),
    );
    deepStrictEqual(
      made.document("archive-policy").Statement.map(({ Sid }) => Sid),
      ["ReplicateFrom111111111111"],
    );
    strictEqual(made.resource("archive-policy").retainOnDelete, false);
  });

  it("refuses a policy that has a statement of one of its names, before anything is registered", async () => {
    const Statement = [{ ...THEIRS, Sid: "ReplicateFrom111111111111" }];
    const policy = JSON.stringify({ ...PRESENT, Statement });
    const { message, registered } = await fail(
      () => void newDestination(existingDestination({ existingBucket: { policy } })),
    );
    strictEqual(
      message,
      "ReplicationDestination 'archive': 'existingBucket.policy' must be the policy without the statements that the component adds, got one with 'ReplicateFrom111111111111'; leave those out where they are the component's from an earlier deployment, and give them another Sid where they are yours",
    );
    deepStrictEqual(registered, []);
  });

  it("counts the given policy to the limit of AWS, before anything is registered", async () => {
    const Resource = Array.from(
      { length: 400 },
      (_, index) => `arn:aws:s3:::orders-replicas/${"x".repeat(40)}${index}`,
    );
    const policy = JSON.stringify({ ...PRESENT, Statement: [{ ...THEIRS, Resource }] });
    const { message, registered } = await fail(
      () => void newDestination(existingDestination({ existingBucket: { policy } })),
    );
    match(
      message,
      /'sources' must be few enough for the bucket policy, which AWS limits to 20,480 characters/,
    );
    deepStrictEqual(registered, []);
  });

  it("promises in its contract what is said of the bucket, and nothing else", async () => {
    const contractOf = async (args: ReplicationDestinationArgs) => {
      const made = await deploy(() => ({ contract: newDestination(args).contract }));
      return made.outputs("stack").contract as Record<string, unknown>;
    };
    const { keyArn: key, encryption, ...silent } = await contractOf(existingDestination());
    deepStrictEqual([key, encryption], [DESTINATION_KEY, "aws:kms"]);
    deepStrictEqual(
      ["bucketKeyEnabled", "objectOwnership"].filter((term) => term in silent),
      [],
    );
    const said = await contractOf(
      existingDestination({
        existingBucket: { objectOwnership: "ObjectWriter" },
        encryption: { keyArn: DESTINATION_KEY, bucketKeyEnabled: false },
      }),
    );
    deepStrictEqual([said.objectOwnership, said.bucketKeyEnabled], ["ObjectWriter", false]);
  });
});

describe("a source with a bucket that exists", () => {
  it("makes its role, its rules and the alarms, and touches nothing else of the bucket", async () => {
    const made = await deploySource(() => void newSource(existingSource()));
    deepStrictEqual(childrenOf(made).sort(), [
      "orders-failed-operations-alarm",
      "orders-latency-alarm",
      "orders-pending-bytes-alarm",
      "orders-replication",
      "orders-role",
      "orders-role-kms",
      "orders-role-s3",
    ]);
    const [, read] = made.document("orders-role-kms").Statement;
    deepStrictEqual(
      made.document("orders-role-kms").Statement.map(({ Resource }) => Resource),
      [SOURCE_KEY, contract().keyArn],
      JSON.stringify(read),
    );
  });

  it("has a failure queue where it is said that the bucket notifies nobody", async () => {
    const made = await deploySource(
      () => void newSource(existingSource({ existingBucket: { notification: {} } })),
    );
    const queues = made.inputs("orders-notification").queues as { id: string }[];
    deepStrictEqual(
      queues.map(({ id }) => id),
      ["replication-failures"],
    );
    strictEqual(made.resource("orders-notification").retainOnDelete, false);
  });

  it("adds the failure queue to what the bucket notifies, and leaves that there in the end", async () => {
    const notification = {
      queues: [
        {
          id: "theirs",
          queueArn: "arn:aws:sqs:eu-west-1:111111111111:theirs",
          events: ["s3:ObjectCreated:*"],
        },
      ],
      topics: [{ topicArn: "arn:aws:sns:eu-west-1:111111111111:theirs", events: ["s3:ObjectRemoved:*"] }],
      lambdaFunctions: [
        {
          lambdaFunctionArn: "arn:aws:lambda:eu-west-1:111111111111:function:theirs",
          events: ["s3:ObjectRestore:*"],
        },
      ],
      eventbridge: true,
    };
    const made = await deploySource(
      () => void newSource(existingSource({ existingBucket: { notification } })),
    );
    const { queues, topics, lambdaFunctions, eventbridge } = made.inputs("orders-notification");
    deepStrictEqual(
      [topics, lambdaFunctions, eventbridge],
      [notification.topics, notification.lambdaFunctions, true],
    );
    const [theirs, own] = queues as { id: string }[];
    deepStrictEqual([theirs, own?.id], [notification.queues[0], "replication-failures"]);
    strictEqual(made.resource("orders-notification").retainOnDelete, true);
  });

  it("adds a given topic for failures to the topics that the bucket notifies", async () => {
    const topics = [
      { topicArn: "arn:aws:sns:eu-west-1:111111111111:theirs", events: ["s3:ObjectRemoved:*"] },
    ];
    const failureTopicArn = "arn:aws:sns:eu-west-1:111111111111:failed";
    const existingBucket = { notification: { topics } };
    const made = await deploySource(
      () => void newSource(existingSource({ existingBucket, monitoring: { failureTopicArn } })),
    );
    const notified = made.inputs("orders-notification").topics as { topicArn: string }[];
    deepStrictEqual(
      notified.map(({ topicArn }) => topicArn),
      ["arn:aws:sns:eu-west-1:111111111111:theirs", failureTopicArn],
    );
  });

  it("waits for what the component is told to wait for", async () => {
    const made = await deploySource(() => {
      const provider = accountProvider("111111111111", "eu-west-1", "theirs");
      const bucket = new Bucket("theirs", { bucket: "orders" }, { provider });
      const versioning = new BucketVersioning(
        "their-versioning",
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        { provider },
      );
      newSource(existingSource(), "orders", { dependsOn: [bucket, versioning] });
    });
    for (const child of ["orders-replication", "orders-role", "orders-role-s3"]) {
      strictEqual(made.namesBefore(child).includes("their-versioning"), true, child);
    }
  });

  it("says which statements the policies of its keys must have, and only of keys that are given", async () => {
    const second = SOURCE_KEY.replace("12345678", "87654321");
    const replicaKey = contract().keyArn as string;
    const made = await deploySource(() => {
      const source = newSource(
        existingSource({
          additionalSourceKeyArns: [second],
          rules: [{ id: "everything", replicaKmsKeyArn: replicaKey }],
        }),
      );
      return { required: source.requiredKeyPolicyStatements };
    });
    const { required } = made.outputs("stack") as { required: Record<string, string> };
    const actions = (key: string) =>
      (JSON.parse(required[key] ?? "[]") as { Action: string[] }[]).map(({ Action }) => Action);
    deepStrictEqual(Object.keys(required), [SOURCE_KEY, second, replicaKey]);
    deepStrictEqual(actions(second), [["kms:Decrypt", "kms:GenerateDataKey"]]);
    deepStrictEqual(actions(replicaKey), [["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"]]);
    const own = await deploySource(() => ({ required: newSource().requiredKeyPolicyStatements }));
    deepStrictEqual(own.outputs("stack").required, {});
  });
});

describe("a source with a role that exists", () => {
  const role = (change: Partial<ReplicationSourceArgs> = {}) =>
    sourceArgs({ roleName: "theirs", rolePath: "/replication/", existingRole: {}, ...change });
  const grants = [
    { ...contract().sources[0]!, roleArn: "arn:aws:iam::111111111111:role/replication/theirs" },
  ];
  const destinations = { replicas: { contract: contract({ sources: grants }) } };

  it("uses it as it is, and says what it must trust and what it must be allowed", async () => {
    const made = await deploySource(() => ({
      required: newSource(role({ destinations })).requiredRolePolicies,
    }));
    deepStrictEqual(
      childrenOf(made).filter((name) => name.includes("role")),
      [],
    );
    strictEqual(made.inputs("orders-replication").role, "arn:aws:iam::111111111111:role/replication/theirs");
    const whole = await deploySource(() => void newSource());
    const { required } = made.outputs("stack") as { required: Record<string, string> };
    deepStrictEqual(JSON.parse(required.trust ?? ""), whole.document("orders-role", "assumeRolePolicy"));
    deepStrictEqual(JSON.parse(required.s3 ?? ""), whole.document("orders-role-s3"));
    deepStrictEqual(
      (JSON.parse(required.kms ?? "") as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid),
      whole.document("orders-role-kms").Statement.map(({ Sid }) => Sid),
    );
  });

  it("says that the role waits for its owner, and where its policies are", async () => {
    const { run } = await deploySource(() => void newSource(role({ destinations })));
    deepStrictEqual(
      run.stacks.flatMap(({ warnings = [] }) => warnings.filter((warning) => warning.includes("owner"))),
      [
        "ReplicationSource 'orders' leaves role 'arn:aws:iam::111111111111:role/replication/theirs' to its owner: it must hold the statements of the output 'requiredRolePolicies' ('pulumi stack output requiredRolePolicies' in the ready-made program), or objects fail to replicate",
      ],
    );
  });

  it("puts policies on it where that is asked for, under names that are nobody else's", async () => {
    const made = await deploySource(() => {
      const provider = accountProvider("111111111111", "eu-west-1", "theirs");
      const theirs = new Role(
        "theirs",
        { name: "theirs", path: "/replication/", assumeRolePolicy: "{}" },
        { provider },
      );
      const source = newSource(role({ destinations, existingRole: { putPolicies: true } }), "orders", {
        dependsOn: theirs,
      });
      return { required: source.requiredRolePolicies };
    });
    deepStrictEqual(
      ["orders-role-s3", "orders-role-kms"].map((name) => [made.inputs(name).name, made.inputs(name).role]),
      [
        ["s3-replication-orders-s3", "theirs"],
        ["s3-replication-orders-kms", "theirs"],
      ],
    );
    deepStrictEqual(Object.keys(made.outputs("stack").required as object), ["trust"]);
  });
});

describe("two pairs with the same two buckets", () => {
  it("replicate in both directions, with one up where one program has both accounts", async () => {
    const made = await deploy(() => {
      const west = newDestination(destinationArgs(), "west");
      const east = newDestination(
        destinationArgs({
          accountId: "111111111111",
          region: "eu-west-1",
          bucketName: "orders",
          sources: [{ accountId: "222222222222" }],
        }),
        "east",
      );
      const sending = (from: typeof east, to: typeof east, change: Partial<ReplicationSourceArgs>) =>
        sourceArgs({
          ...change,
          existingBucket: { notification: {} },
          encryption: { keyArn: from.keyArn as pulumi.Output<string> },
          destinations: { other: { contract: to.contract } },
        });
      newSource(sending(east, west, {}), "east-out", { dependsOn: east });
      newSource(
        sending(west, east, {
          accountId: "222222222222",
          region: "eu-central-1",
          bucketName: "orders-replicas",
        }),
        "west-out",
        { dependsOn: west },
      );
    });
    const { verdict, objects } = rehearse(made.snapshot);
    strictEqual(verdict, "proven");
    deepStrictEqual(
      objects.flatMap(({ kind, outcome }) => (kind === "replica" ? [outcome] : [])),
      ["NOT_REPLICATED", "NOT_REPLICATED"],
    );
  });
});

describe("a mistake about what exists", () => {
  const queue = (change: object) => ({
    notification: {
      queues: [
        { queueArn: "arn:aws:sqs:eu-west-1:111111111111:q", events: ["s3:ObjectCreated:*"], ...change },
      ],
    },
  });
  const MISTAKES: readonly [string, Partial<ReplicationSourceArgs>, string][] = [
    [
      "encryption that is not said",
      { encryption: undefined },
      "'encryption' must say how the existing bucket encrypts, {algorithm: AES256} or {keyArn: <the key that it encrypts under>}, got nothing; no key is made for a bucket that exists",
    ],
    [
      "a setting that would change the bucket",
      { noncurrentVersionExpirationDays: 3 },
      "'noncurrentVersionExpirationDays' must be left out with an existingBucket, whose settings stay as they are, got 3",
    ],
    [
      "a policy that is none",
      { existingBucket: { policy: "{" } },
      "'existingBucket.policy' must be the bucket's present policy as JSON, as 'aws s3api get-bucket-policy --query Policy --output text' prints it, or 'none': policy 'existingBucket.policy' must be a JSON object, got '{'.",
    ],
    [
      "an Object Ownership that is none",
      { existingBucket: { objectOwnership: "Mine" } },
      "'existingBucket.objectOwnership' must be one of 'BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter', got 'Mine'",
    ],
    [
      "a failure queue where nobody knows what would be replaced",
      { monitoring: { failureQueue: true } },
      "'monitoring.failureQueue' must be false or left out where 'existingBucket.notification' does not say what the bucket notifies at present ({} for nothing), got true: S3 keeps one notification configuration a bucket, and a new one replaces it",
    ],
    [
      "a given failure queue where nobody knows what would be replaced",
      { monitoring: { failureQueueArn: "arn:aws:sqs:eu-west-1:111111111111:failed" } },
      "'monitoring.failureQueueArn' must be left out where 'existingBucket.notification' does not say what the bucket notifies at present ({} for nothing), got 'arn:aws:sqs:eu-west-1:111111111111:failed': S3 keeps one notification configuration a bucket, and a new one replaces it",
    ],
    [
      "a notification with the component's id",
      { existingBucket: queue({ id: "replication-failures" }) },
      "'existingBucket.notification.queues[0].id' must not be 'replication-failures', which is the id of the notification that the component adds; leave that one out where it is the component's from an earlier deployment",
    ],
    [
      "events of replication that go elsewhere already",
      { existingBucket: queue({ events: ["s3:Replication:*"] }) },
      "'existingBucket.notification.queues[0].events' must hold no event of replication, which S3 sends to one place only, got 's3:Replication:*'; take it out, or set 'monitoring.failureQueue: false'",
    ],
  ];
  for (const [what, change, expected] of MISTAKES) {
    it(`is reported before anything is registered: ${what}`, async () => {
      const { message, registered } = await fail(() => void newSource(existingSource(change)));
      strictEqual(
        message.slice(0, expected.length + 25),
        `ReplicationSource 'orders': ${expected}`.slice(0, expected.length + 25),
      );
      deepStrictEqual(registered, []);
    });
  }

  it("leaves a notification of the component's id alone where there is no failure queue", async () => {
    const monitoring = { failureQueue: false };
    const existingBucket = queue({ id: "replication-failures" });
    const made = await deploySource(() => void newSource(existingSource({ monitoring, existingBucket })));
    strictEqual(childrenOf(made).includes("orders-notification"), false);
  });
});
