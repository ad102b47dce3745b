import { deepStrictEqual, match, strictEqual } from "node:assert";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Key } from "@pulumi/aws/kms/key";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import { accountProvider, deploy, fail } from "../support/program";

const ACCOUNT = "111111111111";
const opts = () => ({ provider: accountProvider(ACCOUNT) });
const policyFor = (principal: unknown) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "s3:ReplicateObject", Resource: "*" }],
  });
const ROLE = "arn:aws:iam::333333333333:role/missing";
const OWN_ROLE = `arn:aws:iam::${ACCOUNT}:role/missing`;

/** Two versioned buckets, one in front of the other. */
function versionedBuckets(status = "Enabled") {
  const options = opts();
  const bucket = new Bucket("source", { bucket: "source" }, options);
  const versioning = new BucketVersioning(
    "source",
    { bucket: bucket.bucket, versioningConfiguration: { status } },
    options,
  );
  const replicas = new Bucket("replicas", { bucket: "replicas" }, options);
  const more = new BucketVersioning(
    "replicas",
    { bucket: replicas.bucket, versioningConfiguration: { status: "Enabled" } },
    options,
  );
  return { bucket, options: { ...options, dependsOn: [versioning, more] } };
}

const replicationRule = (change: object = {}) => ({
  id: "a",
  status: "Enabled",
  priority: 1,
  filter: { prefix: "" },
  deleteMarkerReplication: { status: "Disabled" },
  destination: { bucket: "arn:aws:s3:::replicas" },
  ...change,
});

function replicate(
  rules: ReturnType<typeof replicationRule>[],
  { status, role = OWN_ROLE }: { status?: string; role?: string } = {},
) {
  const { bucket, options } = versionedBuckets(status);
  return new BucketReplicationConfig("r", { bucket: bucket.bucket, role, rules }, options);
}

/** Programs that AWS stops, and what it says. */
const REFUSALS: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "a bucket name that another account has",
    () => {
      const first = new Bucket("a", { bucket: "taken" }, opts());
      const provider = accountProvider("222222222222");
      new Bucket("b", { bucket: "taken" }, { provider, dependsOn: first });
    },
    /^BucketAlreadyExists: the bucket name 'taken' is taken; bucket names are unique across all accounts$/,
  ],
  [
    "a bucket that the account has already",
    () => {
      const options = opts();
      new Bucket("a", { bucket: "mine" }, options);
      new Bucket("b", { bucket: "mine" }, options);
    },
    /^BucketAlreadyOwnedByYou: the bucket 'mine' exists already$/,
  ],
  [
    "a new bucket with an ACL that gives others access",
    () => new Bucket("a", { bucket: "logs", acl: "log-delivery-write" }, opts()),
    /^InvalidBucketAclWithObjectOwnership: the bucket 'logs' is to have the ACL 'log-delivery-write', and new buckets have ACLs disabled$/,
  ],
  [
    "a bucket policy that names a role that does not exist",
    () => {
      const options = opts();
      const bucket = new Bucket("a", { bucket: "mine" }, options);
      new BucketPolicy("a", { bucket: bucket.bucket, policy: policyFor({ AWS: ROLE }) }, options);
    },
    /^MalformedPolicy: Invalid principal in policy: arn:aws:iam::333333333333:role\/missing$/,
  ],
  [
    "a key policy that names a role that does not exist",
    () => new Key("k", { policy: policyFor({ AWS: [`arn:aws:iam::${ACCOUNT}:root`, ROLE] }) }, opts()),
    /^MalformedPolicyDocumentException: .*invalid principals: arn:aws:iam::333333333333:role\/missing$/,
  ],
  [
    "a policy that is no JSON",
    () => new Key("k", { policy: "{" }, opts()),
    /^MalformedPolicy: Policies must be valid JSON$/,
  ],
  [
    "a setting of a bucket that does not exist",
    () =>
      new BucketVersioning("v", { bucket: "none", versioningConfiguration: { status: "Enabled" } }, opts()),
    /^NoSuchBucket: The bucket 'none' does not exist$/,
  ],
  [
    "a setting of another account's bucket",
    () => {
      const { bucket } = new Bucket("a", { bucket: "theirs" }, { provider: accountProvider("222222222222") });
      new BucketVersioning("v", { bucket, versioningConfiguration: { status: "Enabled" } }, opts());
    },
    /^AccessDenied: account 111111111111 may not configure the bucket 'theirs'$/,
  ],
  [
    "a role name that the account has already, under another path",
    () => {
      const options = opts();
      new Role("a", { name: "r", assumeRolePolicy: "{}" }, options);
      new Role("b", { name: "r", path: "/x/", assumeRolePolicy: "{}" }, options);
    },
    /^EntityAlreadyExists: Role with name r already exists in account 111111111111$/,
  ],
  [
    "a policy of a role that does not exist",
    () => new RolePolicy("p", { role: "none", policy: "{}" }, opts()),
    /^NoSuchEntity: The role with name none cannot be found in account 111111111111$/,
  ],
  [
    "Object Lock without versioning",
    () => {
      const options = opts();
      const { bucket } = new Bucket("a", { bucket: "mine" }, options);
      new BucketObjectLockConfiguration("l", { bucket }, options);
    },
    /^InvalidBucketState: Versioning must be 'Enabled'/,
  ],
  [
    "the end of versioning under a replication configuration",
    () => {
      const replication = replicate([replicationRule()]);
      new BucketVersioning(
        "suspend",
        { bucket: "source", versioningConfiguration: { status: "Suspended" } },
        { provider: accountProvider(ACCOUNT, "eu-west-1", "again"), dependsOn: replication },
      );
    },
    /^InvalidBucketState: A replication configuration is present on this bucket, so you cannot change/,
  ],
  [
    "a replication configuration on a suspended bucket",
    () => replicate([replicationRule()], { status: "Suspended" }),
    /^InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration$/,
  ],
  [
    "a destination that does not exist",
    () => replicate([replicationRule({ destination: { bucket: "arn:aws:s3:::none" } })]),
    /^InvalidRequest: Destination bucket must have versioning enabled\.$/,
  ],
  ["no rules", () => replicate([]), /^MalformedXML: /],
  [
    "a role of another account",
    () => replicate([replicationRule()], { role: ROLE }),
    /^AccessDenied: not authorized to perform: iam:PassRole on resource: arn:aws:iam::333333333333:role/,
  ],
  [
    "delete markers in a rule without a filter",
    () => replicate([replicationRule({ filter: undefined, priority: undefined })]),
    /^InvalidRequest: rule 'a': DeleteMarkerReplication cannot be used for this version/,
  ],
  [
    "a threshold without Replication Time Control",
    () =>
      replicate([
        replicationRule({
          destination: {
            bucket: "arn:aws:s3:::replicas",
            metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
          },
        }),
      ]),
    /^InvalidArgument: rule 'a': Metrics cannot contain an event threshold when ReplicationTime is not/,
  ],
  [
    "the same priority twice",
    () => replicate([replicationRule(), replicationRule({ id: "b" })]),
    /^InvalidRequest: rule 'b': Found duplicate priority 1\.$/,
  ],
  [
    "delete markers with a tag",
    () =>
      replicate([
        replicationRule({
          filter: { tag: { key: "k", value: "v" } },
          deleteMarkerReplication: { status: "Enabled" },
        }),
      ]),
    /^InvalidRequest: rule 'a': Delete marker replication is not supported if any Tag filter is specified\./,
  ],
  [
    "Replication Time Control without metrics",
    () =>
      replicate([
        replicationRule({
          destination: {
            bucket: "arn:aws:s3:::replicas",
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
          },
        }),
      ]),
    /^InvalidRequest: rule 'a': Replication destination must contain both ReplicationTime and Metrics or neither\.$/,
  ],
];

describe("the accounts in memory refuse", () => {
  for (const [what, make, expected] of REFUSALS) {
    it(what, async () => {
      const { message, error } = await fail(() => void make());
      // Before AWS's words stands what it refuses, and behind them who has a name that is taken.
      match(message.replace(/^stack '\w+', \S+ '\w+': /, "").replace(/; stack '.*$/, ""), expected);
      strictEqual(error.name, "AwsRefusal");
    });
  }
});

describe("the accounts in memory accept", () => {
  it("a policy that names the root of any account, or a role that exists", async () => {
    const made = await deploy(() => {
      const options = opts();
      const role = new Role("r", { name: "r", path: "/p/", assumeRolePolicy: "{}" }, options);
      const bucket = new Bucket("a", { bucket: "mine" }, options);
      const named = { AWS: ["arn:aws:iam::999999999999:root", `arn:aws:iam::${ACCOUNT}:role/p/r`] };
      new BucketPolicy(
        "a",
        { bucket: bucket.bucket, policy: policyFor(named) },
        { ...options, dependsOn: role },
      );
    });
    deepStrictEqual(Object.keys(made.snapshot.accounts[ACCOUNT]?.roles ?? {}), [
      `arn:aws:iam::${ACCOUNT}:role/p/r`,
    ]);
  });

  it("a rule that uses everything, and keep it in the API's own shape", async () => {
    const made = await deploy(
      () =>
        void replicate([
          replicationRule({
            filter: {
              and: { prefix: "p", tags: { a: "1" } },
            },
          }),
        ]),
    );
    deepStrictEqual(made.snapshot.buckets["arn:aws:s3:::source"]?.replication, {
      Role: OWN_ROLE,
      Rules: [
        {
          ID: "a",
          Priority: 1,
          Status: "Enabled",
          Filter: { And: { Prefix: "p", Tags: [{ Key: "a", Value: "1" }] } },
          DeleteMarkerReplication: { Status: "Disabled" },
          Destination: { Bucket: "arn:aws:s3:::replicas" },
        },
      ],
    });
  });

  it("a rule with neither a filter nor a prefix, of which the provider makes an empty prefix without a priority", async () => {
    const { snapshot } = await deploy(
      () =>
        void replicate([
          replicationRule({ filter: undefined, deleteMarkerReplication: undefined, priority: 7 }),
        ]),
    );
    deepStrictEqual(snapshot.buckets["arn:aws:s3:::source"]?.replication?.Rules, [
      { ID: "a", Status: "Enabled", Prefix: "", Destination: { Bucket: "arn:aws:s3:::replicas" } },
    ]);
  });

  it("a prefix beside a tag, of which the provider makes an And", async () => {
    const { snapshot } = await deploy(
      () => void replicate([replicationRule({ filter: { prefix: "p", tag: { key: "k", value: "v" } } })]),
    );
    deepStrictEqual(snapshot.buckets["arn:aws:s3:::source"]?.replication?.Rules[0]?.Filter, {
      And: { Prefix: "p", Tags: [{ Key: "k", Value: "v" }] },
    });
  });

  it("what a resource without a provider is only where an account is said", async () => {
    const { message } = await fail(() => void new Bucket("a", { bucket: "mine" }));
    match(message, /^aws:s3\/bucket:Bucket 'a' has no provider with allowedAccountIds/);
  });
});
