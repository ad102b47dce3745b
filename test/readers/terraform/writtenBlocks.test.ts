/** A plan has the blocks of a set in an order of its own: each is told by what is written in it. */
import { deepStrictEqual, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import { blockOf, completedItems } from "../../../src/readers/terraform/writtenBlocks";
import {
  BUCKET_POLICY,
  constant,
  created,
  pair,
  planOf,
  type PlannedResource,
  reference,
  rehearsed,
  rolePermissions,
  SERVICE_TRUST,
} from "./support";

/** The role, whose inline policies come from the plan and the configuration in these orders. */
const roleWith = (planned: readonly string[], written: readonly string[]) => {
  const documents: Readonly<Record<string, unknown>> = {
    all: constant(JSON.stringify(rolePermissions())),
    denying: { references: ["local.denying"] },
  };
  return created(
    "aws_iam_role",
    "replication",
    {
      name: "replication",
      path: "/",
      assume_role_policy: SERVICE_TRUST,
      inline_policy: planned.map((name) =>
        name === "all" ? { name, policy: JSON.stringify(rolePermissions()) } : { name },
      ),
    },
    {
      unknown: {
        arn: true,
        id: true,
        inline_policy: planned.map((name) => (name === "all" ? {} : { policy: true })),
      },
      expressions: {
        inline_policy: written.map((name) => ({ name: constant(name), policy: documents[name] })),
      },
    },
  );
};
const noPolicy = created("aws_sqs_queue", "none", {});
const withoutPolicy = (...resources: readonly PlannedResource[]) =>
  pair(...resources).filter(({ type }) => type !== "aws_iam_role_policy");

describe("an unknown document of an inline policy", () => {
  it("stays unknown whichever of the role's policies the configuration writes first", () => {
    for (const written of [
      ["all", "denying"],
      ["denying", "all"],
    ]) {
      const plan = planOf(withoutPolicy(roleWith(["all", "denying"], written), noPolicy));
      strictEqual(rehearsed([plan]).verdict, "unproven");
    }
  });
});

describe("unknown destinations of the rules of a legacy bucket", () => {
  const ruleOf = (id: string) => ({
    id,
    status: "Enabled",
    priority: id === "a" ? 1 : 2,
    filter: [{ prefix: `${id}/` }],
  });
  const written = (id: string, bucket: string) => ({
    id: constant(id),
    status: constant("Enabled"),
    filter: [{ prefix: constant(`${id}/`) }],
    destination: [{ bucket: reference(`aws_s3_bucket.${bucket}.arn`) }],
  });
  const legacy = created(
    "aws_s3_bucket",
    "data",
    {
      bucket: "acme-data",
      replication_configuration: [
        { rules: ["a", "b"].map((id) => ({ ...ruleOf(id), destination: [{ storage_class: "" }] })) },
      ],
    },
    {
      unknown: {
        replication_configuration: [
          { role: true, rules: [{ destination: [{ bucket: true }] }, { destination: [{ bucket: true }] }] },
        ],
      },
      expressions: {
        replication_configuration: [
          {
            role: reference("aws_iam_role.replication.arn"),
            rules: [written("b", "closed"), written("a", "replica")],
          },
        ],
      },
    },
  );
  const closed = [
    created(
      "aws_s3_bucket",
      "closed",
      { bucket: "acme-closed" },
      { provider: "aws.replica", unknown: { arn: true } },
    ),
    created(
      "aws_s3_bucket_versioning",
      "closed",
      { bucket: "acme-closed", versioning_configuration: [{ status: "Enabled" }] },
      { provider: "aws.replica" },
    ),
  ];

  it("are each the one that its own rule writes", () => {
    const resources = pair(legacy, ...closed).filter(
      ({ type }) => type !== "aws_s3_bucket_replication_configuration",
    );
    const { objects } = rehearsed([planOf(resources)]);
    const outcomes = (prefix: string) => [
      ...new Set(
        objects
          .filter(({ key, outcome }) => key.startsWith(prefix) && outcome !== "NOT_REPLICATED")
          .map(({ destination, outcome }) => `${destination} ${outcome}`),
      ),
    ];
    deepStrictEqual(outcomes("a/"), ["arn:aws:s3:::acme-replica COMPLETED"]);
    deepStrictEqual(outcomes("b/"), ["arn:aws:s3:::acme-closed FAILED"]);
  });
});

describe("an unknown principal of a document that is rendered later", () => {
  /** @param types In the order in which the configuration has them. */
  const policy = (
    types: readonly string[],
    more: readonly object[] = [],
    identifiers: Readonly<Record<string, unknown>> = {},
    ...others: readonly PlannedResource[]
  ) => {
    const statements = BUCKET_POLICY.Statement.map(({ Action: actions, Resource: resource }) => ({
      actions,
      resources: [resource],
      principals: [
        { type: "AWS", identifiers: [null] },
        { type: "Service", identifiers: ["example.amazonaws.com"] },
      ],
    }));
    const named: Readonly<Record<string, unknown>> = {
      AWS: reference("aws_iam_role.replication.arn"),
      Service: constant(["example.amazonaws.com"]),
      ...identifiers,
    };
    const document: PlannedResource = {
      address: "data.aws_iam_policy_document.consent",
      mode: "data",
      type: "aws_iam_policy_document",
      name: "consent",
      actions: ["read"],
      after: { statement: statements },
      unknown: {
        json: true,
        statement: statements.map(() => ({ principals: [{ identifiers: [true] }, {}] })),
      },
      expressions: {
        statement: statements.map(() => ({
          principals: [...types.map((type) => ({ type: constant(type), identifiers: named[type] })), ...more],
        })),
      },
    };
    const consent = created(
      "aws_s3_bucket_policy",
      "replica",
      { bucket: "acme-replica" },
      {
        provider: "aws.replica",
        unknown: { policy: true },
        expressions: { policy: reference("data.aws_iam_policy_document.consent.json") },
      },
    );
    return rehearsed([planOf(pair(document, consent, ...others))]).verdict;
  };

  it("is the role that its own block names, in whichever order they are written", () => {
    deepStrictEqual([policy(["AWS", "Service"]), policy(["Service", "AWS"])], ["proven", "proven"]);
  });

  it("is unknown where a condition chooses one of several roles", () => {
    const either = reference("var.isOld", "aws_iam_role.old.arn", "aws_iam_role.replication.arn");
    const old = { name: "old", path: "/", assume_role_policy: "{}" };
    const role = created("aws_iam_role", "old", old, { unknown: { arn: true, id: true } });
    strictEqual(policy(["AWS", "Service"], [], { AWS: either }, role), "unproven");
  });

  it("is unknown where a block is not shown, or another one of its type may be it", () => {
    strictEqual(policy(["AWS"]), "unproven");
    const other = { type: constant("AWS"), identifiers: reference("local.role") };
    strictEqual(policy(["AWS"], [other]), "unproven");
  });
});

describe("blocks and what became of them", () => {
  const rule = (id: string, key: string) => ({ id: constant(id), key: reference(`aws_kms_key.${key}.arn`) });

  it("are told by constants, also where numbers and texts are written for each other", () => {
    const blocks = [rule("b", "two"), rule("a", "one"), { id: constant(3), key: reference("local.three") }];
    const found = ["a", "b", "3"].map((id, index) =>
      blockOf(blocks, 3, { item: { id }, index, isOrdered: false }),
    );
    deepStrictEqual(found, [blocks[1], blocks[0], blocks[2]]);
  });

  it("are nobody knows which where two may be it, or where a dynamic block makes some", () => {
    const blocks = [rule("a", "one"), rule("a", "two")];
    strictEqual(blockOf(blocks, 2, { item: { id: "a" }, index: 0, isOrdered: false }), undefined);
    strictEqual(blockOf(blocks, 3, { item: { id: "a" }, index: 0, isOrdered: false }), undefined);
    strictEqual(blockOf(blocks, 3, { item: { id: "a" }, index: 0, isOrdered: true }), undefined);
    strictEqual(blockOf(blocks, 2, { item: { id: "a" }, index: 1, isOrdered: true }), blocks[1]);
  });

  it("are found again after an apply by what was known of them", () => {
    const done = [
      { id: "b", to: { bucket: "two" } },
      { id: "a", to: { bucket: "one" } },
    ];
    const items = [{ id: "a", to: {} }, { id: "b" }];
    deepStrictEqual(completedItems(done, items, false), [done[1], done[0]]);
    deepStrictEqual(completedItems(done, items, true), done);
    deepStrictEqual(completedItems(done, [{}, { id: "b" }], false), [undefined, done[0]]);
    deepStrictEqual(completedItems(done, [{ id: "a" }], false), [undefined]);
  });
});
