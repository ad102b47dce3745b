/** Kinds of fault planted under kinds of rules: the engines say what was planted, and list it. */
import type { ReplicationRuleJson } from "../../src/replication/rules";
import { findsPlanted, type Planted } from "./support/bothEngines";
import { DESTINATION, DESTINATION_ACCOUNT, rule, SOURCE_ACCOUNT } from "./support/buckets";

const ARN = `arn:aws:s3:::${DESTINATION}`;
const KMS = { SseKmsEncryptedObjects: { Status: "Enabled" } } as const;
const UNTRIED = { status: undefined };
const MARKER = { isDeleteMarker: true, ...UNTRIED };
const unread = "delete-marker-status-unread";
const untriedMarker = "never-tried-delete-marker";

const KEYS = [
  ...[
    "%2F+ ",
    "ü",
    "u\u0308",
    "\u{1f600}",
    " leading",
    "new\nline\r",
    "=cmd|' /C calc'!A0",
    'quote"',
    "..",
    "/x",
  ],
  ...[
    "\ufeffbom",
    "%41",
    "a,b",
    "tab\t ",
    "null",
    "&amp;<x>",
    "'; DROP TABLE s;--",
    "\u202e",
    "\\u0041",
    "%zz",
  ],
  ...["?x=1#y", "\u0001", "$1", "[]*", "~", "x".repeat(900)],
];

describe("reconcile finds what was planted", () => {
  it("under strange keys", () =>
    findsPlanted(
      KEYS.flatMap((key): Planted[] => [
        { key: `failed/${key}`, source: { status: "FAILED" }, cause: "failed all" },
        { key: `gone/${key}`, cause: "gone all" },
        { key: `never/${key}`, source: UNTRIED, cause: "never-tried all" },
        { key: `there/${key}`, destination: {}, cause: "in-place all" },
        { key, destination: { size: 11 }, cause: "wrong-size all" },
        { key: `only/${key}`, source: null, destination: {}, cause: "destination-only" },
      ]),
      [rule()],
    ));

  it("where rules overlap, one of them is disabled, and one replicates no delete markers", () =>
    findsPlanted(
      [
        { key: "a/b/1", source: { status: "FAILED" }, cause: "failed deep" },
        { key: "a/b/2", destination: { storageClass: "STANDARD_IA" }, cause: "in-place deep" },
        { key: "a/b/3", destination: {}, cause: "wrong-storage-class deep" },
        { key: "a/b/4", source: MARKER, cause: `${unread} deep`, byInventory: `${untriedMarker} deep` },
        { key: "a/b/5", source: { encryption: "aws:kms", ...UNTRIED }, cause: "kms-not-selected deep" },
        { key: "a/1", source: { encryption: "aws:kms", ...UNTRIED }, cause: "never-tried everything" },
        { key: "b/1", source: MARKER, cause: "delete-marker-not-replicated everything" },
        {
          key: "b/2",
          source: { storageClass: "GLACIER", ...UNTRIED },
          cause: "never-tried-archived everything",
        },
        {
          key: "b/3",
          source: { storageClass: "DEEP_ARCHIVE", status: "FAILED" },
          cause: "failed-archived everything",
        },
        { key: "b/4", source: { storageClass: "GLACIER" }, cause: "gone-archived everything" },
        { key: "b/5", source: { storageClass: "GLACIER_IR", ...UNTRIED }, cause: "never-tried everything" },
        {
          key: "b/6",
          source: { encryption: "SSE-C", status: "FAILED" },
          cause: "status-behind-customer-key everything",
          byInventory: "failed-customer-key everything",
        },
        {
          key: "b/6a",
          source: { encryption: "SSE-C", storageClass: "GLACIER" },
          cause: "status-behind-customer-key everything",
          byInventory: "gone-customer-key everything",
        },
        { key: "b/7", source: { status: "PENDING" }, destination: {}, cause: "in-place-pending everything" },
        { key: "b/8", source: { status: "FAILED" }, destination: {}, cause: "change-failed everything" },
        { key: "b/9", destination: { encryption: "aws:kms" }, cause: "wrong-encryption everything" },
        {
          key: "c/1",
          source: { encryption: "NONE" },
          destination: { encryption: "AES256" },
          cause: "in-place everything",
        },
        { key: "c/2", versionId: "null", destination: {}, cause: "in-place everything" },
        { key: "c/3", versionId: "null", cause: "null-version everything" },
        { key: "c/4", destination: { isDeleteMarker: true }, cause: "wrong-delete-marker everything" },
        { key: "c/5", source: null, destination: { isDeleteMarker: true }, cause: "destination-only-hiding" },
      ],
      [
        rule({ ID: "off", Priority: 9, Status: "Disabled", Filter: { Prefix: "a/" } }),
        rule({
          ID: "everything",
          DeleteMarkerReplication: { Status: "Disabled" },
          SourceSelectionCriteria: KMS,
        }),
        rule({
          ID: "deep",
          Priority: 3,
          Filter: { Prefix: "a/b/" },
          Destination: { Bucket: ARN, Account: DESTINATION_ACCOUNT, StorageClass: "STANDARD_IA" },
        }),
      ],
    ));

  it("where a rule filters by tags, which no inventory lists", () =>
    findsPlanted(
      [
        {
          key: "a/1",
          source: { tags: { team: "x" }, ...UNTRIED },
          cause: "never-tried tagged",
          byInventory: "tags-unread tagged",
        },
        {
          key: "a/2",
          source: { tags: { team: "y" }, ...UNTRIED },
          cause: "no-rule",
          byInventory: "tags-unread tagged",
        },
        { key: "a/3", source: { tags: { team: "x" }, status: "FAILED" }, cause: "failed tagged" },
        { key: "a/4", source: { tags: { team: "x" } }, destination: {}, cause: "in-place tagged" },
        {
          key: "a/5",
          source: { tags: { team: "x" } },
          destination: { tags: {} },
          cause: "wrong-tags tagged",
          byInventory: "in-place tagged",
        },
        { key: "a/6", source: MARKER, cause: "no-rule" },
        { key: "b/1", source: { tags: { team: "x" }, ...UNTRIED }, cause: "no-rule" },
      ],
      [rule({ ID: "tagged", Filter: { And: { Prefix: "a/", Tags: [{ Key: "team", Value: "x" }] } } })],
    ));

  it("of two buckets that replicate to each other, with replica modification sync", () =>
    findsPlanted(
      [
        { key: "own", destination: {}, cause: "in-place all" },
        {
          key: "theirs",
          source: { status: "REPLICA" },
          destination: { status: "COMPLETED" },
          cause: "in-place all",
        },
        { key: "theirs-gone", source: { status: "REPLICA" }, cause: "replica all" },
        { key: "theirs-failed", source: null, destination: { status: "FAILED" }, cause: "destination-only" },
        {
          key: "undeleted",
          source: { ...MARKER, status: "REPLICA" },
          cause: `${unread} all`,
          byInventory: "replica all",
        },
      ],
      [rule({ SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" } } })],
    ));

  it("under rules without Filter, in one account", () =>
    findsPlanted(
      [
        { key: "logs/1", source: MARKER, cause: `${unread} logs`, byInventory: `${untriedMarker} logs` },
        {
          key: "logs/2",
          source: { ...MARKER, status: "COMPLETED" },
          cause: `${unread} logs`,
          byInventory: "gone-delete-marker logs",
        },
        { key: "docs/1", source: { status: "FAILED" }, cause: "failed docs" },
        { key: "docs/", source: { size: 0 }, destination: {}, cause: "in-place docs" },
        { key: "doc", source: UNTRIED, cause: "no-rule" },
      ],
      ["logs", "docs"].map((ID): ReplicationRuleJson => ({
        ID,
        Status: "Enabled",
        Prefix: `${ID}/`,
        Destination: { Bucket: ARN },
      })),
      SOURCE_ACCOUNT,
    ));
});
