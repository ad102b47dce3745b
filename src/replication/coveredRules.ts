/** Rules that never decide, since another rule to the same destination takes whatever they would take. */
import { grouped } from "../util/grouping";
import { takesAllOf } from "./ruleFilter";
import { filterOf, type ReplicationConfiguration, type ReplicationRuleJson, ruleName } from "./rules";

/**
 * For each rule that is on and never decides, a rule that decides instead. An object whose key begins with nothing but the prefix
 * of a rule, and that has the rule's tags alone, is taken by rules with a shorter prefix and some of these tags only: no
 * two rules cover a third together.
 */
export function coveringRules(
  rules: readonly ReplicationRuleJson[],
): Map<ReplicationRuleJson, ReplicationRuleJson> {
  const found = new Map<ReplicationRuleJson, ReplicationRuleJson>();
  const enabled = rules.filter(({ Status: status }) => status === "Enabled");
  for (const rivals of grouped(enabled, ({ Destination: { Bucket: bucket } }) => bucket).values()) {
    // The sort is stable: of two rules with one priority the first decides.
    const ordered = [...rivals].sort((left, right) => (right.Priority ?? 0) - (left.Priority ?? 0));
    const filters = ordered.map(filterOf);
    ordered.forEach((rule, place) => {
      const filter = filters[place];
      if (filter === undefined) return;
      const by = filters.findIndex((other, at) => at < place && takesAllOf(other, filter));
      const other = ordered[by];
      if (other !== undefined) found.set(rule, other);
    });
  }
  return found;
}

/** What is in the way of a rule, as a sentence without its full stop. */
export function whyCovered(
  configuration: Pick<ReplicationConfiguration, "Rules">,
  rule: ReplicationRuleJson,
  by: ReplicationRuleJson,
): string {
  const [name, other] = [rule, by].map((each) => ruleName(configuration, each));
  return `rule '${name}' takes nothing: rule '${other}' takes every object that it would take, to the same destination, and has the higher priority (${by.Priority ?? 0} over ${rule.Priority ?? 0})`;
}
