/** The changes that mend settings and rules, each as advice: the value to set, and the AWS CLI call where there is one. */
import type { BucketState, Snapshot } from "../../snapshot/snapshot";
import { parseArn } from "../../iam";
import { bucketNameOf } from "../../naming/names";
import type { ReplicationRuleJson } from "../../replication/rules";
import type { Advice } from "../report/report";
import { pointer } from "./pointers";

export function bucketSetting(
  snapshot: Snapshot,
  bucketArn: string,
  setting: string,
  reason: string,
): Advice[] {
  const bucket = bucketNameOf(bucketArn);
  const set = (value: unknown, command: string): Advice[] => [
    {
      where: "bucket setting",
      resource: bucketArn,
      change: { path: pointer("buckets", bucketArn, setting), value },
      command: `aws s3api ${command}`,
      reason,
    },
  ];
  switch (setting) {
    case "versioning":
      return set(
        "Enabled",
        `put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
      );
    case "objectLock":
      return set(
        true,
        `put-object-lock-configuration --bucket ${bucket} --object-lock-configuration ObjectLockEnabled=Enabled`,
      );
    case "requesterPays":
      return set(
        false,
        `put-bucket-request-payment --bucket ${bucket} --request-payment-configuration Payer=BucketOwner`,
      );
    case "blockedEncryptionTypes": {
      // The AWS CLI sets the whole default encryption at once, which a person has to write.
      const blocked = snapshot.buckets[bucketArn]?.blockedEncryptionTypes ?? [];
      return set(
        blocked.filter((type) => type !== "SSE-C"),
        `put-bucket-encryption --bucket ${bucket} --server-side-encryption-configuration file://encryption.json`,
      );
    }
    default:
      return [];
  }
}

export function ruleChange(
  bucketArn: string,
  index: number,
  path: readonly string[],
  value: unknown,
  reason: string,
): Advice {
  return {
    where: "rule",
    resource: bucketArn,
    change: { path: pointer("buckets", bucketArn, "replication", "Rules", index, ...path), value },
    reason,
  };
}

export function putReplication(bucketArn: string): string {
  return `aws s3api put-bucket-replication --bucket ${bucketNameOf(bucketArn)} --replication-configuration file://replication.json`;
}

export function replicaKeyAdvice(
  snapshot: Snapshot,
  bucketArn: string,
  index: number,
  rule: ReplicationRuleJson,
  destination: BucketState | undefined,
  reason: string,
): Advice[] {
  if (destination === undefined) return [];
  const usable = (keyArn: string | undefined): keyArn is string => {
    const key = keyArn === undefined ? undefined : snapshot.keys[keyArn];
    return key !== undefined && key.manager === "CUSTOMER" && key.region === destination.region;
  };
  const candidates = [destination.encryption?.keyArn, ...Object.keys(snapshot.keys)].filter(
    (candidate) => usable(candidate) && parseArn(candidate)?.accountId === destination.account,
  );
  const keyArn =
    candidates.find((candidate) => snapshot.keys[candidate ?? ""]?.state === "Enabled") ?? candidates[0];
  if (keyArn !== undefined) {
    return [
      ruleChange(
        bucketArn,
        index,
        ["Destination", "EncryptionConfiguration"],
        { ReplicaKmsKeyID: keyArn },
        reason,
      ),
    ];
  }
  return [
    {
      where: "rule",
      resource: bucketArn,
      command: `aws kms create-key --region ${destination.region}`,
      reason: `${reason}; account ${destination.account} has no customer-managed key in ${destination.region} that rule '${rule.ID ?? index}' could name`,
    },
  ];
}
