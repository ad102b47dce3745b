/** Lifecycle rules as the AWS provider writes them, in their own resource or in the bucket, in the S3 API's shape. */
import { Unread } from "../../snapshot/unread";
import { at, either, listOf } from "./attributes";

/** Any part of them may be unread. */
export function lifecycleRules(rules: unknown): unknown {
  return rules instanceof Unread ? rules : listOf(rules).map(ruleOf);
}

function ruleOf(rule: unknown): unknown {
  if (rule instanceof Unread) return rule;
  const enabled = at(rule, "enabled");
  const filter = either(rule, "filter", "filters");
  const older = either(rule, "noncurrent_version_expiration", "noncurrent_version_expirations");
  return {
    ID: at(rule, "id"),
    Status:
      typeof enabled === "boolean" ? (enabled ? "Enabled" : "Disabled") : (enabled ?? at(rule, "status")),
    Prefix: at(filter, "and", "prefix") ?? at(filter, "prefix") ?? at(rule, "prefix"),
    Expiration: {
      // The provider writes 0 where nothing is said.
      Days: filled(at(rule, "expiration", "days")),
      Date: filled(at(rule, "expiration", "date")),
    },
    NoncurrentVersionExpiration: {
      NoncurrentDays: filled(at(older, "noncurrent_days") ?? at(older, "days")),
    },
    Transitions: transitionsOf(either(rule, "transition", "transitions")),
    NoncurrentVersionTransitions: transitionsOf(
      either(rule, "noncurrent_version_transition", "noncurrent_version_transitions"),
    ),
  };
}

function transitionsOf(transitions: unknown): unknown {
  if (transitions instanceof Unread) return transitions;
  return listOf(transitions).map((transition) => ({ StorageClass: at(transition, "storage_class") }));
}

const filled = (value: unknown) => (value === 0 || value === "" ? undefined : value);
