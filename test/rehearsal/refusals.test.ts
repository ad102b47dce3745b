import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { changeBucket, DESTINATION, rehearseWith, rule, setRules, SOURCE } from "../support/handMade";

const TAG = { Tag: { Key: "a", Value: "b" } };
const OFF = { DeleteMarkerReplication: { Status: "Disabled" } } as const;

/** What S3 refuses to take, in its own words where they are known. */
const REFUSALS: readonly (readonly [string, (snapshot: Snapshot) => unknown, string])[] = [
  [
    "a source that is not versioned",
    (s) => changeBucket(s, SOURCE, { versioning: null }),
    "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration",
  ],
  [
    "a source whose versioning is suspended",
    (s) => changeBucket(s, SOURCE, { versioning: "Suspended" }),
    "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration",
  ],
  [
    "a destination that is not versioned",
    (s) => changeBucket(s, DESTINATION, { versioning: null }),
    "InvalidRequest: Destination bucket must have versioning enabled.",
  ],
  [
    "a bucket that replicates into itself",
    (s) => setRules(s, rule({ Destination: { ...rule().Destination, Bucket: SOURCE } })),
    "InvalidRequest: the destination bucket must be another one than the source bucket",
  ],
  ["no rules", (s) => setRules(s), "MalformedXML: a replication configuration must hold at least one rule"],
  [
    "1,001 rules",
    (s) =>
      setRules(s, ...Array.from({ length: 1001 }, (_, index) => rule({ ID: `r${index}`, Priority: index }))),
    "InvalidRequest: at most 1,000 rules are allowed, got 1001",
  ],
  [
    "the same priority twice",
    (s) => setRules(s, rule({ ID: "a" }), rule({ ID: "b" })),
    "InvalidRequest: priorities of rules must be unique, found 1 more than once",
  ],
  [
    "the same id twice",
    (s) => setRules(s, rule(), rule({ Priority: 2 })),
    "InvalidArgument: rule IDs must be unique, found 'all' more than once",
  ],
  [
    "a filter without a priority",
    (s) => setRules(s, rule({ Priority: undefined })),
    "InvalidRequest: rule 'all' has a Filter, so it needs Priority and DeleteMarkerReplication",
  ],
  [
    "a filter without a word on delete markers",
    (s) => setRules(s, rule({ DeleteMarkerReplication: undefined })),
    "InvalidRequest: rule 'all' has a Filter, so it needs Priority and DeleteMarkerReplication",
  ],
  [
    "delete markers with a tag",
    (s) => setRules(s, rule({ Filter: TAG })),
    "InvalidRequest: rule 'all': delete marker replication cannot be used with a filter on tags",
  ],
  [
    "delete markers with a prefix and a tag",
    (s) => setRules(s, rule({ Filter: { And: { Prefix: "a/", Tags: [TAG.Tag] } } })),
    "InvalidRequest: rule 'all': delete marker replication cannot be used with a filter on tags",
  ],
  [
    "Replication Time Control without metrics",
    (s) =>
      setRules(
        s,
        rule({}, { Metrics: undefined, ReplicationTime: { Status: "Enabled", Time: { Minutes: 15 } } }),
      ),
    "InvalidRequest: rule 'all': Replication Time Control needs Metrics",
  ],
  [
    "SSE-KMS objects without a key for the replicas",
    (s) => setRules(s, rule({}, { EncryptionConfiguration: undefined })),
    "InvalidRequest: rule 'all' selects SSE-KMS objects, so it needs a ReplicaKmsKeyID",
  ],
  [
    "an owner override without an account",
    (s) => setRules(s, rule({}, { AccessControlTranslation: { Owner: "Destination" } })),
    "InvalidRequest: rule 'all' overrides the owner, so it needs the Account of the destination",
  ],
  [
    "existing objects",
    (s) => setRules(s, rule({ ExistingObjectReplication: { Status: "Enabled" } })),
    "MalformedXML: rule 'all': ExistingObjectReplication is not accepted; use S3 Batch Replication",
  ],
];

describe("a replication configuration that S3 refuses", () => {
  for (const [what, change, message] of REFUSALS) {
    it(`is broken: ${what}`, () => {
      const { verdict, refusals } = rehearseWith(change);
      deepStrictEqual(refusals, [{ bucket: SOURCE, message }]);
      strictEqual(verdict, "broken");
    });
  }

  it("is none of these, which S3 takes", () => {
    const taken: Parameters<typeof setRules>[1][][] = [
      [rule({ Filter: TAG, ...OFF })],
      [rule({ Filter: undefined, Priority: undefined, DeleteMarkerReplication: undefined, Prefix: "a/" })],
      [rule({}, { Metrics: undefined })],
      [rule({ ID: undefined }), rule({ ID: undefined, Priority: 2 })],
      [rule({ SourceSelectionCriteria: undefined }, { EncryptionConfiguration: undefined })],
    ];
    for (const rules of taken) {
      deepStrictEqual(rehearseWith((s) => setRules(s, ...rules)).refusals, []);
    }
  });

  it("is told of each bucket, each refusal once", () => {
    const { refusals } = rehearseWith((s) => {
      changeBucket(s, DESTINATION, { versioning: null });
      setRules(s, rule(), rule({ ID: "b", Priority: 2 }));
    });
    strictEqual(refusals.length, 1);
    match(refusals[0]?.message ?? "", /^InvalidRequest: Destination bucket/);
  });
});
