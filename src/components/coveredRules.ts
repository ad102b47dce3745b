/** A warning about rules that take nothing. */
import { coveringRules, whyCovered } from "../replication/coveredRules";
import type { ReplicationRuleJson } from "../replication/rules";
import { warn } from "./userErrors";

/** Says so in every preview and update: S3 takes such a rule, and nothing is ever replicated by it. */
export function sayCoveredRules(subject: string, rules: readonly ReplicationRuleJson[]): void {
  for (const [rule, by] of coveringRules(rules)) {
    const why = whyCovered({ Rules: rules }, rule, by);
    void warn(`${subject}: ${why}. Give it a higher 'priority' than that rule, or take it away`);
  }
}
