/** In what a version that is at the destination is otherwise than a rule wants it, as conditions. */
import type { ReplicationRuleJson } from "../../replication/rules";
import type { BucketFacts } from "./bucketFacts";
import { and, type Condition, equals, holds, not, oneOf, or, same } from "./conditions";

export const status = (value: string): Condition => equals("source.replicationStatus", value);

const NEVER = or();

/** An object that was never encrypted takes the destination's default, so nothing is said of it. */
export function hasOtherEncryption(): Condition {
  return and(
    oneOf("source.encryption", ["SSE-S3", "SSE-KMS", "DSSE-KMS", "SSE-C"]),
    not(same("source.encryption", "destination.encryption")),
  );
}

/** Whether what is there is otherwise than this rule, of all rules, wants it. */
export function differs(rule: ReplicationRuleJson, facts: BucketFacts): Condition {
  return and(not(holds(status("REPLICA"))), or(hasOtherClass(rule, facts), hasOtherOwner(rule, facts)));
}

/**
 * Without a class in the rule a replica takes that of its source. Lifecycle may have moved the source since, though never
 * to STANDARD.
 */
export function hasOtherClass(
  { Destination: { StorageClass: named } }: ReplicationRuleJson,
  { destinationTransitions: moves }: BucketFacts,
): Condition {
  if (moves !== false) return NEVER;
  const isOther = not(equals("destination.storageClass", named ?? "STANDARD"));
  return named === undefined ? and(equals("source.storageClass", "STANDARD"), isOther) : isOther;
}

export function hasOtherOwner(
  { Destination }: ReplicationRuleJson,
  { destinationOwner }: BucketFacts,
): Condition {
  if (Destination.AccessControlTranslation === undefined || destinationOwner === undefined) return NEVER;
  return not(equals("destination.owner", destinationOwner));
}
