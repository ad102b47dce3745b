import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { changeBucket, DESTINATION, rehearseWith, rule, setRules, SOURCE } from "../support/handMade";

const NOT_WELL_FORMED =
  "The XML you provided was not well-formed or did not validate against our published schema";
const VERSION =
  "for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.";

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
    "InvalidRequest: rule 'all': Destination bucket cannot be the same as the source bucket.",
  ],
  ["no rules", (s) => setRules(s), `MalformedXML: ${NOT_WELL_FORMED} (no rules)`],
  [
    "1,001 rules",
    (s) =>
      setRules(s, ...Array.from({ length: 1001 }, (_, index) => rule({ ID: `r${index}`, Priority: index }))),
    "InvalidRequest: The number of replication rules must not exceed the allowed limit of 1000 rules.",
  ],
  [
    "the same priority twice",
    (s) => setRules(s, rule({ ID: "a" }), rule({ ID: "b" })),
    "InvalidRequest: rule 'b': Found duplicate priority 1.",
  ],
  [
    "the same id twice",
    (s) => setRules(s, rule(), rule({ Priority: 2 })),
    "InvalidArgument: rule 'all': Rule Id must be unique",
  ],
  [
    "a filter without a priority",
    (s) => setRules(s, rule({ Priority: undefined })),
    `InvalidRequest: rule 'all': Priority must be specified ${VERSION}`,
  ],
  [
    "a filter without a word on delete markers",
    (s) => setRules(s, rule({ DeleteMarkerReplication: undefined })),
    `InvalidRequest: rule 'all': DeleteMarkerReplication must be specified ${VERSION}`,
  ],
  [
    "delete markers with a tag",
    (s) => setRules(s, rule({ Filter: TAG })),
    "InvalidRequest: rule 'all': Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.",
  ],
  [
    "delete markers with a prefix and a tag",
    (s) => setRules(s, rule({ Filter: { And: { Prefix: "a/", Tags: [TAG.Tag] } } })),
    "InvalidRequest: rule 'all': Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.",
  ],
  [
    "Replication Time Control without metrics",
    (s) =>
      setRules(
        s,
        rule({}, { Metrics: undefined, ReplicationTime: { Status: "Enabled", Time: { Minutes: 15 } } }),
      ),
    "InvalidRequest: rule 'all': Replication destination must contain both ReplicationTime and Metrics or neither.",
  ],
  [
    "SSE-KMS objects without a key for the replicas",
    (s) => setRules(s, rule({}, { EncryptionConfiguration: undefined })),
    "InvalidRequest: rule 'all': ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.",
  ],
  [
    "an owner override without an account",
    (s) => setRules(s, rule({}, { AccessControlTranslation: { Owner: "Destination" } })),
    "InvalidRequest: rule 'all': Account must be specified if the Owner in AccessControlTranslation has a value",
  ],
  [
    "existing objects",
    (s) => setRules(s, rule({ ExistingObjectReplication: { Status: "Enabled" } })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (existing objects)`,
  ],
];

describe("a replication configuration that S3 refuses", () => {
  for (const [what, change, message] of REFUSALS) {
    it(`is broken: ${what}`, () => {
      const { verdict, refusals } = rehearseWith(change);
      deepStrictEqual(
        refusals.map(({ bucket, message: said }) => [bucket, said]),
        [[SOURCE, message]],
      );
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
