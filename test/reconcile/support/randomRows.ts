/** Random configurations and random versions, for tests that decide the same in several ways. */
import type { BucketFacts } from "../../../src/reconcile/meaning/bucketFacts";
import type { DeletingRule } from "../../../src/reconcile/meaning/lifecycle";
import type { Row, Tags, Version } from "../../../src/reconcile/meaning/row";
import type { ReplicationConfiguration, ReplicationRuleJson } from "../../../src/replication/rules";

export const DESTINATION_ARN = "arn:aws:s3:::copies";
export const LISTED_AT = Date.parse("2026-11-20T00:00:00Z");

/** Beginnings of keys: quotes, wildcards, line ends and what is no letter are as good as any other. */
const FOLDERS = [
  "",
  "logs/",
  "logs/2026/",
  "it's/",
  'a"b/',
  "100%_/",
  "deep/er/and/",
  "new\nline/",
  "schön/",
  "\u0001/",
  "\u{1f600}/",
];

/** Numbers from 0 to 1 that are the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Random = () => number;

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

const TAGS: readonly (Tags | null)[] = [
  null,
  {},
  { team: "a" },
  { team: "b", "it's": "'; --" },
  { "it's": "'; --", team: "b" },
];

function randomVersion(random: Random, isDeleteMarker: boolean): Version {
  const lastModified = LISTED_AT + Math.floor((random() - 0.9) * 1e7);
  if (isDeleteMarker) {
    return {
      isDeleteMarker,
      isLatest: random() < 0.5,
      size: null,
      lastModified,
      storageClass: null,
      archiveStatus: null,
      encryption: null,
      replicationStatus: pick(random, ["PENDING", "COMPLETED", "FAILED", "REPLICA", null] as const),
      owner: "owner-a",
      tags: null,
    };
  }
  return {
    isDeleteMarker,
    isLatest: random() < 0.5,
    size: Math.floor(random() * 4),
    lastModified,
    storageClass: pick(random, ["STANDARD", "STANDARD_IA", "GLACIER", "DEEP_ARCHIVE", "INTELLIGENT_TIERING"]),
    archiveStatus: pick(random, [null, null, null, "ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"] as const),
    encryption: pick(random, ["SSE-S3", "SSE-KMS", "DSSE-KMS", "SSE-C", "NOT-SSE", null] as const),
    replicationStatus: pick(random, ["PENDING", "COMPLETED", "FAILED", "REPLICA", null, null] as const),
    owner: pick(random, ["owner-a", "owner-b", null]),
    tags: pick(random, TAGS),
  };
}

/** A version of both sides, or of one: the sides agree often enough that every branch is met. */
export function randomRow(random: Random, number: number): Row {
  const key = `${pick(random, FOLDERS)}${number}${pick(random, ["", "'", ";DROP TABLE s;--", "\\", " +%2B"])}`;
  const versionId = random() < 0.05 ? "null" : `v${number}`;
  const kind = random();
  const source = kind < 0.1 ? undefined : randomVersion(random, random() < 0.15);
  if (source === undefined) return { key, versionId, destination: randomVersion(random, random() < 0.3) };
  if (kind > 0.6) return { key, versionId, source };
  const destination =
    random() < 0.5
      ? { ...source, replicationStatus: "REPLICA" as const, owner: "owner-b" }
      : randomVersion(random, random() < 0.15);
  return { key, versionId, source, destination };
}

const FILTERS = [
  undefined,
  { Prefix: "" },
  { Prefix: "logs/" },
  { Prefix: "it's/" },
  { Prefix: "100%_/" },
  { Prefix: "new\nline/" },
  { Tag: { Key: "team", Value: "b" } },
  {
    And: {
      Prefix: "logs/",
      Tags: [
        { Key: "it's", Value: "'; --" },
        { Key: "team", Value: "b" },
      ],
    },
  },
];

/** A configuration of up to four rules. */
export function randomConfiguration(random: Random): ReplicationConfiguration {
  const count = 1 + Math.floor(random() * 4);
  const rules = Array.from({ length: count }, (_, index): ReplicationRuleJson => {
    const filter = pick(random, FILTERS);
    return {
      ID: `it's rule ${index}`,
      Status: random() < 0.85 ? "Enabled" : "Disabled",
      ...(filter === undefined ? { Prefix: "deep/" } : { Priority: count - index, Filter: filter }),
      ...(filter === undefined
        ? {}
        : { DeleteMarkerReplication: { Status: random() < 0.5 ? "Enabled" : "Disabled" } }),
      ...(random() < 0.5
        ? { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } } }
        : {}),
      Destination: {
        Bucket: DESTINATION_ARN,
        ...(random() < 0.3 ? { StorageClass: "STANDARD_IA" } : {}),
        ...(random() < 0.5
          ? { Account: "222222222222", AccessControlTranslation: { Owner: "Destination" } }
          : {}),
      },
    };
  });
  return { Role: "arn:aws:iam::111111111111:role/replication", Rules: rules };
}

const DELETIONS: readonly (readonly DeletingRule[])[] = [
  [],
  [{ prefix: "" }, { prefix: "it's/", noncurrentDays: 1 }],
  [{ prefix: "logs/", noncurrentDays: 0.05 }],
];

export function randomFacts(random: Random): BucketFacts {
  return {
    sourceListedAt: LISTED_AT,
    destinationListedAt: LISTED_AT - pick(random, [0, 500_000, -500_000]),
    ...(random() < 0.5 ? { crossesAccounts: random() < 0.5 } : {}),
    ...(random() < 0.5 ? { destinationOwner: "owner-b" } : {}),
    ...(random() < 0.5 ? { destinationTransitions: random() < 0.5 } : {}),
    ...(random() < 0.5 ? { expiringPrefixes: pick(random, [[], ["logs/", "it's/"]]) } : {}),
    ...(random() < 0.5 ? { sourceDeletions: pick(random, DELETIONS) } : {}),
    ...(random() < 0.5 ? { destinationDeletions: pick(random, DELETIONS) } : {}),
  };
}
