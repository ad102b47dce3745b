import { deepStrictEqual, strictEqual } from "node:assert";
import type { ObjectState, Snapshot } from "../../src/snapshot/snapshot";
import {
  changeBucket,
  DESTINATION,
  key,
  object,
  only,
  PLAIN,
  rehearseWith,
  REPLICA_KEY,
  rule,
  setRules,
  SOURCE,
  SOURCE_KEY,
} from "../support/handMade";

type Change = (snapshot: Snapshot & { objects: ObjectState[] }) => unknown;

/** What is changed, what becomes of the object, S3's word for it, and the sentence. */
const CASES: readonly (readonly [string, Change, string, string | undefined, string])[] = [
  ["nothing", () => undefined, "COMPLETED", undefined, "every request that S3 makes is allowed"],
  [
    "the destination's versioning is suspended",
    (s) => changeBucket(s, DESTINATION, { versioning: "Suspended" }),
    "FAILED",
    "DstBucketUnversioned",
    "versioning of the destination bucket is suspended",
  ],
  [
    "the destination has no versioning",
    (s) => changeBucket(s, DESTINATION, { versioning: null }),
    "FAILED",
    "DstBucketUnversioned",
    "versioning of the destination bucket is off",
  ],
  [
    "the destination bucket is not in the snapshot",
    (s) => delete s.buckets[DESTINATION],
    "UNPROVEN",
    undefined,
    "the destination bucket is not in the snapshot",
  ],
  [
    "the source has Object Lock and the destination has not",
    (s) => changeBucket(s, SOURCE, { objectLock: true }),
    "FAILED",
    "DstBucketObjectLockConfigMissing",
    "the source bucket has Object Lock, and the destination bucket has not",
  ],
  [
    "both have Object Lock",
    (s) => [SOURCE, DESTINATION].forEach((arn) => changeBucket(s, arn, { objectLock: true })),
    "COMPLETED",
    undefined,
    "every request that S3 makes is allowed",
  ],
  [
    "the destination is Requester Pays",
    (s) => changeBucket(s, DESTINATION, { requesterPays: true }),
    "FAILED",
    undefined,
    "the destination bucket is Requester Pays, which replication does not support",
  ],
  [
    "the rule gives the replicas to an account that has not the bucket",
    (s) =>
      setRules(s, rule({}, { Account: "333333333333", AccessControlTranslation: { Owner: "Destination" } })),
    "FAILED",
    undefined,
    "the rule gives the replicas to account 333333333333, but the destination bucket belongs to 222222222222",
  ],
  [
    "the replica key is disabled",
    (s) => Object.assign(s.keys[REPLICA_KEY] ?? {}, { state: "Disabled" }),
    "FAILED",
    "DstKmsKeyInvalidState",
    "the replica key is Disabled",
  ],
  [
    "the replica key is about to be deleted",
    (s) => Object.assign(s.keys[REPLICA_KEY] ?? {}, { state: "PendingDeletion" }),
    "FAILED",
    "DstKmsKeyInvalidState",
    "the replica key is PendingDeletion",
  ],
  [
    "the source key is disabled",
    (s) => Object.assign(s.keys[SOURCE_KEY] ?? {}, { state: "Disabled" }),
    "FAILED",
    "SrcKmsKeyInvalidState",
    "the source object's key is Disabled",
  ],
  [
    "the replica key is in another Region than the destination",
    (s) => changeBucket(s, DESTINATION, { region: "eu-west-1" }),
    "FAILED",
    "DstKmsKeyNotFound",
    "the replica key is in us-east-1, the bucket in eu-west-1",
  ],
  [
    "the replica key is not in the snapshot",
    (s) => delete s.keys[REPLICA_KEY],
    "UNPROVEN",
    undefined,
    "the replica key is not in the snapshot",
  ],
  [
    "the source key is not in the snapshot",
    (s) => delete s.keys[SOURCE_KEY],
    "UNPROVEN",
    undefined,
    "the source object's key is not in the snapshot",
  ],
  [
    "the replica key is an AWS managed key",
    (s) => (s.keys[REPLICA_KEY] = { ...key("222222222222", "us-east-1", null), manager: "AWS" }),
    "FAILED",
    "DstKmsKeyNotFound",
    "the replica key is an AWS managed key, which no other account can use",
  ],
  [
    "the rule names no replica key",
    (s) => setRules(s, rule({}, { EncryptionConfiguration: undefined })),
    "FAILED",
    "DstKmsKeyNotFound",
    "the rule names no replica key",
  ],
  [
    "the rule names an alias for a replica key",
    (s) => setRules(s, rule({}, { EncryptionConfiguration: { ReplicaKmsKeyID: "alias/replicas" } })),
    "UNPROVEN",
    undefined,
    "the replica key 'alias/replicas' is not a key ARN: an alias or a key id is looked up in the account of whoever asks",
  ],
  [
    "the rule does not select SSE-KMS objects",
    (s) => setRules(s, rule({ SourceSelectionCriteria: undefined })),
    "NOT_REPLICATED",
    undefined,
    "it is under SSE-KMS, and the rule does not select SSE-KMS objects",
  ],
  [
    "the rule turns the selection of SSE-KMS objects off",
    (s) => setRules(s, rule({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Disabled" } } })),
    "NOT_REPLICATED",
    undefined,
    "it is under SSE-KMS, and the rule does not select SSE-KMS objects",
  ],
  [
    "no rule matches",
    (s) => setRules(s, rule({ Filter: { Prefix: "other/" } })),
    "NOT_REPLICATED",
    undefined,
    "no enabled rule matches its key and tags",
  ],
  [
    "the only rule is off",
    (s) => setRules(s, rule({ Status: "Disabled" })),
    "NOT_REPLICATED",
    undefined,
    "no enabled rule matches its key and tags",
  ],
  [
    "the object is a replica itself",
    (s) => (s.objects = [object({ replica: true })]),
    "NOT_REPLICATED",
    undefined,
    "it is a replica itself, and replicas are not replicated again",
  ],
  ...["GLACIER", "DEEP_ARCHIVE"].map(
    (storageClass) =>
      [
        `the object is in ${storageClass}`,
        (s: Snapshot & { objects: ObjectState[] }) => (s.objects = [object({ storageClass })]),
        "NOT_REPLICATED",
        undefined,
        `it is in the storage class ${storageClass}, which S3 does not read for replication`,
      ] as const,
  ),
  [
    "the object is in GLACIER_IR",
    (s) => (s.objects = [object({ storageClass: "GLACIER_IR" })]),
    "COMPLETED",
    undefined,
    "every request that S3 makes is allowed",
  ],
  [
    "a delete marker meets a rule of the V1 schema",
    (s) => {
      setRules(s, rule({ Filter: undefined, DeleteMarkerReplication: undefined, Prefix: "" }));
      s.objects = [object({ deleteMarker: true, encryption: PLAIN })];
    },
    "UNPROVEN",
    undefined,
    "the rule is in the V1 schema (no Filter): one page says that it replicates delete markers, another that markers from another account are not replicated by default",
  ],
];

describe("what the settings of buckets, keys, rules and objects make of an object", () => {
  for (const [what, change, outcome, failureReason, reason] of CASES) {
    it(`${outcome}${failureReason === undefined ? "" : ` ${failureReason}`} where ${what}`, () => {
      const report = only(rehearseWith(change));
      deepStrictEqual(
        [report.outcome, report.failureReason, report.reason],
        [outcome, failureReason, reason],
      );
    });
  }

  it("names the setting, and where it is", () => {
    const missing = (change: Change) =>
      only(rehearseWith(change)).missing.map(({ resource, where, why }) => [resource, where, why]);
    deepStrictEqual(
      missing((s) => changeBucket(s, DESTINATION, { versioning: "Suspended" })),
      [[DESTINATION, "bucket setting", "setting"]],
    );
    deepStrictEqual(
      missing((s) => Object.assign(s.keys[REPLICA_KEY] ?? {}, { state: "Disabled" })),
      [[REPLICA_KEY, "key state", "setting"]],
    );
    deepStrictEqual(
      missing((s) => delete s.keys[SOURCE_KEY]).filter(([, where]) => where === "snapshot"),
      [[SOURCE_KEY, "snapshot", "unread"]],
    );
  });

  it("says of every piece of advice what it is for, also where something worse is wrong", () => {
    const { advice } = rehearseWith((s) => {
      changeBucket(s, DESTINATION, { versioning: "Suspended" });
      Object.assign(s.keys[REPLICA_KEY] ?? {}, { state: "Disabled" });
    });
    deepStrictEqual(
      advice.map(({ reason }) => reason),
      ["S3 replicates to versioned buckets only", "the replica key is Disabled"],
    );
  });

  it("is unproven as a whole where nothing was looked at", () => {
    strictEqual(rehearseWith((s) => (s.objects = [])).verdict, "unproven");
  });

  it("says what it assumes", () => {
    const [first] = rehearseWith(() => undefined).assumptions;
    strictEqual(
      first,
      "S3's own requests count as sent over TLS, so that aws:SecureTransport is true (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html)",
    );
  });
});
