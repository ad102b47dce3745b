/** Policy documents that Terraform renders only in the apply, made of others. */
import { deepStrictEqual, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import {
  BUCKET_POLICY,
  constant,
  created,
  pair,
  planOf,
  type PlannedResource,
  reference,
  rehearsed,
  ROLE_ARN,
} from "./support";

const document = (name: string, more: Partial<PlannedResource>): PlannedResource => ({
  address: `data.aws_iam_policy_document.${name}`,
  mode: "data",
  type: "aws_iam_policy_document",
  name,
  provider: "aws.replica",
  actions: ["read"],
  ...more,
});

/** The destination's consent to a role of the plan, whose ARN is not known yet. */
function consentTo(name: string, role: string): PlannedResource {
  const statements = BUCKET_POLICY.Statement.map(({ Action: actions, Resource: resource }) => ({
    sid: `${name}${actions.length}`,
    actions,
    resources: [resource],
    principals: [{ type: "AWS", identifiers: [null] }],
  }));
  const principals = [{ type: constant("AWS"), identifiers: reference(`aws_iam_role.${role}.arn`) }];
  return document(name, {
    after: { statement: statements },
    unknown: { json: true, statement: statements.map(() => ({ principals: [{ identifiers: [true] }] })) },
    expressions: { statement: statements.map(() => ({ principals })) },
  });
}

/** @param sources What the document is made of; null is one that is not known. @param references Of that argument. */
function verdictOf(sources: readonly (string | null)[], references: readonly string[]): string {
  const old = { name: "old", path: "/", assume_role_policy: "{}" };
  const all = document("all", {
    after: { source_policy_documents: sources },
    unknown: { json: true, source_policy_documents: sources.map((source) => source === null) },
    expressions: { source_policy_documents: reference(...references) },
  });
  const policy = { policy: reference("data.aws_iam_policy_document.all.json") };
  const resources = [
    created("aws_iam_role", "old", old, { unknown: { arn: true, id: true } }),
    consentTo("old", "old"),
    consentTo("new", "replication"),
    all,
    created(
      "aws_s3_bucket_policy",
      "replica",
      { bucket: "acme-replica" },
      { provider: "aws.replica", unknown: { policy: true }, expressions: policy },
    ),
  ];
  return rehearsed([planOf(pair(...resources))]).verdict;
}

describe("a document that is rendered later of several others", () => {
  const [OLD, NEW] = ["old", "new"].map((name) => `data.aws_iam_policy_document.${name}.json`) as [
    string,
    string,
  ];
  const WRITTEN = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "arn:aws:s3:::acme-replica" },
    ],
  });

  it("has the statements of each", () => {
    deepStrictEqual(
      [verdictOf([null, null], [OLD, NEW]), verdictOf([WRITTEN, null], [NEW]), verdictOf([null], [OLD])],
      ["proven", "proven", "broken"],
    );
  });

  it("is unknown where a condition chooses one of them, also beside one that is written there", () => {
    deepStrictEqual(
      [verdictOf([null], ["var.isOld", OLD, NEW]), verdictOf([WRITTEN, null], ["var.isOld", OLD, NEW])],
      ["unproven", "unproven"],
    );
  });
});

describe("a trust policy that is rendered later", () => {
  it("may let S3 in or not where its principal is unknown", () => {
    const trust = document("trust", {
      provider: "aws",
      after: {
        statement: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: [null] }] }],
      },
      unknown: { json: true, statement: [{ principals: [{ identifiers: [true] }] }] },
      expressions: {
        statement: [{ principals: [{ type: constant("Service"), identifiers: reference("local.service") }] }],
      },
    });
    const role = created(
      "aws_iam_role",
      "replication",
      { name: "replication", path: "/" },
      {
        unknown: { arn: true, id: true, assume_role_policy: true },
        expressions: { assume_role_policy: reference("data.aws_iam_policy_document.trust.json") },
      },
    );
    strictEqual(rehearsed([planOf(pair(role, trust))]).verdict, "unproven");
  });
});

describe("principals of a document that is rendered later", () => {
  const OPEN = created(
    "aws_s3_bucket_public_access_block",
    "replica",
    {
      bucket: "acme-replica",
      block_public_acls: false,
      block_public_policy: false,
      ignore_public_acls: false,
      restrict_public_buckets: false,
    },
    { provider: "aws.replica" },
  );
  const ACCOUNT = "arn:aws:iam::111111111111:root";
  const SESSION = "arn:aws:sts::111111111111:assumed-role/replication/s3-replication";
  const known = (name: string, identifiers: readonly string[]) => ({
    [name]: [{ type: "AWS", identifiers }],
  });
  const roleIn = (name: string) => ({
    [name]: [{ type: constant("AWS"), identifiers: reference("aws_iam_role.replication.arn") }],
  });

  /** @param unknown Of the last of the document's statements. The others are known, and give everything to the role. */
  function verdictWith(last: object, unknown: object, expressions: object, isAlone = false): string {
    const given = BUCKET_POLICY.Statement.map(({ Action: actions, Resource: resource }) => ({
      actions,
      resources: [resource],
      ...known("principals", [ROLE_ARN]),
    }));
    const statements = isAlone ? [last] : [...given, last];
    const marks = statements.map((statement) => (statement === last ? unknown : {}));
    const all = document("all", {
      after: { statement: statements },
      unknown: { json: true, statement: marks },
      expressions: { statement: statements.map((statement) => (statement === last ? expressions : {})) },
    });
    const policy = { policy: reference("data.aws_iam_policy_document.all.json") };
    const of = created(
      "aws_s3_bucket_policy",
      "replica",
      { bucket: "acme-replica" },
      { provider: "aws.replica", unknown: { policy: true }, expressions: policy },
    );
    return rehearsed([planOf(pair(OPEN, all, of))]).verdict;
  }

  const allowing = { effect: "Allow", actions: ["s3:*"], resources: ["arn:aws:s3:::acme-replica/*"] };
  const denying = { ...allowing, effect: "Deny" };

  it("that a dynamic block makes of something unknown prove nothing, and break nothing", () => {
    strictEqual(verdictWith(allowing, { principals: true }, {}, true), "unproven");
    strictEqual(verdictWith(denying, { principals: true }, {}), "unproven");
    strictEqual(verdictWith(denying, { not_principals: true }, {}), "unproven");
  });

  it("that are left out stay so where they are roles of the plan", () => {
    const marks = { not_principals: [{ identifiers: [false, false, true] }] };
    const others = known("not_principals", [ACCOUNT, SESSION]);
    const written = roleIn("not_principals");
    strictEqual(verdictWith({ ...denying, ...others }, marks, written), "proven");
    const elsewhere = { not_principals: [{ type: constant("AWS"), identifiers: reference("local.role") }] };
    strictEqual(verdictWith({ ...denying, ...others }, marks, elsewhere), "unproven");
    const onlyRole = { not_principals: [{ identifiers: [true] }] };
    const none = { ...allowing, ...known("not_principals", []) };
    strictEqual(verdictWith(none, onlyRole, written, true), "broken");
  });

  it("and everything else are unknown in a statement that is wholly so", () => {
    const statements = [true] as unknown as object;
    const all = document("all", {
      after: { statement: [null] },
      unknown: { json: true, statement: statements },
    });
    const of = created(
      "aws_s3_bucket_policy",
      "replica",
      { bucket: "acme-replica" },
      {
        provider: "aws.replica",
        unknown: { policy: true },
        expressions: { policy: reference("data.aws_iam_policy_document.all.json") },
      },
    );
    strictEqual(rehearsed([planOf(pair(all, of))]).verdict, "unproven");
  });
});

describe("a document that is rendered later with a sensitive part", () => {
  it("is not read, as the part may have been taken out of the plan", () => {
    const consent = consentTo("new", "replication");
    const policy = created(
      "aws_s3_bucket_policy",
      "replica",
      { bucket: "acme-replica" },
      {
        provider: "aws.replica",
        unknown: { policy: true },
        expressions: { policy: reference("data.aws_iam_policy_document.new.json") },
      },
    );
    const verdictWith = (sensitive: unknown) =>
      rehearsed([planOf(pair({ ...consent, sensitive }, policy))]).verdict;
    deepStrictEqual(
      [
        {},
        { statement: [{ condition: [{ values: true }] }] },
        { json: true },
        { source_policy_documents: [true] },
        { override_policy_documents: true },
      ].map(verdictWith),
      ["proven", "unproven", "unproven", "unproven", "unproven"],
    );
  });
});
