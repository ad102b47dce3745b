import { deepStrictEqual, strictEqual } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { ReplicationDestinationArgs, ReplicationSourceArgs } from "../../src";
import {
  contract,
  deploySource,
  destinationArgs,
  keyArn,
  newDestination,
  newSource,
  sourceArgs,
} from "../support/pairs";
import { deploy, type Deployment, replicates } from "../support/program";

/** What both sides have in common: each test runs on each of them. */
type BucketChange = Partial<Omit<ReplicationDestinationArgs & ReplicationSourceArgs, "sources" | "rules">>;

/** A source with Object Lock needs a destination that has it too. */
const LOCKED_DESTINATION = { replicas: { contract: contract({ objectLockEnabled: true }) } };

const SIDES = {
  destination: {
    accountId: "222222222222",
    region: "eu-central-1",
    bucketName: "orders-replicas",
    deploy: (change: BucketChange = {}) => deploy(() => void newDestination(destinationArgs(change), "side")),
  },
  source: {
    accountId: "111111111111",
    region: "eu-west-1",
    bucketName: "orders",
    deploy: (change: BucketChange = {}) =>
      deploySource(() => void newSource(sourceArgs({ destinations: LOCKED_DESTINATION, ...change }), "side")),
  },
} as const;

for (const [side, { accountId, region, bucketName, deploy: deploySide }] of Object.entries(SIDES)) {
  describe(`the bucket of a ${side}`, () => {
    let made: Deployment;
    before(async () => {
      made = await deploySide();
    });

    it("is made in the account-regional namespace where its name is of it", async () => {
      const regional = `${bucketName}-${accountId}-${region}-an`;
      const deployed = await deploySide({ bucketName: regional });
      strictEqual(deployed.inputs("side-bucket").bucketNamespace, "account-regional");
    });

    it("has the name of the arguments, and no forceDestroy", () => {
      deepStrictEqual(made.inputs("side-bucket"), { region, bucket: bucketName, forceDestroy: false });
    });

    it("is versioned", () => {
      deepStrictEqual(made.inputs("side-versioning"), {
        region,
        bucket: bucketName,
        versioningConfiguration: { status: "Enabled" },
      });
    });

    it("encrypts under a key of its own with a Bucket Key, and blocks SSE-C", () => {
      const [arn] = Object.keys(made.snapshot.keys);
      deepStrictEqual(made.inputs("side-encryption"), {
        region,
        bucket: bucketName,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: arn },
            bucketKeyEnabled: true,
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      });
    });

    it("makes that key with rotation and the longest time to think about a deletion", () => {
      const { policy, ...inputs } = made.inputs("side-key");
      deepStrictEqual(inputs, {
        region,
        description: `Objects of the S3 bucket ${bucketName}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      });
      strictEqual(typeof policy, "string");
    });

    it("gives the key an alias after the bucket", () => {
      const [arn] = Object.keys(made.snapshot.keys);
      deepStrictEqual(made.inputs("side-key-alias"), {
        region,
        name: `alias/s3-replication/${bucketName}`,
        targetKeyId: arn?.split("/")[1],
      });
    });

    it("writes the dots of its name as underscores in the alias", async () => {
      const dotted = await deploySide({ bucketName: "a.bucket.with.dots" });
      strictEqual(dotted.inputs("side-key-alias").name, "alias/s3-replication/a_bucket_with_dots");
    });

    it("lets the key's account administer the key, and keeps the lockout check", () => {
      const [first] = made.document("side-key").Statement;
      deepStrictEqual(first, {
        Sid: "AdministerKey",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      });
      strictEqual("bypassPolicyLockoutSafetyCheck" in made.inputs("side-key"), false);
    });

    it("leaves every object to its owner", () => {
      deepStrictEqual(made.inputs("side-ownership"), {
        region,
        bucket: bucketName,
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
    });

    it("blocks all public access", () => {
      deepStrictEqual(made.inputs("side-public-access-block"), {
        region,
        bucket: bucketName,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    });

    it("denies everybody everything without TLS", () => {
      const [first] = made.document("side-policy").Statement;
      deepStrictEqual(first, {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    });

    it("has neither Object Lock nor a lifecycle of its own accord", () => {
      const names = made.registrations.map((registration) => registration.name);
      deepStrictEqual(
        names.filter((name) => /object-lock|lifecycle/.test(name)),
        [],
      );
    });

    it("says its Region in every resource, whatever the provider's Region is", () => {
      const regional = made.registrations.filter(({ type }) => /^aws:(s3|kms)/.test(type));
      deepStrictEqual(
        regional.map((registration) => [registration.name, registration.inputs.region]),
        regional.map((registration) => [registration.name, region]),
      );
      strictEqual(regional.length >= 8, true);
    });

    it("can do without Bucket Keys", async () => {
      const other = await deploySide({ encryption: { bucketKeyEnabled: false } });
      const [rule] = other.inputs("side-encryption").rules as { bucketKeyEnabled: boolean }[];
      strictEqual(rule?.bucketKeyEnabled, false);
    });

    const given = keyArn(accountId, region);
    for (const [form, keyArn] of Object.entries({ "a text": given, "an Output": pulumi.output(given) })) {
      it(`encrypts under a key that is given as ${form}, and makes none`, async () => {
        const other = await deploySide({ encryption: { keyArn } });
        const [rule] = other.inputs("side-encryption").rules as EncryptionRule[];
        deepStrictEqual(rule?.applyServerSideEncryptionByDefault, {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: given,
        });
        deepStrictEqual(other.snapshot.keys, {});
      });
    }

    it("encrypts with SSE-S3 where that is asked for, still without SSE-C", async () => {
      const other = await deploySide({ encryption: { algorithm: "AES256" } });
      deepStrictEqual(other.inputs("side-encryption").rules, [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          blockedEncryptionTypes: ["SSE-C"],
        },
      ]);
      deepStrictEqual(other.snapshot.keys, {});
    });

    it("can have Object Lock, with a default retention", async () => {
      const other = await deploySide({
        objectLockEnabled: true,
        defaultRetention: { mode: "COMPLIANCE", years: 7 },
      });
      strictEqual(other.inputs("side-bucket").objectLockEnabled, true);
      deepStrictEqual(other.inputs("side-object-lock"), {
        region,
        bucket: bucketName,
        rule: { defaultRetention: { mode: "COMPLIANCE", years: 7 } },
      });
    });

    it("can have Object Lock without a default retention", async () => {
      const other = await deploySide({ objectLockEnabled: true });
      strictEqual(other.snapshot.buckets[`arn:aws:s3:::${bucketName}`]?.objectLock, true);
      strictEqual(
        other.registrations.some(({ name }) => name === "side-object-lock"),
        false,
      );
    });

    it("can let noncurrent versions expire, and nothing else", async () => {
      const other = await deploySide({ noncurrentVersionExpirationDays: 90 });
      deepStrictEqual(other.inputs("side-lifecycle"), {
        region,
        bucket: bucketName,
        rules: [
          {
            id: "expire-noncurrent-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: 90 },
          },
        ],
      });
    });

    it("tags the bucket, the key and the role", async () => {
      const tags = { team: "storage", "cost-centre": "4711" };
      const other = await deploySide({ tags });
      const tagged = other.registrations.filter(({ inputs }) => inputs.tags !== undefined);
      deepStrictEqual(
        tagged.filter(replicates).map(({ name, inputs }) => [name, inputs.tags]),
        (side === "source" ? ["side-role", "side-key", "side-bucket"] : ["side-key", "side-bucket"]).map(
          (name) => [name, tags],
        ),
      );
    });
  });
}

interface EncryptionRule {
  applyServerSideEncryptionByDefault: unknown;
}
