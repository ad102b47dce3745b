import { deepStrictEqual, match, strictEqual } from "node:assert";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import { contract, destinationArgs, newDestination, newPair, newSource, sourceArgs } from "../support/pairs";
import { accountProvider, deploy, fail } from "../support/program";

/** For each resource, what AWS must have before it and data flow alone does not bring. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  "orders-replication": [
    "orders-versioning",
    "orders-policy",
    "orders-encryption",
    "orders-ownership",
    "orders-public-access-block",
    "orders-role-s3",
    "orders-role-kms",
    "archive-versioning",
    "archive-policy",
    "archive-encryption",
    "archive-ownership",
    "archive-public-access-block",
    "archive-key",
  ],
  "orders-policy": ["orders-public-access-block", "orders-ownership"],
  "archive-policy": ["archive-public-access-block", "archive-ownership"],
};

describe("the order of resources", () => {
  for (const preview of [false, true]) {
    const phase = preview ? "in the first preview" : "in the update";
    for (const [name, needed] of Object.entries(ORDER)) {
      it(`${phase} puts ${name} after what AWS needs before it`, async () => {
        const made = await deploy(() => void newPair(), { preview });
        const before = made.namesBefore(name);
        deepStrictEqual(
          needed.filter((other) => !before.includes(other)),
          [],
        );
      });
    }
  }

  it("says so in the resource itself, not through a chain that somebody may cut", async () => {
    const made = await deploy(() => void newPair());
    const direct = made
      .resource("orders-replication")
      .dependencies.map((urn) => urn.slice(urn.lastIndexOf("::") + 2));
    const ofTheSource = (ORDER["orders-replication"] ?? []).filter((name) => name.startsWith("orders-"));
    deepStrictEqual(
      ofTheSource.filter((name) => !direct.includes(name)),
      [],
    );
  });

  it("puts Object Lock and expiry after versioning", async () => {
    const made = await deploy(
      () =>
        void newDestination(
          destinationArgs({
            objectLockEnabled: true,
            defaultRetention: { mode: "GOVERNANCE", days: 1 },
            noncurrentVersionExpirationDays: 1,
          }),
        ),
    );
    for (const name of ["archive-object-lock", "archive-lifecycle"]) {
      strictEqual(made.namesBefore(name).includes("archive-versioning"), true, name);
    }
  });

  it("hands the order over to whoever uses the destination: its bucket ARN waits for the guards", async () => {
    const made = await deploy(
      () => {
        const destination = newDestination();
        new BucketVersioning(
          "after",
          { bucket: destination.bucketArn, versioningConfiguration: { status: "Enabled" } },
          { provider: accountProvider("222222222222", "eu-central-1", "other") },
        );
      },
      { preview: true },
    );
    const before = made.namesBefore("after");
    for (const guard of ["versioning", "policy", "encryption", "ownership", "public-access-block"]) {
      strictEqual(before.includes(`archive-${guard}`), true, guard);
    }
  });
});

describe("a program without the explicit order", () => {
  const rule = (bucketArn: string) => ({
    id: "everything",
    status: "Enabled",
    priority: 1,
    filter: { prefix: "" },
    deleteMarkerReplication: { status: "Disabled" },
    destination: { bucket: bucketArn },
  });

  it("is refused a replication configuration on a bucket that is not versioned yet, as by S3", async () => {
    const { message } = await fail(() => {
      const provider = accountProvider("111111111111");
      newDestination();
      const bucket = new Bucket("orders-bucket", { bucket: "orders" }, { provider });
      const replication = new BucketReplicationConfig(
        "orders-replication",
        { bucket: bucket.bucket, role: "arn:aws:iam::111111111111:role/x", rules: [rule("arn:aws:s3:::x")] },
        { provider },
      );
      new BucketVersioning(
        "orders-versioning",
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        { provider, dependsOn: replication },
      );
    });
    match(
      message,
      /InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration/,
    );
  });

  it("is refused a destination that is not there yet, as by S3", async () => {
    const { message } = await fail(() => void newSource(sourceArgs()));
    match(message, /InvalidRequest: Destination bucket must have versioning enabled\./);
  });

  it("is refused a destination that is not versioned yet, as by S3", async () => {
    const { message } = await fail(() => {
      const provider = accountProvider("222222222222", "eu-central-1");
      const bucket = new Bucket("replicas", { bucket: "orders-replicas" }, { provider });
      newSource(
        sourceArgs({ destinations: { replicas: { contract: { ...contract(), bucketArn: bucket.arn } } } }),
      );
    });
    match(message, /InvalidRequest: Destination bucket must have versioning enabled\./);
  });
});
