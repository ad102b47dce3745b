/** What to change in a rule that takes nothing. */
import type { Snapshot } from "../../snapshot/snapshot";
import {
  filterOf,
  freePriority,
  placesOfRules,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
} from "../../replication/rules";
import { grouped } from "../../util/grouping";
import type { Advice } from "../report/report";
import type { RuleFinding } from "../ruleFindings";
import { putReplication, replicaKeyAdvice, ruleChange } from "./changes";

/** The mends that keep the rules, where values can be said; the sentences name the other ones. */
export function findingAdvice(snapshot: Snapshot, findings: readonly RuleFinding[]): Advice[] {
  return [...grouped(findings, ({ bucket }) => bucket)].flatMap(([bucket, ofBucket]) => {
    const configuration = snapshot.buckets[bucket]?.replication;
    if (!configuration) return [];
    const places = placesOfRules(configuration);
    const twins = grouped(
      configuration.Rules.filter(({ Status: status }) => status === "Enabled"),
      meaningOf,
    );
    return ofBucket.flatMap((finding) => {
      const index = places.get(finding.rule) ?? -1;
      const rule = configuration.Rules[index];
      if (finding.acceptedBy !== undefined || rule === undefined) return [];
      const hasTwin = twins.get(meaningOf(rule))?.some((other) => other !== rule) === true;
      return adviceOn(snapshot, configuration, finding, rule, index, hasTwin);
    });
  });
}

/** Equal for rules that take the same objects to the same destination. */
function meaningOf(rule: ReplicationRuleJson): string {
  const { prefix, tags } = filterOf(rule);
  return JSON.stringify([
    rule.Destination.Bucket,
    prefix,
    ...tags.map(({ Key, Value }) => `${Key}=${Value}`).sort(),
  ]);
}

function adviceOn(
  snapshot: Snapshot,
  configuration: ReplicationConfiguration,
  { kind, bucket, reason, mends }: RuleFinding,
  rule: ReplicationRuleJson,
  index: number,
  hasTwin: boolean,
): Advice[] {
  const why = `${reason}: ${mends.join(", or ")}`;
  switch (kind) {
    case "sse-kms-not-selected":
      return selected(snapshot, bucket, index, rule, why);
    case "covered-by-another-rule":
      return uncovered(configuration, bucket, index, hasTwin, why);
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
  hasTwin: boolean,
  why: string,
): Advice[] {
  return hasTwin
    ? [ruleChange(bucket, index, ["Status"], "Disabled", why)]
    : [ruleChange(bucket, index, ["Priority"], freePriority(configuration, index), why)];
}
