import { deepStrictEqual, match, strictEqual } from "node:assert";
import { runProgram } from "../../src/readers/program/fromProgram";
import program from "../../src/program/program";
import { describeAccounts } from "../../src/rehearsal/report/accounts";
import { rehearse } from "../../src/rehearsal/rehearse";
import { snapshotOf } from "../support/examples";
import { contract, destinationArgs, keyArn, sourceArgs } from "../support/pairs";

const SAID = {
  encryption: { algorithm: "AES256" },
  objectLockEnabled: false,
  existingBucket: { objectOwnership: "BucketOwnerEnforced", policy: "none" },
};

const reportOf = async (destination?: object, source?: object) =>
  rehearse((await accountsOf(destination, source)).snapshot);

/** The accounts of a pair of existing buckets, of which everything is said but what a test changes. */
function accountsOf(destination: object = {}, source: object = {}) {
  return runProgram(
    program,
    [
      {
        name: "destination",
        config: { "s3-replication:destination": { ...destinationArgs(), ...SAID, ...destination } },
      },
      {
        name: "source",
        config: {
          "s3-replication:source": {
            ...sourceArgs(),
            ...SAID,
            destinations: { replicas: { stack: "organization/s3-replication/destination" } },
            ...source,
          },
        },
      },
    ],
    { project: "s3-replication" },
  );
}

const ASSUMED = /^the bucket (\S+) exists already and is as the program says or takes for granted: (.+)$/;

describe("buckets that exist, of which everything is said", () => {
  it("are proven, and the report says what that rests on", async () => {
    const { verdict, unread, assumptions } = await reportOf();
    deepStrictEqual([verdict, unread], ["proven", []]);
    deepStrictEqual(
      assumptions.flatMap((assumption) => {
        const [, bucket, what] = ASSUMED.exec(assumption) ?? [];
        return bucket === undefined ? [] : [[bucket, what]];
      }),
      [
        // The destination puts its policy: that is no assumption.
        [
          "arn:aws:s3:::orders-replicas",
          "versioning, that it is not Requester Pays, Object Ownership, encryption, Object Lock",
        ],
        [
          "arn:aws:s3:::orders",
          "versioning, that it is not Requester Pays, Object Ownership, policy, encryption, Object Lock",
        ],
      ],
    );
  });

  it("are broken by a policy that denies what the role needs", async () => {
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Deny", Principal: "*", Action: "s3:GetObjectVersion*", Resource: "arn:aws:s3:::orders/*" },
      ],
    });
    const existingBucket = { ...SAID.existingBucket, policy };
    const { verdict } = await reportOf({}, { existingBucket });
    strictEqual(verdict, "broken");
  });
});

describe("the accounts of a report", () => {
  it("say of a bucket that it exists already, and which of its settings nobody read or said", async () => {
    const { snapshot } = await accountsOf({ existingBucket: {} });
    const settings = describeAccounts(snapshot, []).flatMap(({ buckets }) =>
      buckets.map((bucket) => bucket.settings),
    );
    deepStrictEqual(settings, [
      ["exists already", "versioning Enabled", "SSE-S3", "not read: ownership, policy"],
      ["exists already", "versioning Enabled", "SSE-S3", "BucketOwnerEnforced"],
    ]);
  });
});

describe("buckets that exist, of which something is not said", () => {
  const { objectOwnership, policy } = SAID.existingBucket;
  const SILENT: readonly [string, "source" | "destination", object, RegExp][] = [
    [
      "the policy of the source",
      "source",
      { existingBucket: { objectOwnership } },
      /'policy' of the bucket arn:aws:s3:::orders /,
    ],
    [
      "the policy of the destination",
      "destination",
      { existingBucket: { objectOwnership } },
      /'policy' of the bucket arn:aws:s3:::orders-replicas/,
    ],
    [
      "Object Ownership of the destination",
      "destination",
      { existingBucket: { policy } },
      /'ownership' of the bucket arn:aws:s3:::orders-replicas/,
    ],
    [
      "Object Lock of the source",
      "source",
      { objectLockEnabled: undefined },
      /'objectLock' of the bucket arn:aws:s3:::orders /,
    ],
    [
      "Object Lock of the destination",
      "destination",
      { objectLockEnabled: undefined },
      /'objectLock' of the bucket arn:aws:s3:::orders-replicas/,
    ],
  ];
  for (const [what, side, change, expected] of SILENT) {
    it(`are unproven, and the report says so: ${what}`, async () => {
      const { verdict, unread } = await (side === "source" ? reportOf({}, change) : reportOf(change));
      strictEqual(verdict, "unproven");
      match(unread.join("\n"), expected);
    });
  }

  it("are unproven where the kind of Bucket Key is not said, or nobody read the policy of the key", async () => {
    const key = { keyArn: keyArn("111111111111", "eu-west-1") };
    const rules = [{ id: "everything", replicaKmsKeyArn: contract().keyArn }];
    const silent = await reportOf({}, { encryption: key, rules });
    deepStrictEqual(
      [silent.verdict, silent.unread],
      ["unproven", ["'encryption.bucketKeyEnabled' of the bucket arn:aws:s3:::orders could not be read"]],
    );
    strictEqual(
      silent.objects.some(({ reason = "" }) => /'encryption' of the source bucket/.test(reason)),
      false,
    );
    const keys = silent.objects.map(({ key }) => key.replace("everything/", ""));
    deepStrictEqual(
      keys.filter((key) => key.startsWith("kms")),
      ["kms", "kms-bucket-key"],
    );
    const said = await reportOf({}, { encryption: { ...key, bucketKeyEnabled: true }, rules });
    strictEqual(said.verdict, "unproven");
    match(JSON.stringify(said.objects), /the source object's key is not in the snapshot/);
  });

  it("are unproven with a role that exists: nobody read whom it trusts", async () => {
    for (const existingRole of [{}, { putPolicies: true }]) {
      const { verdict, unread } = await reportOf({}, { existingRole });
      strictEqual(verdict, "unproven");
      match(unread.join("\n"), /'trust' of the role arn:aws:iam::111111111111:role\/s3-replication/);
    }
  });
});

describe("a bucket that one side makes and the other one calls existing", () => {
  it("is as it is made: nothing is assumed of it", async () => {
    const { assumptions, verdict } = rehearse(await snapshotOf("two-way"));
    strictEqual(verdict, "proven");
    deepStrictEqual(
      assumptions.filter((assumption) => ASSUMED.test(assumption)),
      [],
    );
  });
});
