/** What to change where S3 would not even take a replication configuration: what the table of refusals says of it. */
import type { ConfigurationRefusal, Mend, Put } from "../../replication/refusals/refusal";
import { refusalsOf } from "../../replication/refusals/table";
import { ruleName } from "../../replication/rules";
import { putOf } from "../../resources/replicationRefusals";
import type { Snapshot } from "../../snapshot/snapshot";
import type { Advice } from "../report/report";
import { bucketSetting, putReplication, replicaKeyAdvice, ruleChange } from "./changes";

export function refusalAdvice(snapshot: Snapshot, bucketArn: string): Advice[] {
  const bucket = snapshot.buckets[bucketArn];
  if (bucket === undefined || bucket.replication === null) return [];
  const put = putOf(snapshot, bucketArn, bucket, bucket.replication);
  return refusalsOf(put).flatMap((refusal) =>
    refusal.mends.flatMap((mend) => adviceOf(snapshot, put, refusal, mend)),
  );
}

function adviceOf(
  snapshot: Snapshot,
  { bucketArn, configuration }: Put,
  { row, rule: index = 0, sentence }: ConfigurationRefusal,
  mend: Mend,
): Advice[] {
  const rule = configuration.Rules[index];
  const name = rule === undefined ? "the configuration" : `rule '${ruleName(configuration, rule)}'`;
  const reason = `S3 refuses ${name} (${sentence}): ${row.mend}`;
  if ("set" in mend) return [ruleChange(bucketArn, index, mend.set, mend.value, reason)];
  if ("enableVersioningOf" in mend) {
    return bucketSetting(snapshot, mend.enableVersioningOf, "versioning", row.mend);
  }
  if ("nameReplicaKey" in mend) {
    if (rule === undefined) return [];
    const destination = snapshot.buckets[rule.Destination.Bucket];
    return replicaKeyAdvice(snapshot, bucketArn, index, rule, destination, reason);
  }
  return [
    {
      where: "rule",
      resource: bucketArn,
      command: putReplication(bucketArn),
      reason: `S3 refuses ${name} (${sentence}): ${mend.byHand}`,
    },
  ];
}
