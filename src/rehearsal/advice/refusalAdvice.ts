/** What to change where S3 would not even take a replication configuration. */
import type { Snapshot } from "../../snapshot/snapshot";
import { filterOf, ruleName, selectsKms } from "../../replication/rules";
import type { Advice } from "../report/report";
import {
  bucketSetting,
  freePriority,
  putReplication,
  replicaKeyAdvice,
  ruleChange,
  withoutExistingObjects,
} from "./changes";

function newRules(bucketArn: string): Advice[] {
  return [
    {
      where: "rule",
      resource: bucketArn,
      command: putReplication(bucketArn),
      reason: "a replication configuration must hold at least one rule, and this one has none",
    },
  ];
}

export function refusalAdvice(snapshot: Snapshot, bucketArn: string): Advice[] {
  const bucket = snapshot.buckets[bucketArn];
  const configuration = bucket?.replication;
  if (bucket === undefined || configuration === null || configuration === undefined) return [];
  const advice: Advice[] = [];
  if (configuration.Rules.length === 0) advice.push(...newRules(bucketArn));
  if (bucket.versioning !== "Enabled") {
    advice.push(
      ...bucketSetting(snapshot, bucketArn, "versioning", "S3 replicates from versioned buckets only"),
    );
  }
  for (const destinationArn of new Set(configuration.Rules.map((rule) => rule.Destination.Bucket))) {
    const destination = snapshot.buckets[destinationArn];
    if (destination !== undefined && destination.versioning !== "Enabled") {
      advice.push(
        ...bucketSetting(snapshot, destinationArn, "versioning", "S3 replicates to versioned buckets only"),
      );
    }
  }
  const ids = new Set<string>();
  const priorities = new Set<number>();
  configuration.Rules.forEach((rule, index) => {
    const change = (path: readonly string[], value: unknown, reason: string) =>
      advice.push(ruleChange(bucketArn, index, path, value, reason));
    const name = ruleName(configuration, rule);
    if (rule.Destination.Bucket === bucketArn) {
      advice.push({
        where: "rule",
        resource: bucketArn,
        command: putReplication(bucketArn),
        reason: `rule '${name}' replicates the bucket into itself: it must name another bucket as its destination`,
      });
    }
    if (rule.ID !== undefined && ids.has(rule.ID)) {
      change(["ID"], `${rule.ID}-${index}`, `rule IDs must be unique, and '${rule.ID}' is there already`);
    }
    ids.add(rule.ID ?? "");
    const needsPriority = rule.Filter !== undefined && rule.Priority === undefined;
    if (needsPriority || (rule.Priority !== undefined && priorities.has(rule.Priority))) {
      change(["Priority"], freePriority(configuration, index), `rule '${name}' needs a priority of its own`);
    }
    priorities.add(rule.Priority ?? -1);
    const byTags = filterOf(rule).tags.length > 0;
    const markers = rule.DeleteMarkerReplication?.Status;
    if (
      (byTags && markers === "Enabled") ||
      (rule.Filter !== undefined && rule.DeleteMarkerReplication === undefined)
    ) {
      change(
        ["DeleteMarkerReplication"],
        { Status: "Disabled" },
        `S3 takes rule '${name}' only without delete markers`,
      );
    }
    const { Destination: destination } = rule;
    if (destination.ReplicationTime?.Status === "Enabled" && destination.Metrics?.Status !== "Enabled") {
      change(
        ["Destination", "Metrics"],
        { Status: "Enabled", EventThreshold: { Minutes: 15 } },
        `rule '${name}' has Replication Time Control, which needs metrics`,
      );
    }
    if (destination.AccessControlTranslation !== undefined && destination.Account === undefined) {
      const account = snapshot.buckets[destination.Bucket]?.account;
      if (account !== undefined) {
        change(
          ["Destination", "Account"],
          account,
          `rule '${name}' overrides the owner, so it names the account`,
        );
      }
    }
    if (selectsKms(rule) && destination.EncryptionConfiguration?.ReplicaKmsKeyID === undefined) {
      const reason = `rule '${name}' selects SSE-KMS objects, so it names a replica key`;
      const to = snapshot.buckets[destination.Bucket];
      advice.push(...replicaKeyAdvice(snapshot, bucketArn, index, rule, to, reason));
    }
    if (rule.ExistingObjectReplication !== undefined) {
      change(
        [],
        withoutExistingObjects(rule),
        "S3 does not accept ExistingObjectReplication; S3 Batch Replication copies existing objects",
      );
    }
  });
  return advice;
}
