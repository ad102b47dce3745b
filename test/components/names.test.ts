import { deepStrictEqual, strictEqual } from "node:assert";
import {
  contract,
  deploySource,
  destinationArgs,
  newDestination,
  newPair,
  newSource,
  newWatch,
  sourceArgs,
  watchArgs,
} from "../support/pairs";
import { deploy, type Deployment } from "../support/program";

/**
 * Names and types of children are a contract: renaming one replaces somebody's bucket. Change a line here only together
 * with an alias and an entry in the changelog.
 */
const BUCKET_CHILDREN = [
  ["aws:kms/alias:Alias", "x-key-alias"],
  ["aws:kms/key:Key", "x-key"],
  ["aws:s3/bucket:Bucket", "x-bucket"],
  ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "x-lifecycle"],
  ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "x-object-lock"],
  ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", "x-ownership"],
  ["aws:s3/bucketPolicy:BucketPolicy", "x-policy"],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "x-public-access-block"],
  ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "x-encryption"],
  ["aws:s3/bucketVersioning:BucketVersioning", "x-versioning"],
];
const WATCH_CHILDREN = [
  ["aws:cloudwatch/dashboard:Dashboard", "x-dashboard"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "x-failed-operations-alarm"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "x-failures-alarm"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "x-latency-alarm"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "x-pending-bytes-alarm"],
  ["aws:s3/bucketNotification:BucketNotification", "x-notification"],
  ["aws:sqs/queue:Queue", "x-failures"],
  ["aws:sqs/queuePolicy:QueuePolicy", "x-failures-policy"],
];
/** What a source has besides. */
const SOURCE_CHILDREN = [
  ["aws:iam/role:Role", "x-batch-role"],
  ["aws:iam/role:Role", "x-role"],
  ["aws:iam/rolePolicy:RolePolicy", "x-batch-role-s3"],
  ["aws:iam/rolePolicy:RolePolicy", "x-role-kms"],
  ["aws:iam/rolePolicy:RolePolicy", "x-role-s3"],
  ["aws:s3/bucketReplicationConfig:BucketReplicationConfig", "x-replication"],
];

/** Everything that has children of its own choice. */
const EVERYTHING = {
  objectLockEnabled: true,
  defaultRetention: { mode: "GOVERNANCE", days: 1 },
  noncurrentVersionExpirationDays: 30,
};

const children = (made: Deployment) =>
  made.registrations.filter(({ type }) => type.startsWith("aws:")).map(({ type, name }) => [type, name]);
const sorted = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(" ")).sort();

describe("the children of a component", () => {
  it("of a ReplicationDestination have these types and names", async () => {
    const made = await deploy(() => void newDestination(destinationArgs(EVERYTHING), "x"));
    deepStrictEqual(sorted(children(made)), sorted(BUCKET_CHILDREN));
    strictEqual(made.resource("x").type, "s3-replication:index:ReplicationDestination");
  });

  it("of a ReplicationSource have these types and names", async () => {
    const destinations = { replicas: { contract: contract({ objectLockEnabled: true }) } };
    const monitoring = { dashboard: true };
    const batchReplication = {};
    const made = await deploySource(
      () => void newSource(sourceArgs({ ...EVERYTHING, destinations, monitoring, batchReplication }), "x"),
    );
    deepStrictEqual(
      sorted(children(made)),
      sorted([...BUCKET_CHILDREN, ...WATCH_CHILDREN, ...SOURCE_CHILDREN]),
    );
    strictEqual(made.resource("x").type, "s3-replication:index:ReplicationSource");
  });

  it("of a ReplicationWatch have the types and names of what watches a source, and no others", async () => {
    const args = watchArgs({ notification: {}, monitoring: { dashboard: true } });
    const made = await deploySource(() => void newWatch(args, "x"));
    deepStrictEqual(sorted(children(made)), sorted(WATCH_CHILDREN));
    strictEqual(made.resource("x").type, "s3-replication:index:ReplicationWatch");
  });

  it("of a ReplicationSource and a ReplicationWatch are alike but for the component that they belong to", async () => {
    const monitoring = { dashboard: true };
    const ofSource = await deploySource(() => void newSource(sourceArgs({ monitoring }), "x"));
    const ofWatch = await deploySource(() => void newWatch(watchArgs({ notification: {}, monitoring }), "x"));
    const watching = (made: Deployment) =>
      made.registrations
        .filter(({ name, type }) => WATCH_CHILDREN.some((row) => row.join() === [type, name].join()))
        .map(({ name, inputs, urn }) => ({ name, inputs, parent: urn.split("$")[0] }))
        .sort((one, other) => one.name.localeCompare(other.name));
    const named = (component: string) =>
      watching(ofSource).map((child) => ({
        ...child,
        parent: child.parent?.replace("ReplicationSource", component),
      }));
    deepStrictEqual(watching(ofSource), named("ReplicationSource"));
    deepStrictEqual(watching(ofWatch), named("ReplicationWatch"));
    strictEqual(watching(ofWatch).length, WATCH_CHILDREN.length);
  });

  it("all have their component as parent, and its provider", async () => {
    const made = await deploy(() => void newPair());
    for (const component of ["archive", "orders"]) {
      const { urn } = made.resource(component);
      const provider = made.resource(`${component}-account`);
      const own = made.registrations.filter(({ parent }) => parent === urn);
      const which = own.map((registration) => registration.name);
      strictEqual(which.length >= 8, true, `${component} has ${which.join(", ")}`);
      deepStrictEqual(
        own.map((child) => child.name.startsWith(`${component}-`)),
        own.map(() => true),
      );
      deepStrictEqual(
        own.map((child) => child.provider.startsWith(`${provider.urn}::`)),
        own.map(() => true),
      );
    }
    const orphans = made.registrations.filter(
      ({ type, parent }) => type.startsWith("aws:") && !parent.includes("s3-replication:index:"),
    );
    deepStrictEqual(orphans, []);
  });

  it("have URNs of their own where a program has several pairs", async () => {
    const made = await deploy(() => {
      newPair();
      const second = newDestination(destinationArgs({ bucketName: "more-replicas" }), "more-archive");
      newSource(
        sourceArgs({
          bucketName: "more-orders",
          roleName: "more",
          destinations: {
            replicas: { contract: { ...contract(), bucketArn: second.bucketArn, sources: grantToMore } },
          },
        }),
        "more-orders",
      );
    });
    const urns = made.registrations.map(({ urn }) => urn);
    deepStrictEqual([...new Set(urns)], urns);
  });
});

const grantToMore = [
  {
    roleArn: "arn:aws:iam::111111111111:role/more",
    tags: true,
    deleteMarkerReplication: false,
    ownerOverride: true,
  },
];

describe("the outputs of a component", () => {
  it("of a ReplicationDestination say where it is and what it grants", async () => {
    const made = await deploy(() => {
      const {
        bucketName,
        bucketArn,
        keyArn,
        requiredKeyPolicyStatements,
        contract: terms,
      } = newDestination();
      return { bucketName, bucketArn, keyArn, requiredKeyPolicyStatements, contract: terms };
    });
    const [keyArn] = Object.keys(made.snapshot.keys);
    deepStrictEqual(made.outputs("stack"), {
      bucketName: "orders-replicas",
      bucketArn: "arn:aws:s3:::orders-replicas",
      keyArn,
      requiredKeyPolicyStatements: undefined,
      contract: {
        version: 1,
        accountId: "222222222222",
        region: "eu-central-1",
        partition: "aws",
        bucketArn: "arn:aws:s3:::orders-replicas",
        keyArn,
        encryption: "aws:kms",
        bucketKeyEnabled: true,
        objectOwnership: "BucketOwnerEnforced",
        objectLockEnabled: false,
        sources: [
          {
            roleArn: "arn:aws:iam::111111111111:role/s3-replication",
            tags: true,
            deleteMarkerReplication: false,
            ownerOverride: true,
          },
        ],
      },
    });
  });

  it("of a ReplicationSource say what people and the command line need to find it again", async () => {
    const made = await deploySource(() => {
      const rules = [{ id: "a", prefix: "a/" }, { id: "b" }];
      const source = newSource(sourceArgs({ rules, batchReplication: {} }));
      const { bucketName, bucketArn, keyArn, roleArn, ruleIds, destinationBuckets } = source;
      const { batchReplicationRoleArn } = source;
      return {
        bucketName,
        bucketArn,
        keyArn,
        roleArn,
        ruleIds,
        destinationBuckets,
        batchReplicationRoleArn,
      };
    });
    deepStrictEqual(made.outputs("stack"), {
      bucketName: "orders",
      bucketArn: "arn:aws:s3:::orders",
      keyArn: Object.keys(made.snapshot.keys)[0],
      roleArn: "arn:aws:iam::111111111111:role/s3-replication",
      ruleIds: ["a", "b"],
      batchReplicationRoleArn: "arn:aws:iam::111111111111:role/s3-replication-batch",
      destinationBuckets: {
        replicas: {
          accountId: "222222222222",
          region: "eu-central-1",
          bucketArn: "arn:aws:s3:::orders-replicas",
        },
      },
    });
  });

  it("have no key with SSE-S3", async () => {
    const made = await deploy(() => {
      const destination = newDestination(destinationArgs({ encryption: { algorithm: "AES256" } }));
      return { keyArn: destination.keyArn, contract: destination.contract };
    });
    const { keyArn, contract: terms } = made.outputs("stack") as { keyArn: unknown; contract: object };
    strictEqual(keyArn, undefined);
    strictEqual((terms as { keyArn?: unknown }).keyArn, undefined);
    strictEqual((terms as { encryption: string }).encryption, "AES256");
    strictEqual((terms as { bucketKeyEnabled: boolean }).bucketKeyEnabled, false);
  });
});
