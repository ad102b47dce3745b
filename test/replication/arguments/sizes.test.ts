import { deepStrictEqual, strictEqual } from "node:assert";
import type { ReplicationSourceGrant } from "../../../src";
import {
  destinationBucketPolicy,
  destinationKeyPolicy,
  POLICY_LIMITS,
  type PolicyJson,
  policySize,
} from "../../../src/replication/policies";
import { rehearse } from "../../../src/rehearsal/rehearse";
import { deploySource, destinationArgs, newDestination, newSource, sourceArgs } from "../../support/pairs";
import { deploy, fail } from "../../support/program";

const sources = (count: number): ReplicationSourceGrant[] =>
  Array.from({ length: count }, (_, index) => ({ accountId: String(100_000_000_000 + index) }));

const grants = (count: number) => ({
  accountId: "222222222222",
  region: "eu-central-1",
  bucketArn: "arn:aws:s3:::orders-replicas",
  sources: sources(count),
});

/** What holds of each policy: AWS's limit, and how many sources fit, one by one and together. */
const POLICIES = {
  bucket: { write: destinationBucketPolicy, limit: 20_480, separately: 60, together: 246 },
  key: { write: destinationKeyPolicy, limit: 32_768, separately: 65, together: 335 },
} as const;

const isSeparate = (policy: PolicyJson, count: number) => policy.Statement.length === count + 1;

for (const [kind, { write, limit, separately, together }] of Object.entries(POLICIES)) {
  describe(`the ${kind} policy of a destination with many sources`, () => {
    it("has AWS's limit", () => {
      strictEqual(POLICY_LIMITS[kind as keyof typeof POLICIES], limit);
    });

    it(`has a statement for each of ${separately} sources, and fits`, () => {
      const policy = write(grants(separately));
      strictEqual(isSeparate(policy, separately), true);
      strictEqual(policySize(policy) <= limit, true);
    });

    it("takes the next one by putting equal grants together", () => {
      const policy = write(grants(separately + 1));
      deepStrictEqual(policy.Statement.map(({ Sid }) => Sid).slice(1), ["ReplicateFromSources1"]);
      const [, shared] = policy.Statement;
      deepStrictEqual(
        shared?.Condition?.ArnEquals?.["aws:PrincipalArn"],
        sources(separately + 1).map(({ accountId }) => `arn:aws:iam::${accountId}:role/s3-replication`),
      );
      strictEqual(policySize(policy) <= limit, true);
    });

    it(`fits for ${together} sources, and for no more`, () => {
      strictEqual(policySize(write(grants(together))) <= limit, true);
      strictEqual(policySize(write(grants(together + 1))) > limit, true);
    });
  });
}

describe("sources that no longer fit", () => {
  it("are refused before anything is registered, with the limit and the count", async () => {
    const { together, write } = POLICIES.bucket;
    const count = together + 1;
    const { message, registered } = await fail(
      () => void newDestination(destinationArgs({ sources: sources(count) }), "x"),
    );
    const size = policySize(write(grants(count))).toLocaleString("en");
    strictEqual(
      message,
      `ReplicationDestination 'x': 'sources' must be few enough for the bucket policy, which AWS limits to 20,480 characters: ${count} sources make ${size}, with equal grants in one statement; use fewer sources, shorter role names and paths, or a second destination bucket`,
    );
    deepStrictEqual(registered, []);
  });

  it("are refused for both policies where they fit neither", async () => {
    const { message } = await fail(
      () => void newDestination(destinationArgs({ sources: sources(POLICIES.key.together + 1) }), "x"),
    );
    deepStrictEqual(message.match(/for the \w+ policy, which AWS limits to [\d,]+/g), [
      "for the bucket policy, which AWS limits to 20,480",
      "for the key policy, which AWS limits to 32,768",
    ]);
  });

  it("are not held against a key that is given: its policy is not ours", async () => {
    const keyArn = "arn:aws:kms:eu-central-1:222222222222:key/12345678-1234-1234-1234-123456789012";
    const { message } = await fail(
      () =>
        void newDestination(
          destinationArgs({ sources: sources(POLICIES.key.together + 1), encryption: { keyArn } }),
          "x",
        ),
    );
    strictEqual(message.includes("key policy"), false, message);
  });
});

describe("sources whose grants are put together", () => {
  const many: ReplicationSourceGrant[] = [
    ...sources(POLICIES.bucket.separately + 1),
    { accountId: "111111111111", deleteMarkerReplication: true },
  ];

  it("keep different grants apart", () => {
    const policy = destinationBucketPolicy({ ...grants(0), sources: many });
    const [, ...shared] = policy.Statement;
    deepStrictEqual(
      shared.map(({ Action, Condition }) => [
        Action.includes("s3:ReplicateDelete"),
        Condition?.ArnEquals?.["aws:PrincipalArn"]?.length,
      ]),
      [
        [false, many.length - 1],
        [true, "arn:aws:iam::111111111111:role/s3-replication".length],
      ],
    );
  });

  it("still replicate", async () => {
    const made = await deploy(() => {
      const { contract } = newDestination(destinationArgs({ sources: many }));
      newSource(
        sourceArgs({
          destinations: { replicas: { contract } },
          rules: [{ id: "a", deleteMarkerReplication: true }],
        }),
      );
    });
    const { verdict, objects } = rehearse(made.snapshot);
    strictEqual(verdict, "proven");
    strictEqual(objects.length, 6);
  });
});

describe("the role's policies with many prefixes", () => {
  const rules = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `rule-${index}`,
      prefix: `teams/${String(index).padStart(4, "0")}/`,
    }));
  const MOST = 37;

  it(`fit for ${MOST} prefixes`, async () => {
    const made = await deploySource(() => void newSource(sourceArgs({ rules: rules(MOST) })));
    const size = ["orders-role-s3", "orders-role-kms"]
      .map((name) => JSON.stringify(made.document(name)).length)
      .reduce((sum, length) => sum + length);
    strictEqual(size <= 10_240, true, `${size}`);
  });

  it("are refused before anything is registered, with the limit and the count", async () => {
    const { message, registered } = await fail(
      () => void newSource(sourceArgs({ rules: rules(MOST + 1) }), "x"),
    );
    strictEqual(
      /^ReplicationSource 'x': 'rules' must be few enough for the replication role, whose policies AWS limits to 10,240 characters together: 38 rules with 38 prefixes make 10,\d{3}; use fewer or shorter prefixes, or one prefix that covers several$/.test(
        message,
      ),
      true,
      message,
    );
    deepStrictEqual(registered, []);
  });

  it("do not count a prefix that another covers", async () => {
    const covered = [...rules(100), { id: "all", prefix: "teams/" }];
    const made = await deploySource(() => void newSource(sourceArgs({ rules: covered })));
    const objects = made.document("orders-role-s3").Statement[1]?.Resource;
    strictEqual(objects, "arn:aws:s3:::orders/teams/*");
  });
});
