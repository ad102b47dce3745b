/** What the rules of a bucket want of each version at one destination, as an ordered list of conditions. */
import { ARCHIVED_STORAGE_CLASSES } from "../../naming/names";
import { prefixesMeet } from "../../replication/ruleFilter";
import {
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
  selectsKms,
} from "../../replication/rules";
import type { BucketFacts } from "./bucketFacts";
import type { Cause } from "./causes";
import {
  and,
  type Condition,
  equals,
  hasTag,
  holds,
  isUnread,
  laterThan,
  not,
  oneOf,
  or,
  OTHERWISE,
  same,
  startsWith,
} from "./conditions";
import { differs, hasOtherClass, hasOtherEncryption, hasOtherOwner, status } from "./differences";

/** What a decision says of a row. */
export interface Outcome {
  readonly cause: Cause;
  /** Name of the rule that takes the version; left out where none does. */
  readonly rule?: string;
}

/** The first branch whose condition is true decides; unknown is not true. Every list of branches decides every row. */
export interface Branch {
  readonly when: Condition;
  readonly then: Outcome | readonly Branch[];
}

/** The decision on one destination. */
export interface Decision {
  readonly destinationArn: string;
  readonly branches: readonly Branch[];
  /** Every outcome once: what is counted is counted by its place here. */
  readonly outcomes: readonly Outcome[];
}

export function isOutcome(then: Branch["then"]): then is Outcome {
  return "cause" in then;
}

/** Destinations of the enabled rules, in the order of the rules. */
export function destinationsOf({ Rules }: ReplicationConfiguration): string[] {
  const enabled = Rules.filter(({ Status }) => Status === "Enabled");
  return [...new Set(enabled.map(({ Destination }) => Destination.Bucket))];
}

const IS_MARKER = equals("source.isDeleteMarker", true);
const IS_THERE = equals("destination.isThere", true);
const IS_NULL = equals("versionId", "null");
const IS_KMS = oneOf("source.encryption", ["SSE-KMS", "DSSE-KMS"]);
const IS_CUSTOMER_KEY = equals("source.encryption", "SSE-C");
/** Under no key of KMS: whether a rule selects these does not matter. */
const IS_PLAIN = oneOf("source.encryption", ["SSE-S3", "SSE-C", "NOT-SSE"]);
const IS_ARCHIVED_CLASS = oneOf("source.storageClass", ARCHIVED_STORAGE_CLASSES);
const IS_ARCHIVED = or(
  IS_ARCHIVED_CLASS,
  oneOf("source.archiveStatus", ["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]),
);

/** How one destination of a configuration is decided on. */
export function decisionOf(
  configuration: ReplicationConfiguration,
  destinationArn: string,
  facts: BucketFacts,
): Decision {
  const rules = configuration.Rules.filter(({ Destination }) => Destination.Bucket === destinationArn);
  const enabled = byPriority(rules.filter(({ Status }) => Status === "Enabled"));
  const disabled = byPriority(rules.filter(({ Status }) => Status === "Disabled"));
  const many = destinationsOf(configuration).length > 1;
  const branches: Branch[] = [
    { when: equals("source.isThere", false), then: destinationOnly(facts) },
    ...enabled.flatMap((rule, place) =>
      ruleBranches(ruleName(configuration, rule), rule, enabled.slice(place + 1), facts, many),
    ),
    ...disabled.map((rule) => ({
      when: takes(rule),
      then: { cause: "rule-disabled" as const, rule: ruleName(configuration, rule) },
    })),
    { when: OTHERWISE, then: { cause: "no-rule" } },
  ];
  return { destinationArn, branches, outcomes: outcomesOf(branches) };
}

/** The highest priority first. Where priorities are equal or missing, the earlier rule: the order that S3 decides by. */
function byPriority(rules: readonly ReplicationRuleJson[]): ReplicationRuleJson[] {
  return [...rules].sort((one, other) => (other.Priority ?? 0) - (one.Priority ?? 0));
}

function destinationOnly({ sourceListedAt }: BucketFacts): Branch[] {
  return [
    {
      when: laterThan("destination.lastModified", sourceListedAt),
      then: { cause: "destination-written-later" },
    },
    {
      when: and(equals("destination.isDeleteMarker", true), equals("destination.isLatest", true)),
      then: { cause: "destination-only-hiding" },
    },
    { when: OTHERWISE, then: { cause: "destination-only" } },
  ];
}

function hasPrefix(rule: ReplicationRuleJson): Condition {
  const { prefix } = filterOf(rule);
  return prefix === "" ? OTHERWISE : startsWith("key", prefix);
}

/** Whether a rule takes a version. A delete marker has no tags, so a rule that filters by tags takes none. */
function takes(rule: ReplicationRuleJson): Condition {
  const { tags } = filterOf(rule);
  if (tags.length === 0) return hasPrefix(rule);
  return and(
    hasPrefix(rule),
    not(IS_MARKER),
    ...tags.map(({ Key, Value }) => hasTag("source.tags", Key, Value)),
  );
}

/** @param lower Enabled rules of lower priority. */
function ruleBranches(
  name: string,
  rule: ReplicationRuleJson,
  lower: readonly ReplicationRuleJson[],
  facts: BucketFacts,
  many: boolean,
): Branch[] {
  const taken: Branch = {
    when: takes(rule),
    then: [
      { when: IS_MARKER, then: markerBranches(name, rule, facts) },
      { when: IS_THERE, then: thereBranches(name, rule, facts, many) },
      { when: OTHERWISE, then: missingBranches(name, rule, facts) },
    ],
  };
  if (filterOf(rule).tags.length === 0) return [taken];
  return [taken, ...maybeBranches(name, rule, lower, facts, many)];
}

/**
 * Where the tags were not read, this rule or one of lower priority takes the version. This rule decides on what is there
 * as it wants it. On all else a lower rule without tags decides, if it has the key. Which of the two matters only for what
 * one selects and the other does not.
 */
function maybeBranches(
  name: string,
  rule: ReplicationRuleJson,
  lower: readonly ReplicationRuleJson[],
  facts: BucketFacts,
  many: boolean,
): Branch[] {
  const { prefix } = filterOf(rule);
  const others = lower.filter((each) => {
    const { prefix: other, tags } = filterOf(each);
    return tags.length === 0 && prefixesMeet(other, prefix);
  });
  const unlike = others.filter((each) => selectsKms(each) !== selectsKms(rule));
  const isAlone = !others.some((each) => prefix.startsWith(filterOf(each).prefix));
  const mayTake = and(hasPrefix(rule), not(IS_MARKER), isUnread("source.tags"));
  const isMissing = not(IS_THERE);
  const unknown = unknownBranches(name, facts, many);
  return [
    {
      when: and(mayTake, IS_THERE, not(holds(differs(rule, facts)))),
      then: thereBranches(name, rule, facts, many),
    },
    ...(unlike.length === 0
      ? []
      : [
          {
            when: and(mayTake, isMissing, not(holds(IS_PLAIN)), or(...unlike.map(hasPrefix))),
            then: unknown,
          },
        ]),
    ...(isAlone
      ? [{ when: and(mayTake, ...others.map((each) => not(hasPrefix(each)))), then: unknown }]
      : []),
  ];
}

/** Nobody knows whether a rule takes it. What has a status was taken by one, if there is one destination. */
function unknownBranches(rule: string, facts: BucketFacts, many: boolean): Branch[] {
  const wasTried = or(status("FAILED"), status("PENDING"), status("COMPLETED"));
  return [
    { when: status("REPLICA"), then: { cause: "replica", rule } },
    ...(many ? [] : [{ when: and(not(IS_THERE), wasTried), then: triedBranches(rule, facts) }]),
    { when: OTHERWISE, then: { cause: "tags-unread", rule } },
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-marker-replication.html */
function markerBranches(rule: string, setting: ReplicationRuleJson, facts: BucketFacts): Branch[] {
  const { Filter: filter, DeleteMarkerReplication: replication } = setting;
  const isFirstSchema = filter === undefined && replication?.Status === undefined;
  if (!isFirstSchema && replication?.Status !== "Enabled") {
    return [{ when: OTHERWISE, then: { cause: "delete-marker-not-replicated", rule } }];
  }
  const expires =
    facts.expiringPrefixes === undefined
      ? OTHERWISE
      : or(...facts.expiringPrefixes.map((prefix) => startsWith("key", prefix)));
  return [
    {
      when: and(IS_NULL, IS_THERE, not(holds(same("source.lastModified", "destination.lastModified")))),
      then: { cause: "null-version", rule },
    },
    {
      when: and(IS_THERE, equals("destination.isDeleteMarker", false)),
      then: { cause: "wrong-delete-marker", rule },
    },
    { when: IS_THERE, then: { cause: "in-place", rule } },
    { when: status("REPLICA"), then: { cause: "replica", rule } },
    ...triedBranches(rule, facts),
    ...(isFirstSchema && facts.crossesAccounts !== false
      ? [{ when: OTHERWISE, then: { cause: "delete-marker-first-schema" as const, rule } }]
      : []),
    { when: expires, then: { cause: "delete-marker-of-lifecycle", rule } },
    { when: OTHERWISE, then: { cause: "never-tried-delete-marker", rule } },
  ];
}

/**
 * A version that the destination has. Where the source's is the replica, the destination has what others wrote there, of
 * which the rule wants nothing.
 */
function thereBranches(
  rule: string,
  setting: ReplicationRuleJson,
  facts: BucketFacts,
  many: boolean,
): Branch[] {
  const isSameNull = and(
    same("source.lastModified", "destination.lastModified"),
    same("source.size", "destination.size"),
  );
  const hasOtherTags = not(same("source.tags", "destination.tags"));
  const isOther = or(hasOtherEncryption(), differs(setting, facts), hasOtherTags);
  return [
    { when: and(IS_NULL, not(holds(isSameNull))), then: { cause: "null-version", rule } },
    { when: equals("destination.isDeleteMarker", true), then: { cause: "wrong-delete-marker", rule } },
    { when: not(same("source.size", "destination.size")), then: { cause: "wrong-size", rule } },
    { when: status("REPLICA"), then: { cause: "in-place", rule } },
    { when: and(isUnread("source.replicationStatus"), isOther), then: { cause: "maybe-replica", rule } },
    { when: hasOtherEncryption(), then: { cause: "wrong-encryption", rule } },
    { when: hasOtherClass(setting, facts), then: { cause: "wrong-storage-class", rule } },
    { when: hasOtherOwner(setting, facts), then: { cause: "wrong-owner", rule } },
    // A change of tags that S3 is at, or gave up on.
    { when: and(hasOtherTags, status("FAILED")), then: { cause: "failed", rule } },
    { when: and(hasOtherTags, status("PENDING")), then: { cause: "pending", rule } },
    { when: hasOtherTags, then: { cause: "wrong-tags", rule } },
    { when: status("FAILED"), then: { cause: many ? "in-place-failed" : "change-failed", rule } },
    { when: status("PENDING"), then: { cause: "in-place-pending", rule } },
    { when: OTHERWISE, then: { cause: "in-place", rule } },
  ];
}

/** A version that the destination does not have. */
function missingBranches(rule: string, setting: ReplicationRuleJson, facts: BucketFacts): Branch[] {
  const selects = selectsKms(setting);
  return [
    { when: status("REPLICA"), then: { cause: "replica", rule } },
    ...(selects ? [] : [{ when: IS_KMS, then: { cause: "kms-not-selected" as const, rule } }]),
    ...triedBranches(rule, facts),
    {
      when: and(isUnread("source.replicationStatus"), IS_CUSTOMER_KEY),
      then: { cause: "status-behind-customer-key", rule },
    },
    { when: isUnread("source.replicationStatus"), then: { cause: "status-unread", rule } },
    { when: IS_ARCHIVED_CLASS, then: { cause: "archived", rule } },
    ...(selects
      ? []
      : [{ when: isUnread("source.encryption"), then: { cause: "encryption-unread" as const, rule } }]),
    { when: IS_ARCHIVED, then: { cause: "never-tried-archived", rule } },
    { when: IS_CUSTOMER_KEY, then: { cause: "never-tried-customer-key", rule } },
    { when: OTHERWISE, then: { cause: "never-tried", rule } },
  ];
}

/** What S3's own status says of a version that the destination does not have. */
function triedBranches(rule: string, facts: BucketFacts): Branch[] {
  const { sourceListedAt, destinationListedAt } = facts;
  const isCompleted = status("COMPLETED");
  const isLate = laterThan("source.lastModified", Math.min(sourceListedAt, destinationListedAt));
  return [
    { when: and(status("FAILED"), IS_ARCHIVED), then: { cause: "failed-archived", rule } },
    { when: and(status("FAILED"), IS_CUSTOMER_KEY), then: { cause: "failed-customer-key", rule } },
    { when: status("FAILED"), then: { cause: "failed", rule } },
    { when: status("PENDING"), then: { cause: "pending", rule } },
    { when: isLate, then: { cause: "written-later", rule } },
    { when: and(isCompleted, IS_NULL), then: { cause: "null-version", rule } },
    ...(destinationListedAt < sourceListedAt
      ? [{ when: isCompleted, then: { cause: "destination-listed-earlier" as const, rule } }]
      : []),
    { when: and(isCompleted, IS_ARCHIVED), then: { cause: "gone-archived", rule } },
    { when: and(isCompleted, IS_CUSTOMER_KEY), then: { cause: "gone-customer-key", rule } },
    { when: isCompleted, then: { cause: "gone", rule } },
  ];
}

/** Every outcome of a decision once, in the order in which it is decided. */
function outcomesOf(branches: readonly Branch[]): Outcome[] {
  const known = new Map<string, Outcome>();
  const visit = (then: Branch["then"]): void => {
    if (isOutcome(then)) known.set(outcomeName(then), then);
    else then.forEach((branch) => visit(branch.then));
  };
  visit(branches);
  return [...known.values()];
}

/** Text that tells outcomes apart. */
export function outcomeName({ cause, rule }: Outcome): string {
  return rule === undefined ? cause : `${cause} ${rule}`;
}
