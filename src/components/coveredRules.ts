/** A warning about rules that take nothing. */
import { coveringRules, whyCovered } from "../replication/coveredRules";
import type { ReplicationRuleJson } from "../replication/rules";
import { warn } from "./userErrors";

/** Says so in every preview and update: S3 takes such a rule, and nothing is ever replicated by it. */
export function sayCoveredRules(subject: string, rules: readonly ReplicationRuleJson[]): void {
  const enabled = rules.filter(({ Status: status }) => status === "Enabled");
  for (const [rule, by] of coveringRules(enabled)) {
    const why = whyCovered({ Role: "", Rules: rules }, rule, by);
    void warn(`${subject}: ${why}. Give it a higher 'priority' than that rule, or take it away`);
  }
}
