/** What the rules want of a version that is listed, column by column. */
import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  decidingRules,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
} from "../../../src/replication/rules";
import { CAUSES } from "../../../src/reconcile/meaning/causes";
import type { BucketFacts } from "../../../src/reconcile/meaning/bucketFacts";
import { decisionOf, destinationsOf } from "../../../src/reconcile/meaning/decision";
import { deciderOf } from "../../../src/reconcile/meaning/evaluate";
import type { Row, Tags, Version } from "../../../src/reconcile/meaning/row";
import { randomConfiguration, randomFacts, randomNumbers, randomRow } from "../support/randomRows";

const DESTINATION = "arn:aws:s3:::copies";
const OTHER = "arn:aws:s3:::more-copies";
const LISTED_AT = Date.parse("2026-11-20T00:00:00Z");
const WRITTEN_AT = Date.parse("2026-11-01T00:00:00Z");
const FACTS: BucketFacts = {
  sourceListedAt: LISTED_AT,
  destinationListedAt: LISTED_AT,
  crossesAccounts: true,
  destinationOwner: "destination-owner",
  destinationTransitions: false,
  expiringPrefixes: [],
};

function rule(changes: Partial<ReplicationRuleJson> = {}): ReplicationRuleJson {
  return {
    ID: "all",
    Priority: 1,
    Status: "Enabled",
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Disabled" },
    Destination: { Bucket: DESTINATION },
    ...changes,
  };
}

const configuration = (...rules: ReplicationRuleJson[]): ReplicationConfiguration => ({
  Role: "arn:aws:iam::111111111111:role/replication",
  Rules: rules,
});

const OBJECT: Version = {
  isDeleteMarker: false,
  isLatest: true,
  size: 10,
  lastModified: WRITTEN_AT,
  storageClass: "STANDARD",
  archiveStatus: null,
  encryption: "SSE-S3",
  replicationStatus: null,
  owner: "source-owner",
  tags: {},
};
const REPLICA: Version = { ...OBJECT, replicationStatus: "REPLICA" };
const MARKER: Version = { isDeleteMarker: true, isLatest: true, size: null, lastModified: WRITTEN_AT };

/** How one row is decided on, as `<cause> <rule>`. */
function decided(
  rules: readonly ReplicationRuleJson[],
  row: Partial<Row>,
  facts: Partial<BucketFacts> = {},
  destination = DESTINATION,
): string {
  const decision = decisionOf(configuration(...rules), destination, { ...FACTS, ...facts });
  const outcome = decision.outcomes[deciderOf(decision)({ key: "a/b", versionId: "v1", ...row })];
  assert.ok(outcome);
  return outcome.rule === undefined ? outcome.cause : `${outcome.cause} ${outcome.rule}`;
}

const missing = (source: Partial<Version> = {}) => ({ source: { ...OBJECT, ...source } });
const there = (destination: Partial<Version> = {}, source: Partial<Version> = {}) => ({
  source: { ...OBJECT, replicationStatus: "COMPLETED" as const, ...source },
  destination: { ...REPLICA, ...destination },
});

/** Columns that ListObjectVersions does not show. */
const LISTED_ONLY = {
  encryption: undefined,
  replicationStatus: undefined,
  tags: undefined,
  archiveStatus: undefined,
};

describe("reconcile: what a version that is missing is", () => {
  const cases: [string, Partial<Version>, string][] = [
    ["failed by its status", { replicationStatus: "FAILED" }, "failed all"],
    ["pending by its status", { replicationStatus: "PENDING" }, "pending all"],
    ["never tried without a status", {}, "never-tried all"],
    ["gone where S3 says COMPLETED", { replicationStatus: "COMPLETED" }, "gone all"],
    ["left alone as a replica", { replicationStatus: "REPLICA" }, "replica all"],
    ["left alone under SSE-KMS that no rule selects", { encryption: "SSE-KMS" }, "kms-not-selected all"],
    ["left alone under DSSE-KMS that no rule selects", { encryption: "DSSE-KMS" }, "kms-not-selected all"],
    ["never tried in an archived class", { storageClass: "GLACIER" }, "never-tried-archived all"],
    [
      "undecided in an archived class without an encryption that was read",
      { storageClass: "DEEP_ARCHIVE", encryption: undefined },
      "encryption-unread all",
    ],
    [
      "gone though it was archived later",
      { storageClass: "DEEP_ARCHIVE", replicationStatus: "COMPLETED" },
      "gone-archived all",
    ],
    [
      "never tried in an archive tier",
      { storageClass: "INTELLIGENT_TIERING", archiveStatus: "ARCHIVE_ACCESS" },
      "never-tried-archived all",
    ],
    ["never tried under SSE-C", { encryption: "SSE-C" }, "never-tried-customer-key all"],
    ["failed under SSE-C", { encryption: "SSE-C", replicationStatus: "FAILED" }, "failed-customer-key all"],
    [
      "never tried under SSE-C, though it is archived: whoever has the key has to copy it",
      { encryption: "SSE-C", storageClass: "GLACIER" },
      "never-tried-customer-key all",
    ],
    [
      "failed under SSE-C, though it is archived",
      { encryption: "SSE-C", storageClass: "GLACIER", replicationStatus: "FAILED" },
      "failed-customer-key all",
    ],
    [
      "gone under SSE-C, though it is archived",
      { encryption: "SSE-C", archiveStatus: "ARCHIVE_ACCESS", replicationStatus: "COMPLETED" },
      "gone-customer-key all",
    ],
    ["undecided without a status that was read", { replicationStatus: undefined }, "status-unread all"],
    [
      "undecided under SSE-C, behind which S3 tells no status",
      { encryption: "SSE-C", replicationStatus: undefined },
      "status-behind-customer-key all",
    ],
    ["undecided without an encryption that was read", { encryption: undefined }, "encryption-unread all"],
    ["undecided when it was written after the listing", { lastModified: LISTED_AT + 1 }, "written-later all"],
    [
      "failed however late it was written",
      { lastModified: LISTED_AT + 1, replicationStatus: "FAILED" },
      "failed all",
    ],
  ];
  for (const [title, source, expected] of cases) {
    it(`is ${title}`, () => assert.equal(decided([rule()], missing(source)), expected));
  }

  it("is undecided where S3 says COMPLETED and the destination was listed earlier", () => {
    const facts = { destinationListedAt: LISTED_AT - 1 };
    assert.equal(
      decided([rule()], missing({ replicationStatus: "COMPLETED" }), facts),
      "destination-listed-earlier all",
    );
  });

  it("is undecided where S3 says COMPLETED of a version without a version id of its own", () => {
    const row = { ...missing({ replicationStatus: "COMPLETED" }), versionId: "null" };
    assert.equal(decided([rule()], row), "null-version all");
  });

  it("is never tried under SSE-KMS that the rule selects", () => {
    const selecting = rule({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } } });
    assert.equal(decided([selecting], missing({ encryption: "SSE-KMS" })), "never-tried all");
  });
});

describe("reconcile: what is COMPLETED and missing where the destination was listed later", () => {
  const DAY = 86_400_000;
  const deletes = [{ prefix: "a/", noncurrentDays: 10 }];
  const onBothSides = { sourceDeletions: deletes, destinationDeletions: deletes };
  const after = (days: number, source: Partial<Version>, facts: Partial<BucketFacts> = onBothSides) =>
    decided([rule()], missing({ replicationStatus: "COMPLETED", isLatest: false, ...source }), {
      destinationListedAt: LISTED_AT + days * DAY,
      ...facts,
    });

  it("is undecided where lifecycle may have deleted it in both buckets meanwhile", () => {
    assert.equal(after(1, {}), "maybe-expired all");
    assert.equal(after(1, { isLatest: undefined, lastModified: undefined }), "maybe-expired all");
    assert.equal(after(1, {}, {}), "maybe-expired all");
    assert.equal(after(10, { isLatest: true }), "maybe-expired all");
  });

  it("is gone where lifecycle cannot have deleted it in both: other keys, other buckets, no time", () => {
    const others = [{ prefix: "b/", noncurrentDays: 1 }];
    assert.equal(after(0, {}), "gone all");
    assert.equal(after(1, { isLatest: true }), "gone all");
    assert.equal(after(1, { lastModified: LISTED_AT - 8 * DAY }), "gone all");
    assert.equal(after(1, {}, { ...onBothSides, sourceDeletions: others }), "gone all");
    assert.equal(after(1, {}, { ...onBothSides, destinationDeletions: [] }), "gone all");
    assert.equal(after(1, {}, { sourceDeletions: [], destinationDeletions: [{ prefix: "" }] }), "gone all");
  });

  it("is undecided of a delete marker where both buckets let those expire that hide nothing", () => {
    const replicating = rule({ DeleteMarkerReplication: { Status: "Enabled" } });
    const row = { source: { ...MARKER, replicationStatus: "COMPLETED" as const } };
    const markers = [{ prefix: "" }];
    const facts = {
      destinationListedAt: LISTED_AT + 1,
      sourceDeletions: markers,
      destinationDeletions: markers,
    };
    assert.equal(decided([replicating], row, facts), "maybe-expired all");
    assert.equal(after(1, {}, facts), "gone all");
  });
});

describe("reconcile: what a version that is there is", () => {
  const override = rule({
    Destination: {
      Bucket: DESTINATION,
      Account: "222222222222",
      AccessControlTranslation: { Owner: "Destination" },
      StorageClass: "STANDARD_IA",
    },
  });
  const asWanted = { owner: "destination-owner", storageClass: "STANDARD_IA" };
  const cases: [string, Partial<Version>, Partial<Version>, string][] = [
    ["in place", asWanted, {}, "in-place all"],
    [
      "undecided, where S3 says FAILED of it and nothing of it is seen to be missing",
      asWanted,
      { replicationStatus: "FAILED" },
      "change-failed all",
    ],
    [
      "failed, where a change of its tags did",
      { ...asWanted, tags: { a: "1" } },
      { replicationStatus: "FAILED" },
      "failed all",
    ],
    [
      "pending, where a change of its tags is",
      { ...asWanted, tags: { a: "1" } },
      { replicationStatus: "PENDING" },
      "pending all",
    ],
    [
      "in place, though a later change is pending",
      asWanted,
      { replicationStatus: "PENDING" },
      "in-place-pending all",
    ],
    ["of another size", { ...asWanted, size: 9 }, {}, "wrong-size all"],
    ["a delete marker", { ...MARKER }, {}, "wrong-delete-marker all"],
    ["encrypted in another way", { ...asWanted, encryption: "SSE-KMS" }, {}, "wrong-encryption all"],
    ["of another storage class", { ...asWanted, storageClass: "STANDARD" }, {}, "wrong-storage-class all"],
    ["another account's", { ...asWanted, owner: "source-owner" }, {}, "wrong-owner all"],
    ["tagged otherwise", { ...asWanted, tags: { a: "1" } }, {}, "wrong-tags all"],
    ["in place where the source was never encrypted", asWanted, { encryption: "NOT-SSE" }, "in-place all"],
    [
      "in place as far as a listing shows it",
      { ...asWanted, ...LISTED_ONLY, size: undefined, owner: undefined },
      LISTED_ONLY,
      "in-place all",
    ],
  ];
  for (const [title, destination, source, expected] of cases) {
    it(`is ${title}`, () => assert.equal(decided([override], there(destination, source)), expected));
  }

  it("is in place in another class where lifecycle moves objects there, or nobody knows", () => {
    const row = there({ ...asWanted, storageClass: "GLACIER" });
    assert.equal(decided([override], row, { destinationTransitions: true }), "in-place all");
    assert.equal(decided([override], row, { destinationTransitions: undefined }), "in-place all");
  });

  it("is in place without a class in the rule where lifecycle moved the source since", () => {
    const moved = there({}, { storageClass: "GLACIER" });
    assert.equal(decided([rule()], moved), "in-place all");
    assert.equal(decided([rule()], there({ storageClass: "GLACIER" })), "wrong-storage-class all");
  });

  it("is in place though S3 says FAILED where another destination may be meant", () => {
    const other = rule({ ID: "other", Destination: { Bucket: OTHER } });
    assert.equal(decided([rule(), other], there({}, { replicationStatus: "FAILED" })), "in-place-failed all");
  });

  it("is in place whatever its class, owner, encryption and tags are where the source has the replica", () => {
    const written = { storageClass: "GLACIER_IR", encryption: "NOT-SSE", tags: { a: "1" } } as const;
    const source = { replicationStatus: "REPLICA" } as const;
    assert.equal(decided([override], there(written, source)), "in-place all");
    assert.equal(decided([override], there({ ...written, size: 9 }, source)), "wrong-size all");
    const unread = { replicationStatus: undefined };
    assert.equal(decided([override], there(written, unread)), "maybe-replica all");
    assert.equal(decided([override], there(asWanted, unread)), "in-place all");
  });

  it("is undecided without a version id of its own, unless it has the time and the size of its source", () => {
    const asNull = (row: Partial<Row>) => decided([rule()], { ...row, versionId: "null" });
    assert.equal(asNull(there()), "in-place all");
    assert.equal(asNull(there({ lastModified: WRITTEN_AT + 1 })), "null-version all");
    assert.equal(asNull(there({ size: 9 })), "null-version all");
    assert.equal(asNull(there({ lastModified: undefined })), "null-version all");
    assert.equal(asNull(there({ size: undefined })), "null-version all");
    assert.equal(asNull(there({}, { size: undefined })), "null-version all");
    const markers = (lastModified?: number) => ({ source: MARKER, destination: { ...MARKER, lastModified } });
    const replicating = rule({ DeleteMarkerReplication: { Status: "Enabled" } });
    const ofMarkers = (time?: number) => decided([replicating], { ...markers(time), versionId: "null" });
    assert.deepEqual(
      [ofMarkers(WRITTEN_AT), ofMarkers(WRITTEN_AT + 1), ofMarkers(undefined)],
      ["in-place all", "null-version all", "null-version all"],
    );
  });
});

describe("reconcile: delete markers", () => {
  const replicating = rule({ DeleteMarkerReplication: { Status: "Enabled" } });

  it("are left alone where the rule does not replicate them", () => {
    assert.equal(decided([rule()], { source: MARKER }), "delete-marker-not-replicated all");
  });

  const untried = { source: { ...MARKER, replicationStatus: null } };

  it("are in place, never tried, or gone where it does", () => {
    assert.equal(decided([replicating], { source: MARKER, destination: MARKER }), "in-place all");
    assert.equal(decided([replicating], untried), "never-tried-delete-marker all");
    const completed = { source: { ...MARKER, replicationStatus: "COMPLETED" as const } };
    assert.equal(decided([replicating], completed), "gone-delete-marker all");
  });

  it("are undecided where no status was read: a replica's may be removed where it came from", () => {
    assert.equal(decided([replicating], { source: MARKER }), "delete-marker-status-unread all");
    const replica = { source: { ...MARKER, replicationStatus: "REPLICA" as const } };
    assert.equal(decided([replicating], replica), "replica all");
  });

  it("are wrong where the destination has an object of that version", () => {
    assert.equal(decided([replicating], { source: MARKER, destination: REPLICA }), "wrong-delete-marker all");
  });

  it("are undecided where lifecycle may have made them, or nobody knows", () => {
    const row = untried;
    const cause = "delete-marker-of-lifecycle all";
    assert.equal(decided([replicating], row, { expiringPrefixes: ["a/"] }), cause);
    assert.equal(decided([replicating], row, { expiringPrefixes: undefined }), cause);
    assert.equal(
      decided([replicating], row, { expiringPrefixes: ["logs/"] }),
      "never-tried-delete-marker all",
    );
  });

  it("are undecided in the first schema across accounts, and replicated within one", () => {
    const first = rule({ Filter: undefined, Prefix: "", DeleteMarkerReplication: undefined });
    const row = untried;
    assert.equal(decided([first], row), "delete-marker-first-schema all");
    assert.equal(decided([first], row, { crossesAccounts: false }), "never-tried-delete-marker all");
    assert.equal(decided([first], { source: MARKER, destination: MARKER }), "in-place all");
  });

  it("are never taken by a rule that filters by tags", () => {
    const tagged = rule({ Filter: { Tag: { Key: "a", Value: "1" } } });
    assert.equal(decided([tagged], { source: MARKER }), "no-rule");
  });
});

describe("reconcile: rules", () => {
  const tagged = rule({ ID: "tagged", Priority: 2, Filter: { Tag: { Key: "a", Value: "1" } } });

  it("leave alone what none of them takes", () => {
    const logs = rule({ Filter: { Prefix: "logs/" } });
    assert.equal(decided([logs], missing()), "no-rule");
    assert.equal(decided([tagged], missing()), "no-rule");
  });

  it("leave alone what a disabled one takes, unless another one does", () => {
    const off = rule({ ID: "off", Status: "Disabled", Filter: { Prefix: "a/" }, Priority: 9 });
    const logs = rule({ Filter: { Prefix: "logs/" } });
    assert.equal(decided([logs, off], missing()), "rule-disabled off");
    assert.equal(decided([rule(), off], missing()), "never-tried all");
  });

  it("that filter by tags are undecided where tags were not read and there is no status", () => {
    const unread = (changes: Partial<Version> = {}) => missing({ tags: undefined, ...changes });
    assert.equal(decided([tagged], unread()), "tags-unread tagged");
    assert.equal(decided([tagged], unread({ replicationStatus: undefined })), "tags-unread tagged");
    assert.equal(decided([tagged], unread({ replicationStatus: "FAILED" })), "failed tagged");
    assert.equal(decided([tagged], there({ tags: undefined }, { tags: undefined })), "in-place tagged");
  });

  it("that filter by tags are undecided by a status that may be another destination's", () => {
    const other = rule({ ID: "other", Priority: 3, Destination: { Bucket: OTHER } });
    const row = missing({ tags: undefined, replicationStatus: "FAILED" });
    assert.equal(decided([tagged, other], row), "tags-unread tagged");
  });

  it("that filter by tags leave to a rule below them what it wants alike, and what is there as it wants it", () => {
    const archiving = { ...tagged, Destination: { Bucket: DESTINATION, StorageClass: "GLACIER_IR" } };
    const unread = { tags: undefined };
    assert.equal(decided([archiving, rule()], missing(unread)), "never-tried all");
    assert.equal(decided([archiving, rule()], there(unread, unread)), "in-place all");
    assert.equal(
      decided([archiving, rule()], there({ storageClass: "GLACIER_IR" }, unread)),
      "in-place tagged",
    );
    assert.equal(
      decided([archiving, rule()], there({ storageClass: "GLACIER" }, unread)),
      "wrong-storage-class all",
    );
    assert.equal(decided([archiving], there({ storageClass: "GLACIER" }, unread)), "tags-unread tagged");
    const logs = rule({ ID: "logs", Filter: { Prefix: "logs/" } });
    assert.equal(decided([archiving, logs], missing(unread)), "tags-unread tagged");
  });

  it("that filter by tags do not leave alone under SSE-KMS what a rule below them selects", () => {
    const selecting = rule({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } } });
    const unread = (changes: Partial<Version>) =>
      missing({ tags: undefined, encryption: "SSE-KMS", ...changes });
    assert.equal(decided([tagged, selecting], unread({ replicationStatus: "FAILED" })), "failed tagged");
    assert.equal(decided([tagged, selecting], unread({})), "tags-unread tagged");
    assert.equal(decided([tagged, selecting], unread({ encryption: undefined })), "tags-unread tagged");
    assert.equal(decided([tagged, selecting], unread({ encryption: "SSE-S3" })), "never-tried all");
    assert.equal(decided([tagged], unread({ replicationStatus: "FAILED" })), "failed tagged");
  });

  it("say of a version without its tags nothing that is not so with any tags, or is undecided", () => {
    const random = randomNumbers(11);
    const tags: Tags[] = [
      {},
      { team: "b" },
      { team: "a" },
      { "it's": "'; --", team: "b" },
      { "it's": "'; --" },
    ];
    const told = new Map<string, number>();
    for (let number = 0; number < 15_000; number += 1) {
      const rules = randomConfiguration(random);
      const decision = decisionOf(rules, DESTINATION, randomFacts(random));
      const decide = deciderOf(decision);
      const drawn = randomRow(random, number);
      const { source } = drawn;
      // A status says that some rule took it, whatever the rules are now.
      if (source === undefined || source.isDeleteMarker || source.replicationStatus !== null) continue;
      const stateOf = (of: Tags | undefined) =>
        CAUSES[
          decision.outcomes[
            decide({
              ...drawn,
              source: { ...source, tags: of },
              ...(drawn.destination && { destination: { ...drawn.destination, tags: undefined } }),
            })
          ]!.cause
        ].state;
      const unread = stateOf(undefined);
      told.set(unread, (told.get(unread) ?? 0) + 1);
      const states = tags.map((each) => stateOf(each));
      if (unread === "undecided") continue;
      // What is there was taken by some rule.
      const isIt = (each: string) => each === unread || (unread === "wrong" && each === "left alone");
      const holds = unread === "in place" ? states.includes(unread) : states.every(isIt);
      assert.ok(holds, JSON.stringify([unread, states, rules, drawn]));
    }
    for (const state of ["in place", "never tried", "left alone", "wrong", "undecided"]) {
      assert.ok((told.get(state) ?? 0) > 100, JSON.stringify([...told]));
    }
  });

  it("decide as the rehearsal's do, whatever their prefixes, tags, priorities and destinations", () => {
    const prefix = fc.constantFrom("", "a", "a/", "a/b", "ä", "z");
    const tag = fc.record({
      Key: fc.constantFrom("a", "b", "constructor"),
      Value: fc.constantFrom("1", "2"),
    });
    const made = fc.record({
      Priority: fc.integer({ min: 0, max: 3 }),
      Status: fc.constantFrom("Enabled" as const, "Disabled" as const),
      And: fc.record({ Prefix: prefix, Tags: fc.uniqueArray(tag, { maxLength: 2, selector: (t) => t.Key }) }),
      Bucket: fc.constantFrom(DESTINATION, OTHER),
    });
    const key = fc.constantFrom("a", "a/", "a/b/c", "ä/ö", "zz", "q");
    const tags = fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("1", "2"));
    fc.assert(
      fc.property(fc.array(made, { maxLength: 6 }), key, tags, (drawn, key, tags) => {
        const rules = configuration(
          ...drawn.map(({ And, Bucket, ...rest }, index) =>
            rule({ ...rest, ID: `rule ${index}`, Filter: { And }, Destination: { Bucket } }),
          ),
        );
        const deciding = decidingRules(rules, key, tags);
        for (const destination of destinationsOf(rules)) {
          const row = { key, ...missing({ tags }) };
          const winner = deciding.find(({ Destination }) => Destination.Bucket === destination);
          const found = decided(rules.Rules, row, {}, destination);
          if (winner === undefined) assert.match(found, /^(no-rule|rule-disabled .*)$/);
          else assert.equal(found, `never-tried ${ruleName(rules, winner)}`);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("reconcile: what only the destination has", () => {
  it("is told, and apart from it a delete marker that hides what is below it", () => {
    assert.equal(decided([rule()], { destination: REPLICA }), "destination-only");
    assert.equal(decided([rule()], { destination: MARKER }), "destination-only-hiding");
    assert.equal(decided([rule()], { destination: { ...MARKER, isLatest: false } }), "destination-only");
  });

  it("is undecided where it came after the source was listed", () => {
    const later = { ...REPLICA, lastModified: LISTED_AT + 1 };
    assert.equal(decided([rule()], { destination: later }), "destination-written-later");
  });
});

describe("reconcile: every decision", () => {
  it("lists each outcome once, and ends for every row", () => {
    const maybe = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);
    const version = fc.record({
      isDeleteMarker: fc.boolean(),
      isLatest: maybe(true, false),
      size: maybe(null, 0, 10),
      lastModified: maybe(WRITTEN_AT, LISTED_AT + 5),
      storageClass: maybe(null, "STANDARD", "GLACIER"),
      archiveStatus: maybe(null, "ARCHIVE_ACCESS" as const),
      encryption: maybe(null, "SSE-S3" as const, "SSE-KMS" as const, "SSE-C" as const),
      replicationStatus: maybe(null, "FAILED" as const, "COMPLETED" as const, "REPLICA" as const),
      owner: maybe(null, "source-owner", "destination-owner"),
      tags: maybe<Tags | null>(null, {}, { a: "1" }),
    });
    const row = fc.record({
      key: fc.constantFrom("a", "logs/b"),
      versionId: fc.constantFrom("v1", "null"),
      source: fc.option(version, { nil: undefined }),
      destination: fc.option(version, { nil: undefined }),
    });
    const rules = configuration(
      rule({ ID: "tagged", Priority: 5, Filter: { Tag: { Key: "a", Value: "1" } } }),
      rule({ ID: "logs", Priority: 4, Filter: { Prefix: "logs/" }, Status: "Disabled" }),
      rule({ ID: "all", DeleteMarkerReplication: { Status: "Enabled" } }),
    );
    const decision = decisionOf(rules, DESTINATION, { ...FACTS, expiringPrefixes: ["logs/"] });
    const decide = deciderOf(decision);
    assert.equal(
      new Set(decision.outcomes.map(({ cause, rule }) => `${cause} ${rule}`)).size,
      decision.outcomes.length,
    );
    fc.assert(
      fc.property(row, (drawn) => {
        const outcome = decision.outcomes[decide(drawn)];
        assert.ok(outcome !== undefined && outcome.cause in CAUSES);
      }),
      { numRuns: 2000 },
    );
  });
});
