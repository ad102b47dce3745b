/** What to change where S3 would not even take a replication configuration: what the table of refusals says of it. */
import type { ConfigurationRefusal, Mend, Put } from "../../replication/refusals/refusal";
import { refusalsOf } from "../../replication/refusals/table";
import { ruleName } from "../../replication/rules";
import { refusedPutsOf } from "../../resources/site";
import { putOf } from "../../resources/replicationRefusals";
import type { Snapshot } from "../../snapshot/snapshot";
import type { Advice } from "../report/report";
import { bucketSetting, putReplication, replicaKeyAdvice, ruleChange } from "./changes";

export function refusalAdvice(snapshot: Snapshot, bucketArn: string): Advice[] {
  const bucket = snapshot.buckets[bucketArn];
  if (bucket === undefined || bucket.replication === null) return [];
  const put = putOf(snapshot, bucketArn, bucket, bucket.replication);
  const refusals = refusalsOf(put);
  return [
    ...refusals.flatMap((refusal) => refusal.mends.flatMap((mend) => adviceOf(snapshot, put, refusal, mend))),
    ...tooEarly(snapshot, refusals)
      .filter((early) => early.bucketArn === bucketArn)
      .map(({ mend }): Advice => ({ where: "rule", resource: bucketArn, reason: mend })),
  ];
}

/** A configuration that S3 refuses only because a program puts it too early. */
interface TooEarly {
  readonly bucketArn: string;
  readonly refusal: ConfigurationRefusal;
  readonly message: string;
  readonly mend: string;
}

/** @param atTheEnd What S3 refuses whenever it comes. */
export function tooEarly(snapshot: Snapshot, atTheEnd: readonly ConfigurationRefusal[]): TooEarly[] {
  const always = atTheEnd.map(({ row }) => row);
  return refusedPutsOf(snapshot).flatMap(({ bucketArn, subject, refusals }) =>
    refusals
      .filter(({ refusal }) => !always.includes(refusal.row))
      .map(({ refusal, message }) => ({
        bucketArn,
        refusal,
        message,
        mend: `let ${subject} wait ('dependsOn') for what S3 misses: the program puts it before`,
      })),
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
