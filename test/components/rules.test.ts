import { deepStrictEqual, strictEqual } from "node:assert";
import type { ReplicationRule } from "../../src";
import {
  contract,
  deploySource,
  grantTo,
  keyArn,
  newSource,
  REPLICA_KEY,
  sourceArgs,
  sourceWithRule,
} from "../support/pairs";

/** What a rule becomes when only its id is given. */
const PLAIN = {
  id: "everything",
  priority: 1000,
  status: "Enabled",
  filter: { prefix: "" },
  deleteMarkerReplication: { status: "Disabled" },
  sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
  destination: {
    bucket: "arn:aws:s3:::orders-replicas",
    account: "222222222222",
    accessControlTranslation: { owner: "Destination" },
    encryptionConfiguration: { replicaKmsKeyId: REPLICA_KEY },
    metrics: { status: "Enabled" },
  },
};
const KEEPING_THE_OWNER = without(PLAIN.destination, "accessControlTranslation");
const WITHOUT_KEY = without(PLAIN.destination, "encryptionConfiguration");
const WITHOUT_METRICS = without(PLAIN.destination, "metrics");
const WITHOUT_CRITERIA = without(PLAIN, "sourceSelectionCriteria");

const OTHER_KEY = "arn:aws:kms:eu-central-1:222222222222:key/mrk-12345678123412341234123456789012";

/** Each option alone: what is given, and what of the plain rule becomes something else. */
const OPTIONS: [string, Partial<ReplicationRule>, object][] = [
  ["nothing but an id", {}, PLAIN],
  ["enabled", { enabled: true }, PLAIN],
  ["disabled", { enabled: false }, { ...PLAIN, status: "Disabled" }],
  ["a priority", { priority: 7 }, { ...PLAIN, priority: 7 }],
  ["priority 0", { priority: 0 }, { ...PLAIN, priority: 0 }],
  ["a prefix", { prefix: "a/" }, { ...PLAIN, filter: { prefix: "a/" } }],
  ["one tag", { tags: { k: "v" } }, { ...PLAIN, filter: { tag: { key: "k", value: "v" } } }],
  ["several tags", { tags: { a: "1", b: "2" } }, { ...PLAIN, filter: { and: { tags: { a: "1", b: "2" } } } }],
  [
    "a prefix and a tag",
    { prefix: "p", tags: { a: "1" } },
    { ...PLAIN, filter: { and: { prefix: "p", tags: { a: "1" } } } },
  ],
  [
    "a prefix and several tags",
    { prefix: "p", tags: { a: "1", b: "" } },
    { ...PLAIN, filter: { and: { prefix: "p", tags: { a: "1", b: "" } } } },
  ],
  [
    "delete markers",
    { deleteMarkerReplication: true },
    { ...PLAIN, deleteMarkerReplication: { status: "Enabled" } },
  ],
  [
    "a storage class",
    { storageClass: "GLACIER_IR" },
    { ...PLAIN, destination: { ...PLAIN.destination, storageClass: "GLACIER_IR" } },
  ],
  ["owner override", { ownerOverride: true }, PLAIN],
  ["no owner override", { ownerOverride: false }, { ...PLAIN, destination: KEEPING_THE_OWNER }],
  [
    "no SSE-KMS objects",
    { sseKmsEncryptedObjects: false },
    { ...WITHOUT_CRITERIA, destination: WITHOUT_KEY },
  ],
  [
    "a replica key",
    { replicaKmsKeyArn: OTHER_KEY },
    {
      ...PLAIN,
      destination: {
        ...PLAIN.destination,
        encryptionConfiguration: { replicaKmsKeyId: OTHER_KEY },
      },
    },
  ],
  [
    "Replication Time Control",
    { replicationTimeControl: true },
    {
      ...PLAIN,
      destination: {
        ...PLAIN.destination,
        replicationTime: { status: "Enabled", time: { minutes: 15 } },
        metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
      },
    },
  ],
  ["no metrics", { metrics: false }, { ...PLAIN, destination: WITHOUT_METRICS }],
  [
    "replica modifications",
    { replicaModifications: true },
    {
      ...PLAIN,
      sourceSelectionCriteria: {
        sseKmsEncryptedObjects: { status: "Enabled" },
        replicaModifications: { status: "Enabled" },
      },
    },
  ],
  [
    "replica modifications without SSE-KMS objects",
    { replicaModifications: true, sseKmsEncryptedObjects: false },
    {
      ...PLAIN,
      sourceSelectionCriteria: { replicaModifications: { status: "Enabled" } },
      destination: WITHOUT_KEY,
    },
  ],
];

async function rulesOf(args: ReturnType<typeof sourceArgs>) {
  const made = await deploySource(() => void newSource(args));
  const { region, bucket, role, rules } = made.inputs("orders-replication");
  deepStrictEqual(
    [region, bucket, role],
    ["eu-west-1", "orders", "arn:aws:iam::111111111111:role/s3-replication"],
  );
  return rules as Record<string, unknown>[];
}

describe("the rules of a replication configuration, in the V2 schema", () => {
  for (const [what, rule, expected] of OPTIONS) {
    it(`say ${what}`, async () => {
      deepStrictEqual(await rulesOf(sourceWithRule(rule)), [expected]);
    });
  }

  it("get priorities by their order: the first one decides", async () => {
    const rules = await rulesOf(sourceArgs({ rules: [{ id: "a" }, { id: "b" }, { id: "c" }] }));
    deepStrictEqual(
      rules.map(({ id, priority }) => [id, priority]),
      [
        ["a", 1000],
        ["b", 999],
        ["c", 998],
      ],
    );
  });

  it("keep their priorities where a rule is added last", async () => {
    const before = await rulesOf(sourceArgs({ rules: [{ id: "a" }, { id: "b" }] }));
    const after = await rulesOf(sourceArgs({ rules: [{ id: "a" }, { id: "b" }, { id: "c" }] }));
    deepStrictEqual(after.slice(0, 2), before);
  });

  it("keep the priorities that they are given, in the order of the arguments", async () => {
    const rules = await rulesOf(
      sourceArgs({
        rules: [
          { id: "a", priority: 5 },
          { id: "b", priority: 50 },
        ],
      }),
    );
    deepStrictEqual(
      rules.map(({ id, priority }) => [id, priority]),
      [
        ["a", 5],
        ["b", 50],
      ],
    );
  });

  it("keep the owner within one account unless they are asked to give it away", async () => {
    const own = contract({
      accountId: "111111111111",
      keyArn: keyArn("111111111111", "eu-central-1"),
      sources: [grantTo("arn:aws:iam::111111111111:role/s3-replication")],
    });
    const [kept, given] = await rulesOf(
      sourceArgs({
        destinations: { replicas: { contract: own } },
        rules: [{ id: "kept" }, { id: "given", ownerOverride: true }],
      }),
    );
    const destination = (rule: Record<string, unknown> | undefined) =>
      rule?.destination as { account?: string; accessControlTranslation?: unknown };
    deepStrictEqual(
      [destination(kept).account, destination(kept).accessControlTranslation],
      ["111111111111", undefined],
    );
    deepStrictEqual(
      [destination(given).account, destination(given).accessControlTranslation],
      ["111111111111", { owner: "Destination" }],
    );
  });

  it("leave SSE-KMS out where the source has no keys", async () => {
    const [rule] = await rulesOf(sourceArgs({ encryption: { algorithm: "AES256" } }));
    deepStrictEqual(rule, { ...WITHOUT_CRITERIA, destination: WITHOUT_KEY });
  });

  it("select SSE-KMS where only other keys hold objects of an SSE-S3 bucket", async () => {
    const [rule] = await rulesOf(
      sourceArgs({
        encryption: { algorithm: "AES256" },
        additionalSourceKeyArns: [keyArn("111111111111", "eu-west-1")],
      }),
    );
    deepStrictEqual(rule, PLAIN);
  });

  it("are a thousand at most, and all of them arrive", async () => {
    const rules = Array.from({ length: 1000 }, (_, index) => ({ id: `rule-${index}` }));
    const made = await rulesOf(sourceArgs({ rules }));
    strictEqual(made.length, 1000);
    strictEqual(new Set(made.map(({ priority }) => priority)).size, 1000);
  });
});

function without<T extends object>(value: T, ...keys: (keyof T & string)[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !(keys as string[]).includes(key)));
}

describe("a rule that takes nothing", () => {
  const warningsOf = async (rules: ReplicationRule[]) => {
    const { run } = await deploySource(() => void newSource(sourceArgs({ rules })));
    return run.stacks.flatMap(({ warnings = [] }) =>
      warnings.filter((text) => text.includes("takes nothing")),
    );
  };

  it("is warned of, with the rule that takes its objects", async () => {
    deepStrictEqual(await warningsOf([{ id: "everything" }, { id: "logs", prefix: "logs/" }]), [
      "ReplicationSource 'orders': rule 'logs' takes nothing: rule 'everything' takes every object that it would take, to the same destination, and has the higher priority (1000 over 999). Give it a higher 'priority' than that rule, or take it away",
    ]);
  });

  it("is none where it is off, goes first, or takes other objects", async () => {
    const everything = { id: "everything" };
    const logs = { id: "logs", prefix: "logs/" };
    deepStrictEqual(await warningsOf([everything, { ...logs, enabled: false }]), []);
    deepStrictEqual(await warningsOf([logs, everything]), []);
    deepStrictEqual(await warningsOf([logs, { id: "papers", prefix: "papers/" }]), []);
  });
});
