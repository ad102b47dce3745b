import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { BATCH_KIND } from "../../src/rehearsal/batch";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { BatchReplicationRole, ReplicationSourceArgs } from "../../src";
import { contract, deploySource, grantTo, newPair, newSource, sourceArgs } from "../support/pairs";
import { deploy, type StatementJson } from "../support/program";

/** What the role of jobs may do. */
async function statementsOf(
  batchReplication: BatchReplicationRole,
  change: Partial<ReplicationSourceArgs> = {},
): Promise<StatementJson[]> {
  const made = await deploySource(() => void newSource(sourceArgs({ batchReplication, ...change })));
  return made.document("orders-batch-role-s3").Statement;
}

const allow = (Sid: string, Action: string | string[], Resource: string | string[]) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});
const RULES = [{ id: "documents", prefix: "documents/" }];
const ALWAYS = [
  allow("InitiateReplication", "s3:InitiateReplication", "arn:aws:s3:::orders/*"),
  allow(
    "GenerateManifest",
    ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"],
    "arn:aws:s3:::orders",
  ),
];

describe("the role of Batch Replication jobs", () => {
  it("is not made unasked", async () => {
    const made = await deploySource(() => void newSource());
    deepStrictEqual(
      made.registrations.filter(({ name }) => name.includes("batch")),
      [],
    );
  });

  it("is trusted by S3 Batch Operations alone", async () => {
    const made = await deploySource(() => void newSource(sourceArgs({ batchReplication: {} })));
    deepStrictEqual(made.document("orders-batch-role", "assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowBatchOperations",
          Effect: "Allow",
          Principal: { Service: "batchoperations.s3.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
  });

  it("is called by the replication role's name and path, unless it is given others", async () => {
    const sources = [grantTo("arn:aws:iam::111111111111:role/a/repl")];
    const names = async (batchReplication: BatchReplicationRole) => {
      const destinations = { replicas: { contract: contract({ sources }) } };
      const args = sourceArgs({ roleName: "repl", rolePath: "/a/", destinations, batchReplication });
      const made = await deploySource(() => void newSource(args));
      const { name, path } = made.inputs("orders-batch-role");
      return [name, path];
    };
    deepStrictEqual(await names({}), ["repl-batch", "/a/"]);
    deepStrictEqual(await names({ roleName: "jobs", rolePath: "/b/" }), ["jobs", "/b/"]);
  });

  it("may do exactly this for a job whose manifest S3 generates, without a report", async () => {
    deepStrictEqual(await statementsOf({}), ALWAYS);
  });

  it("may write reports and read manifests where they are, and nowhere else", async () => {
    deepStrictEqual(await statementsOf({ reportBucketName: "desk", manifestBucketName: "lists" }), [
      ...ALWAYS,
      allow(
        "UseManifest",
        ["s3:GetObject", "s3:GetObjectVersion"],
        "arn:aws:s3:::lists/batch-replication/manifests/*",
      ),
      allow("WriteReport", "s3:PutObject", "arn:aws:s3:::desk/batch-replication/reports/*"),
    ]);
  });

  it("may start replication of what the rules take that are on", async () => {
    const [initiate] = await statementsOf(
      {},
      {
        rules: [
          { id: "a", prefix: "a/" },
          { id: "b", prefix: "b/", enabled: false },
          { id: "c", prefix: "c/" },
        ],
      },
    );
    deepStrictEqual(initiate?.Resource, ["arn:aws:s3:::orders/a/*", "arn:aws:s3:::orders/c/*"]);
  });

  it("takes reports beside the data where no rule that is on takes them", async () => {
    for (const rules of [
      RULES,
      [...RULES, { id: "off", enabled: false }],
      [...RULES, { id: "tagged", tags: { a: "b" } }],
    ]) {
      const statements = await statementsOf({ reportBucketName: "orders" }, { rules });
      const report = statements.find(({ Sid }) => Sid === "WriteReport");
      strictEqual(report?.Resource, "arn:aws:s3:::orders/batch-replication/reports/*");
    }
  });
});

describe("a program with a role of Batch Replication jobs", () => {
  it("is rehearsed with the job that its arguments describe", async () => {
    const batchReplication = { reportBucketName: "orders", reportPrefix: "reports" };
    const made = await deploy(() => void newPair({}, { rules: RULES, batchReplication }));
    deepStrictEqual(made.snapshot.buckets["arn:aws:s3:::orders"]?.batchReplication, {
      role: "arn:aws:iam::111111111111:role/s3-replication-batch",
      reportBucket: "arn:aws:s3:::orders",
      reportPrefix: "reports",
    });
    const { verdict, objects } = rehearse(made.snapshot);
    const jobs = objects.filter(({ kind }) => kind === BATCH_KIND);
    deepStrictEqual([verdict, jobs.map(({ outcome }) => outcome)], ["proven", ["COMPLETED"]]);
    const report = jobs[0]?.requests.find(({ action }) => action === "s3:PutObject");
    match(report?.resource ?? "", /^arn:aws:s3:::orders\/reports\/job-[\w-]+\/manifest\.json$/);
  });

  it("is not proven where the report goes into a bucket whose policy nobody knows", async () => {
    const batchReplication = { reportBucketName: "somewhere" };
    const made = await deploy(() => void newPair({}, { rules: RULES, batchReplication }));
    const { verdict, objects } = rehearse(made.snapshot);
    const job = objects.find(({ kind }) => kind === BATCH_KIND);
    strictEqual(verdict, "unproven");
    ok(job?.reason.startsWith("s3:PutObject on arn:aws:s3:::somewhere/"), job?.reason);
  });
});
