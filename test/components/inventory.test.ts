/** The inventories of both sides: the configuration, and the statement that lets S3 put the lists. */
import { deepStrictEqual, ok, strictEqual } from "node:assert";
import type { BucketInventory } from "../../src";
import { INVENTORY_FIELDS } from "../../src/replication/inventory";
import { columnName, READ_COLUMNS } from "../../src/reconcile/sql/inventoryColumns";
import { deploySource, destinationArgs, newDestination, newSource, sourceArgs } from "../support/pairs";
import { deploy } from "../support/program";

const ELSEWHERE: BucketInventory = { bucketName: "lists", prefix: "s3/all", schedule: "Weekly" };

const statement = (listed: string, account: string, resource: string) => ({
  Sid: "S3PutsInventory",
  Effect: "Allow",
  Principal: { Service: "s3.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: resource,
  Condition: {
    ArnLike: { "aws:SourceArn": `arn:aws:s3:::${listed}` },
    StringEquals: { "aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control" },
  },
});

describe("the inventory of a bucket", () => {
  it("is not made unasked", async () => {
    const made = await deploySource(() => void newSource());
    ok(made.registrations.every(({ name }) => !name.includes("inventory")));
  });

  it("lists all versions as Parquet, with every field that is read", async () => {
    const made = await deploySource(() => void newSource(sourceArgs({ inventory: ELSEWHERE })));
    const { bucket, name, includedObjectVersions, schedule, destination, optionalFields } =
      made.inputs("orders-inventory");
    deepStrictEqual([bucket, name, includedObjectVersions], ["orders", "s3-replication-source", "All"]);
    deepStrictEqual(schedule, { frequency: "Weekly" });
    deepStrictEqual(optionalFields, [...INVENTORY_FIELDS]);
    deepStrictEqual(destination, {
      bucket: {
        bucketArn: "arn:aws:s3:::lists",
        accountId: "111111111111",
        format: "Parquet",
        prefix: "s3/all",
        encryption: { sseS3: {} },
      },
    });
  });

  it("has every column that a comparison reads, but tags, which no inventory has", () => {
    const always = ["key", "version_id", "is_latest", "is_delete_marker"];
    deepStrictEqual(
      [...always, ...INVENTORY_FIELDS.map(columnName)].sort(),
      READ_COLUMNS.filter((column) => column !== "object_tags").sort(),
    );
  });

  it("leaves the policy of another bucket to its owner, and says what it must hold", async () => {
    const made = await deploySource(() => {
      const source = newSource(sourceArgs({ inventory: ELSEWHERE }));
      return { required: source.requiredInventoryPolicyStatement };
    });
    const { required } = made.outputs("stack") as { required: string };
    deepStrictEqual(
      JSON.parse(required),
      statement("orders", "111111111111", "arn:aws:s3:::lists/s3/all/orders/*"),
    );
    strictEqual(made.document("orders-policy").Statement.length, 1);
  });

  it("lets S3 put the lists into the bucket itself, and leaves nothing to anybody", async () => {
    const inventory = { bucketName: "orders-replicas", schedule: "Daily" };
    const made = await deploy(() => {
      const destination = newDestination(destinationArgs({ inventory }));
      return { required: destination.requiredInventoryPolicyStatement };
    });
    deepStrictEqual(made.outputs("stack"), { required: undefined });
    deepStrictEqual(
      made.document("archive-policy").Statement.at(-1),
      statement("orders-replicas", "222222222222", "arn:aws:s3:::orders-replicas/orders-replicas/*"),
    );
    strictEqual(made.inputs("archive-inventory").name, "s3-replication-destination");
  });

  it("adds its statement to those that the owner of an existing destination bucket must add", async () => {
    const made = await deploy(() => {
      const destination = newDestination(
        destinationArgs({
          inventory: { bucketName: "orders-replicas", prefix: "lists", schedule: "Daily" },
          existingBucket: {},
          encryption: { algorithm: "AES256" },
        }),
      );
      return { statements: destination.requiredBucketPolicyStatements };
    });
    const { statements } = made.outputs("stack") as { statements: string };
    deepStrictEqual(
      (JSON.parse(statements) as unknown[]).at(-1),
      statement("orders-replicas", "222222222222", "arn:aws:s3:::orders-replicas/lists/orders-replicas/*"),
    );
  });
});
