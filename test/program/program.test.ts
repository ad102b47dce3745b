import { deepStrictEqual, match, strictEqual } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgramStack } from "../../src/readers/program/fromProgram";
import program from "../../src/program/program";
import { rehearse } from "../../src/rehearsal/rehearse";
import { contract, destinationArgs, keyArn, sourceArgs } from "../support/pairs";
import { deployStacks, failStacks } from "../support/program";
import { SECRET_MARK } from "../support/recorder";

const STACK = "organization/s3-replication/destination";

const destinationStack = (change: object = {}): ProgramStack => ({
  name: "destination",
  config: { "s3-replication:destination": { ...destinationArgs(), ...change } },
});
const sourceStack = (change: object = {}): ProgramStack => ({
  name: "source",
  config: {
    "s3-replication:source": { ...sourceArgs({ destinations: { replicas: { stack: STACK } } }), ...change },
  },
});
/** A watch over the source bucket of the others. */
const watchStack = (change: object = {}): ProgramStack => ({
  name: "watch",
  config: {
    "s3-replication:watch": {
      accountId: "111111111111",
      region: "eu-west-1",
      bucketName: "orders",
      monitoring: { alarmTopicArns: [] },
      ...change,
    },
  },
});
const pairStack = (change: object = {}): ProgramStack => ({
  name: "pair",
  config: {
    "s3-replication:destination": destinationArgs(),
    "s3-replication:source": {
      ...sourceArgs({ destinations: {} }),
      destinations: { replicas: { sameStack: true } },
      ...change,
    },
  },
});

/** What is read from JSON that reaches the engine as a secret, which it must be: an external id may be one. */
function secretJson(value: unknown): unknown {
  const secret = value as Record<string, string>;
  strictEqual(secret[SECRET_MARK], "1b47061264138c4ac30d75fd1eb44270");
  return JSON.parse(secret.value ?? "") as unknown;
}

describe("the ready-made program", () => {
  it("makes a pair of two stacks, one up each", async () => {
    const made = await deployStacks(program, [destinationStack(), sourceStack()]);
    strictEqual(rehearse(made.snapshot).verdict, "proven");
    const [sourceKey, replicaKey] = ["111111111111", "222222222222"].map((account) =>
      Object.keys(made.snapshot.keys).find((arn) => arn.includes(account)),
    );
    const { contract: terms, ...flat } = made.outputs("destination");
    deepStrictEqual(flat, {
      accountId: "222222222222",
      region: "eu-central-1",
      bucketName: "orders-replicas",
      bucketArn: "arn:aws:s3:::orders-replicas",
      keyArn: replicaKey,
    });
    strictEqual((terms as { keyArn: string }).keyArn, replicaKey);
    const expected = {
      accountId: "111111111111",
      region: "eu-west-1",
      bucketName: "orders",
      bucketArn: "arn:aws:s3:::orders",
      roleArn: "arn:aws:iam::111111111111:role/s3-replication",
      ruleIds: ["everything"],
      destinationBuckets: {
        replicas: {
          accountId: "222222222222",
          region: "eu-central-1",
          bucketArn: "arn:aws:s3:::orders-replicas",
        },
      },
      keyArn: sourceKey,
    };
    const outputs = made.outputs("source");
    deepStrictEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, outputs[key]])), expected);
  });

  it("makes both sides in one stack, and says each side's outputs under its name", async () => {
    const made = await deployStacks(program, [pairStack()]);
    strictEqual(rehearse(made.snapshot).verdict, "proven");
    const outputs = made.outputs("pair") as Record<string, Record<string, unknown>>;
    deepStrictEqual(Object.keys(outputs).sort(), ["contract", "destination", "source"]);
    strictEqual(outputs.destination?.bucketArn, "arn:aws:s3:::orders-replicas");
    strictEqual(outputs.source?.bucketArn, "arn:aws:s3:::orders");
    deepStrictEqual(outputs.contract, outputs.destination.contract);
  });

  it("watches a bucket by the rules that it reads from it", async () => {
    const unwatched = { monitoring: { failureQueue: false, alarms: false } };
    const rules = [
      { id: "seen", replicationTimeControl: true },
      { id: "unseen", metrics: false },
    ];
    const made = await deployStacks(program, [
      destinationStack(),
      sourceStack({ ...unwatched, rules }),
      watchStack({ monitoring: { failureQueue: true, alarmTopicArns: [] } }),
    ]);
    const { bucketArn, ruleIds, failureQueueUrl } = made.outputs("watch");
    deepStrictEqual(
      [bucketArn, ruleIds, failureQueueUrl],
      ["arn:aws:s3:::orders", ["seen"], "https://sqs.eu-west-1.amazonaws.com/111111111111/orders-failures"],
    );
    const { queues } = made.inputs("watch-notification") as { queues: { events: string[] }[] };
    strictEqual(queues[0]?.events.length, 4);
    match(made.run.stacks[2]?.warnings?.join() ?? "", /ReplicationWatch 'watch' cannot see rule 'unseen'/);
  });

  it("says in one sentence that there is nothing to watch in a bucket that does not replicate", async () => {
    const { message } = await failStacks(program, [
      destinationStack(),
      sourceStack(),
      watchStack({ bucketName: "order" }),
    ]);
    strictEqual(
      message,
      "stack 'watch': 'watch.bucketName' must be a bucket with a replication configuration, got 'order', which has none in the account of the stack's credentials; correct the name, or give its rules as 'watch.rules'",
    );
  });

  it("makes a destination and a watch in one stack, and says the outputs of each under its name", async () => {
    const rules = [{ id: "r", destinationBucketArn: "arn:aws:s3:::orders-replicas" }];
    const { config } = watchStack({ rules });
    const made = await deployStacks(program, [
      { name: "hub", config: { ...destinationStack().config, ...config } },
    ]);
    deepStrictEqual(Object.keys(made.outputs("hub")).sort(), ["contract", "destination", "watch"]);
  });

  it("makes two stacks, both sides in one, and several pairs in one run of a process", async () => {
    for (const stacks of [
      [destinationStack(), sourceStack()],
      [pairStack()],
      [destinationStack(), sourceStack()],
    ]) {
      strictEqual(rehearse((await deployStacks(program, stacks)).snapshot).verdict, "proven");
    }
  });

  it("leaves keyArn out where there is no key", async () => {
    const made = await deployStacks(program, [destinationStack({ encryption: { algorithm: "AES256" } })]);
    strictEqual("keyArn" in made.outputs("destination"), false);
  });

  it("says what a given key's policy must have", async () => {
    const encryption = { keyArn: keyArn("222222222222", "eu-central-1") };
    const made = await deployStacks(program, [destinationStack({ encryption })]);
    match(
      String(made.outputs("destination").requiredKeyPolicyStatements),
      /"Sid":"ReplicateFrom111111111111"/,
    );
  });

  it("has a provider for each account, which refuses all others", async () => {
    const made = await deployStacks(program, [
      destinationStack({ profile: "vault" }),
      sourceStack({ assumeRoleArn: "arn:aws:iam::111111111111:role/deploy", assumeRoleExternalId: "secret" }),
    ]);
    const providers = made.registrations.filter(({ type }) => type === "pulumi:providers:aws");
    deepStrictEqual(
      providers.map(({ name, inputs: { region, allowedAccountIds, assumeRoles, profile } }) => [
        name,
        region,
        allowedAccountIds,
        profile,
        assumeRoles === undefined ? undefined : secretJson(assumeRoles),
      ]),
      [
        ["destination", "eu-central-1", '["222222222222"]', "vault", undefined],
        [
          "source",
          "eu-west-1",
          '["111111111111"]',
          undefined,
          [
            {
              roleArn: "arn:aws:iam::111111111111:role/deploy",
              externalId: "secret",
              sessionName: "s3-replication",
            },
          ],
        ],
      ],
    );
  });

  it("takes the contract from a file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "contract-"));
    try {
      const file = join(directory, "contract.json");
      const terms = contract({ keyArn: keyArn("222222222222", "eu-central-1") });
      writeFileSync(file, JSON.stringify(terms));
      const made = await deployStacks(program, [
        destinationStack({ encryption: { keyArn: terms.keyArn } }),
        sourceStack({ destinations: { replicas: { contractFile: file } } }),
      ]);
      strictEqual(
        made.snapshot.buckets["arn:aws:s3:::orders"]?.replication?.Rules[0]?.Destination.Bucket,
        "arn:aws:s3:::orders-replicas",
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("registers nothing for bad configuration, and says which stack it is of", async () => {
    const { message, registered } = await failStacks(program, [destinationStack({ accountId: "1" })]);
    strictEqual(
      message,
      "stack 'destination': 'destination.accountId' must be a 12-digit AWS account id in quotes, got '1'",
    );
    deepStrictEqual(registered, []);
  });

  it("stops the source's first preview where the destination grants too little", async () => {
    const rules = [{ id: "a", deleteMarkerReplication: true }];
    // Two stacks are previewed one after the other only once the first is deployed.
    for (const [stacks, preview, from] of [
      [[destinationStack(), sourceStack({ rules })], false, `stack '${STACK}'`],
      [[pairStack({ rules })], true, "destination 'replicas'"],
    ] as const) {
      const { message } = await failStacks(program, stacks, { preview });
      strictEqual(
        message,
        `ReplicationSource 'source' does not fit the contract of ${from}: rule 'a' replicates delete markers, which the destination does not grant to arn:aws:iam::111111111111:role/s3-replication: set 'deleteMarkerReplication: true' for it in 'sources' at the destination (${from}) and deploy that first, or set it to false in the rule`,
      );
    }
  });

  it("ignores the configuration of other namespaces", async () => {
    const stack = destinationStack();
    const config = { ...stack.config, "aws:region": "us-east-1", "other:thing": { a: 1 } };
    const made = await deployStacks(program, [{ ...stack, config }]);
    strictEqual(made.inputs("destination-bucket").region, "eu-central-1");
  });

  it("reports configuration that is no JSON as what it is", async () => {
    const { message } = await failStacks(program, [
      { name: "x", config: { "s3-replication:source": "not an object" } },
    ]);
    strictEqual(message, "stack 'x': 'source' must be an object of settings, got 'not an object'");
  });
});
