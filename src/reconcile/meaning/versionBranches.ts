/** What becomes of a version that a rule takes: a delete marker, a version that is there, or one that is missing. */
import { ARCHIVED_STORAGE_CLASSES } from "../../naming/names";
import { type ReplicationRuleJson, selectsKms } from "../../replication/rules";
import type { BucketFacts } from "./bucketFacts";
import type { Branch } from "./branches";
import type { Cause } from "./causes";
import {
  and,
  type Condition,
  equals,
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
import { mayBeDeleted } from "./lifecycle";
import { differs, hasOtherClass, hasOtherEncryption, hasOtherOwner, status } from "./differences";

/** A rule, and what is known beside it. */
export interface RuleContext {
  readonly name: string;
  readonly rule: ReplicationRuleJson;
  readonly facts: BucketFacts;
  /** Whether the status of S3 is about this destination alone. */
  readonly isOnlyDestination: boolean;
}

export const IS_MARKER = equals("source.isDeleteMarker", true);
export const IS_THERE = equals("destination.isThere", true);
const IS_NULL = equals("versionId", "null");
const IS_KMS = oneOf("source.encryption", ["SSE-KMS", "DSSE-KMS"]);
const IS_CUSTOMER_KEY = equals("source.encryption", "SSE-C");
const IS_ARCHIVED = or(
  oneOf("source.storageClass", ARCHIVED_STORAGE_CLASSES),
  oneOf("source.archiveStatus", ["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]),
);

/** Every version that a rule takes. */
export function versionBranches(context: RuleContext): Branch[] {
  return [
    { when: IS_MARKER, then: markerBranches(context) },
    { when: IS_THERE, then: thereBranches(context) },
    { when: OTHERWISE, then: missingBranches(context) },
  ];
}

/** Branches that name a rule. */
function naming(rule: string) {
  return (when: Condition, cause: Cause): Branch => ({ when, then: { cause, rule } });
}

/** Nobody knows whether a rule takes it. What has a status was taken by one, if there is one destination. */
export function unknownBranches(context: RuleContext): Branch[] {
  const on = naming(context.name);
  const wasTried = or(status("FAILED"), status("PENDING"), status("COMPLETED"));
  return [
    on(status("REPLICA"), "replica"),
    ...(context.isOnlyDestination
      ? [{ when: and(not(IS_THERE), wasTried), then: triedBranches(context) }]
      : []),
    on(OTHERWISE, "tags-unread"),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-marker-replication.html */
function markerBranches(context: RuleContext): Branch[] {
  const { name, rule, facts } = context;
  const on = naming(name);
  const { Filter: filter, DeleteMarkerReplication: replication } = rule;
  const isFirstSchema = filter === undefined && replication?.Status === undefined;
  if (!isFirstSchema && replication?.Status !== "Enabled") {
    return [on(OTHERWISE, "delete-marker-not-replicated")];
  }
  const expires =
    facts.expiringPrefixes === undefined
      ? OTHERWISE
      : or(...facts.expiringPrefixes.map((prefix) => startsWith("key", prefix)));
  const isOtherNull = and(
    IS_NULL,
    IS_THERE,
    not(holds(same("source.lastModified", "destination.lastModified"))),
  );
  return [
    on(isOtherNull, "null-version"),
    on(and(IS_THERE, equals("destination.isDeleteMarker", false)), "wrong-delete-marker"),
    on(IS_THERE, "in-place"),
    on(status("REPLICA"), "replica"),
    ...triedBranches(context),
    ...(isFirstSchema && facts.crossesAccounts !== false
      ? [on(OTHERWISE, "delete-marker-first-schema")]
      : []),
    on(expires, "delete-marker-of-lifecycle"),
    on(isUnread("source.replicationStatus"), "delete-marker-status-unread"),
    on(OTHERWISE, "never-tried-delete-marker"),
  ];
}

/**
 * A version that the destination has. Where the source's is the replica, the destination has what others wrote there, of
 * which the rule wants nothing.
 */
export function thereBranches({ name, rule, facts, isOnlyDestination }: RuleContext): Branch[] {
  const on = naming(name);
  const isSameNull = and(
    same("source.lastModified", "destination.lastModified"),
    same("source.size", "destination.size"),
  );
  const hasOtherTags = not(same("source.tags", "destination.tags"));
  const isOther = or(hasOtherEncryption(), differs(rule, facts), hasOtherTags);
  return [
    on(and(IS_NULL, not(holds(isSameNull))), "null-version"),
    on(equals("destination.isDeleteMarker", true), "wrong-delete-marker"),
    on(not(same("source.size", "destination.size")), "wrong-size"),
    on(status("REPLICA"), "in-place"),
    on(and(isUnread("source.replicationStatus"), isOther), "maybe-replica"),
    on(hasOtherEncryption(), "wrong-encryption"),
    on(hasOtherClass(rule, facts), "wrong-storage-class"),
    on(hasOtherOwner(rule, facts), "wrong-owner"),
    // A change of tags that S3 is at, or gave up on.
    on(and(hasOtherTags, status("FAILED")), "failed"),
    on(and(hasOtherTags, status("PENDING")), "pending"),
    on(hasOtherTags, "wrong-tags"),
    on(status("FAILED"), isOnlyDestination ? "change-failed" : "in-place-failed"),
    on(status("PENDING"), "in-place-pending"),
    on(OTHERWISE, "in-place"),
  ];
}

/** A version that the destination does not have. */
function missingBranches(context: RuleContext): Branch[] {
  const on = naming(context.name);
  const selects = selectsKms(context.rule);
  return [
    on(status("REPLICA"), "replica"),
    ...(selects ? [] : [on(IS_KMS, "kms-not-selected")]),
    ...triedBranches(context),
    on(and(isUnread("source.replicationStatus"), IS_CUSTOMER_KEY), "status-behind-customer-key"),
    on(isUnread("source.replicationStatus"), "status-unread"),
    ...(selects ? [] : [on(isUnread("source.encryption"), "encryption-unread")]),
    on(IS_CUSTOMER_KEY, "never-tried-customer-key"),
    on(IS_ARCHIVED, "never-tried-archived"),
    on(OTHERWISE, "never-tried"),
  ];
}

/**
 * What S3's own status says of a version that the destination does not have. The customer's key comes before the archive:
 * anybody can have an object restored, and only whoever has its key can copy it then.
 */
function triedBranches({ name, facts }: RuleContext): Branch[] {
  const { sourceListedAt, destinationListedAt, sourceDeletions, destinationDeletions } = facts;
  const on = naming(name);
  const isCompleted = status("COMPLETED");
  const isLate = laterThan("source.lastModified", Math.min(sourceListedAt, destinationListedAt));
  const mayBeOnNeitherSide = and(
    mayBeDeleted(sourceDeletions, destinationListedAt, sourceListedAt),
    mayBeDeleted(destinationDeletions, destinationListedAt),
  );
  return [
    on(and(status("FAILED"), IS_CUSTOMER_KEY), "failed-customer-key"),
    on(and(status("FAILED"), IS_ARCHIVED), "failed-archived"),
    on(status("FAILED"), "failed"),
    on(status("PENDING"), "pending"),
    on(isLate, "written-later"),
    on(and(isCompleted, IS_NULL), "null-version"),
    ...(destinationListedAt < sourceListedAt ? [on(isCompleted, "destination-listed-earlier")] : []),
    ...(destinationListedAt > sourceListedAt
      ? [on(and(isCompleted, mayBeOnNeitherSide), "maybe-expired")]
      : []),
    on(and(isCompleted, IS_MARKER), "gone-delete-marker"),
    on(and(isCompleted, IS_CUSTOMER_KEY), "gone-customer-key"),
    on(and(isCompleted, IS_ARCHIVED), "gone-archived"),
    on(isCompleted, "gone"),
  ];
}
