import { deepStrictEqual, match, strictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import { applyAdvice } from "../proof/applyAdvice";
import {
  changeBucket,
  DESTINATION,
  handMade,
  rehearseWith,
  rule,
  setRules,
  SOURCE,
} from "../support/handMade";

const NOT_WELL_FORMED =
  "The XML you provided was not well-formed or did not validate against our published schema";
const VERSION =
  "for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.";

const TAG = { Tag: { Key: "a", Value: "b" } };
const OFF = { DeleteMarkerReplication: { Status: "Disabled" } } as const;

const TIMED = {
  ReplicationTime: { Status: "Enabled", Time: { Minutes: 15 } },
  Metrics: { Status: "Enabled", EventThreshold: { Minutes: 15 } },
} as const;

/** A rule of the V1 schema. */
function v1(...[change = {}, destination = {}]: Parameters<typeof rule>): ReturnType<typeof rule> {
  return rule(
    { Filter: undefined, Priority: undefined, DeleteMarkerReplication: undefined, Prefix: "", ...change },
    destination,
  );
}

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
  // ---- the schema ----
  [
    "neither a filter nor a prefix",
    (s) => setRules(s, rule({ Filter: undefined, Priority: undefined, DeleteMarkerReplication: undefined })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (neither filter nor prefix)`,
  ],
  [
    "a prefix beside a filter",
    (s) => setRules(s, rule({ Prefix: "a/" })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (filter and prefix)`,
  ],
  [
    "delete markers in the V1 schema",
    (s) => setRules(s, v1({ DeleteMarkerReplication: { Status: "Enabled" } })),
    `InvalidRequest: rule 'all': DeleteMarkerReplication cannot be used ${VERSION}`,
  ],
  [
    "a priority in the V1 schema",
    (s) => setRules(s, v1({ Priority: 1 })),
    `InvalidRequest: rule 'all': Priority cannot be used ${VERSION}`,
  ],
  [
    "Replication Time Control in the V1 schema",
    (s) => setRules(s, v1({}, TIMED)),
    `InvalidRequest: rule 'all': ReplicationTime cannot be used ${VERSION}`,
  ],
  [
    "rules of both schemas",
    (s) => setRules(s, rule(), v1({ ID: "old", Prefix: "a/" })),
    `InvalidRequest: rule 'old': Priority cannot be used ${VERSION}`,
  ],
  [
    "overlapping prefixes in the V1 schema",
    (s) => setRules(s, v1({ Prefix: "a/" }), v1({ ID: "b", Prefix: "a/b/" })),
    "InvalidRequest: rule 'b': Found overlapping prefixes 'a/' and 'a/b/'",
  ],
  [
    "two destinations in the V1 schema",
    (s) => setRules(s, v1({ Prefix: "a/" }), v1({ ID: "b", Prefix: "b/" }, { Bucket: "arn:aws:s3:::third" })),
    "InvalidRequest: rule 'b': Number of distinct destination bucket ARNs cannot exceed 1",
  ],
  [
    "delete markers without a status",
    (s) => setRules(s, rule({ DeleteMarkerReplication: {} })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (delete markers without a status)`,
  ],
  // ---- filters ----
  [
    "a prefix and a tag side by side",
    (s) => setRules(s, rule({ Filter: { Prefix: "a/", ...TAG }, ...OFF })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (several filters side by side)`,
  ],
  [
    "an And of one tag",
    (s) => setRules(s, rule({ Filter: { And: { Tags: [TAG.Tag] } }, ...OFF })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (an And of less than two)`,
  ],
  [
    "an And of a prefix alone",
    (s) => setRules(s, rule({ Filter: { And: { Prefix: "a/" } } })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (an And of less than two)`,
  ],
  [
    "a tag without a key",
    (s) => setRules(s, rule({ Filter: { Tag: { Key: "", Value: "x" } }, ...OFF })),
    "InvalidTag: rule 'all': The TagKey you have provided is invalid",
  ],
  [
    "a tag key with two values",
    (s) => setRules(s, rule({ Filter: { And: { Tags: [TAG.Tag, { Key: "a", Value: "c" }] } }, ...OFF })),
    "InvalidRequest: rule 'all': Duplicate Tag Keys are not allowed.",
  ],
  [
    "the same tag twice",
    (s) => setRules(s, rule({ Filter: { And: { Prefix: "a/", Tags: [TAG.Tag, TAG.Tag] } }, ...OFF })),
    "InvalidRequest: rule 'all': Duplicate Tag Keys are not allowed.",
  ],
  // ---- encryption ----
  [
    "a replica key without a selection",
    (s) => setRules(s, rule({ SourceSelectionCriteria: undefined })),
    "InvalidRequest: rule 'all': SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.",
  ],
  [
    "a replica key with a selection of something else",
    (s) => setRules(s, rule({ SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" } } })),
    "InvalidRequest: rule 'all': SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.",
  ],
  [
    "a selection that is off, without a replica key",
    (s) =>
      setRules(
        s,
        rule(
          { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Disabled" } } },
          { EncryptionConfiguration: undefined },
        ),
      ),
    "InvalidRequest: rule 'all': ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.",
  ],
  [
    "an empty selection",
    (s) => setRules(s, rule({ SourceSelectionCriteria: {} }, { EncryptionConfiguration: undefined })),
    "InvalidRequest: rule 'all': SourceSelectionCriteria cannot be empty.",
  ],
  [
    "a replica key by its id",
    (s) =>
      setRules(
        s,
        rule({}, { EncryptionConfiguration: { ReplicaKmsKeyID: "22222222-2222-2222-2222-222222222222" } }),
      ),
    "InvalidArgument: rule 'all': Invalid ReplicaKmsKeyID ARN.",
  ],
  // ---- times ----
  [
    "a threshold without Replication Time Control",
    (s) => setRules(s, rule({}, { Metrics: TIMED.Metrics })),
    "InvalidArgument: rule 'all': Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled",
  ],
  [
    "a threshold with Replication Time Control that is off",
    (s) =>
      setRules(s, rule({}, { ...TIMED, ReplicationTime: { ...TIMED.ReplicationTime, Status: "Disabled" } })),
    "InvalidArgument: rule 'all': Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled",
  ],
  [
    "Replication Time Control of 30 minutes",
    (s) => setRules(s, rule({}, { ...TIMED, ReplicationTime: { Status: "Enabled", Time: { Minutes: 30 } } })),
    "InvalidArgument: rule 'all': Invalid time minute value",
  ],
  [
    "a threshold of 10 minutes",
    (s) =>
      setRules(s, rule({}, { ...TIMED, Metrics: { Status: "Enabled", EventThreshold: { Minutes: 10 } } })),
    "InvalidArgument: rule 'all': Invalid event threshold minute value",
  ],
  [
    "Replication Time Control without a threshold",
    (s) => setRules(s, rule({}, { ...TIMED, Metrics: { Status: "Enabled" } })),
    "InvalidArgument: rule 'all': ReplicationMetrics must contain an event threshold",
  ],
  [
    "Replication Time Control without a time",
    (s) => setRules(s, rule({}, { ...TIMED, ReplicationTime: { Status: "Enabled" } })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (Replication Time Control without a time)`,
  ],
  // ---- names, numbers and places ----
  [
    "an ID of 256 characters",
    (s) => setRules(s, rule({ ID: "x".repeat(256) })),
    `InvalidArgument: rule '${"x".repeat(256)}': Rule Id cannot be greater than 255`,
  ],
  [
    "a negative priority",
    (s) => setRules(s, rule({ Priority: -1 })),
    "InvalidRequest: rule 'all': Priority must be between 0 and 2147483647.",
  ],
  [
    "a destination by its name",
    (s) => setRules(s, rule({}, { Bucket: "hand-destination" })),
    "InvalidArgument: rule 'all': Invalid bucket ARN",
  ],
  [
    "a destination in another partition",
    (s) => setRules(s, rule({}, { Bucket: "arn:aws-cn:s3:::hand-destination" })),
    "InvalidArgument: rule 'all': Invalid bucket ARN",
  ],
  [
    "a storage class that replicas cannot have",
    (s) => setRules(s, rule({}, { StorageClass: "OUTPOSTS" })),
    `MalformedXML: rule 'all': ${NOT_WELL_FORMED} (a storage class that replicas cannot have)`,
  ],
  [
    "a role of another account",
    (s) =>
      changeBucket(s, SOURCE, {
        replication: { Role: "arn:aws:iam::222222222222:role/hand", Rules: [rule()] },
      }),
    "AccessDenied: not authorized to perform: iam:PassRole on resource: arn:aws:iam::222222222222:role/hand: Cross-account pass role is not allowed.",
  ],
  [
    "a role of Batch Replication of another account",
    (s) => changeBucket(s, SOURCE, { batchReplication: { role: "arn:aws:iam::222222222222:role/batch" } }),
    "AccessDenied: not authorized to perform: iam:PassRole on resource: arn:aws:iam::222222222222:role/batch: Cross-account pass role is not allowed.",
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

    it(`is taken after all advice: ${what}`, function () {
      const snapshot = handMade();
      change(snapshot);
      const { advice } = rehearse(snapshot);
      // Where something is to be made or chosen, no value stands for it.
      if (advice.some(({ statement, change: value }) => (statement ?? value) === undefined)) this.skip();
      deepStrictEqual(rehearse(applyAdvice(snapshot, advice)).refusals, []);
    });
  }

  it("is none of these, which S3 takes", () => {
    const taken: Parameters<typeof setRules>[1][][] = [
      [rule({ Filter: TAG, ...OFF })],
      [rule({ Filter: undefined, Priority: undefined, DeleteMarkerReplication: undefined, Prefix: "a/" })],
      [rule({}, { Metrics: undefined })],
      [rule({ ID: undefined }), rule({ ID: undefined, Priority: 2 })],
      [rule({ ID: "" }), rule({ ID: "", Priority: 2 })],
      [v1({ Prefix: "a/" }), v1({ ID: "b", Prefix: "b/" })],
      [rule({ Filter: {} })],
      [rule({ Filter: { And: { Prefix: "", Tags: [TAG.Tag] } }, ...OFF })],
      [rule({}, TIMED)],
      [rule({}, { ReplicationTime: { ...TIMED.ReplicationTime, Status: "Disabled" } })],
      [rule({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Disabled" } } })],
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
