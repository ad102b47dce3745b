/** What to change in a rule that takes nothing. */
import type { Snapshot } from "../../snapshot/snapshot";
import {
  filterOf,
  freePriority,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
  takesAllOf,
} from "../../replication/rules";
import type { Advice } from "../report/report";
import type { RuleFinding } from "../ruleFindings";
import { putReplication, replicaKeyAdvice, ruleChange } from "./changes";

/** The mend that keeps the rule, where a value can be said; the sentence names the other one. */
export function findingAdvice(snapshot: Snapshot, finding: RuleFinding): Advice[] {
  const { bucket, rule: name, acceptedBy, reason, mends } = finding;
  const configuration = snapshot.buckets[bucket]?.replication;
  const index = configuration?.Rules.findIndex((rule) => ruleName(configuration, rule) === name) ?? -1;
  const rule = configuration?.Rules[index];
  if (acceptedBy !== undefined || !configuration || rule === undefined) return [];
  const why = `${reason}: ${mends.join(", or ")}`;
  switch (finding.kind) {
    case "sse-kms-not-selected":
      return selected(snapshot, bucket, index, rule, why);
    case "covered-by-another-rule":
      return uncovered(configuration, bucket, index, rule, why);
    case "no-object-can-match":
      return [{ where: "rule", resource: bucket, command: putReplication(bucket), reason: why }];
  }
}

function selected(
  snapshot: Snapshot,
  bucket: string,
  index: number,
  rule: ReplicationRuleJson,
  why: string,
): Advice[] {
  const destination = snapshot.buckets[rule.Destination.Bucket];
  const hasKey = rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID !== undefined;
  const key = hasKey ? [] : replicaKeyAdvice(snapshot, bucket, index, rule, destination, why);
  if (!hasKey && !key.some(({ change }) => change !== undefined)) {
    if (key.length > 0) return key;
    return [{ where: "rule", resource: bucket, command: putReplication(bucket), reason: why }];
  }
  const criteria = { ...rule.SourceSelectionCriteria, SseKmsEncryptedObjects: { Status: "Enabled" } };
  return [ruleChange(bucket, index, ["SourceSelectionCriteria"], criteria, why), ...key];
}

/** Of two rules that take the same objects one has to go: with a higher priority, this one would cover the other. */
function uncovered(
  configuration: ReplicationConfiguration,
  bucket: string,
  index: number,
  rule: ReplicationRuleJson,
  why: string,
): Advice[] {
  const hasTwin = configuration.Rules.some(
    (other) =>
      other !== rule &&
      other.Status === "Enabled" &&
      other.Destination.Bucket === rule.Destination.Bucket &&
      takesAllOf(filterOf(other), filterOf(rule)) &&
      takesAllOf(filterOf(rule), filterOf(other)),
  );
  return hasTwin
    ? [ruleChange(bucket, index, ["Status"], "Disabled", why)]
    : [ruleChange(bucket, index, ["Priority"], freePriority(configuration, index), why)];
}
