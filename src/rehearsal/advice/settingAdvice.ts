/** Settings, rules and key states that no statement mends: the value to set, and the AWS CLI call where there is one. */
import type { Snapshot } from "../../snapshot/snapshot";
import { inV2Schema } from "../../replication/refusals/schemas";
import { ruleName } from "../../replication/rules";
import type { Advice, Missing, ObjectReport } from "../report/report";
import { namesakeOf } from "../preconditions";
import { bucketSetting, putReplication, replicaKeyAdvice, ruleChange } from "./changes";
import { pointer } from "./pointers";

/** What to set for something that an object report misses in a setting, a rule or a key's state. */
export function settingAdvice(snapshot: Snapshot, object: ObjectReport, missing: Missing): Advice[] {
  const { where, resource, keys, reason = object.reason } = missing;
  const [setting = ""] = keys;
  if (where === "bucket setting") {
    return setting === "encryption"
      ? newKey(snapshot, resource, reason)
      : bucketSetting(snapshot, resource, setting, reason);
  }
  if (where === "key state") return keyState(snapshot, resource, reason);
  return where === "rule" ? ruleSetting(snapshot, object, setting, reason) : [];
}

/** No key that is there will do, and which one to make, only a person can say. */
function newKey(snapshot: Snapshot, bucketArn: string, reason: string): Advice[] {
  const region = snapshot.buckets[bucketArn]?.region ?? "";
  return [
    {
      where: "bucket setting",
      resource: bucketArn,
      command: `aws kms create-key --region ${region}`,
      reason: `${reason}; objects have to be encrypted again, under a key in ${region}`,
    },
  ];
}

function keyState(snapshot: Snapshot, keyArn: string, reason: string): Advice[] {
  const key = snapshot.keys[keyArn];
  if (key === undefined) return [];
  const options = `--key-id ${keyArn} --region ${key.region}`;
  const base = { where: "key state", resource: keyArn, reason } as const;
  // What these take, nobody but the owner of the key material or of the key store has.
  if (key.state === "PendingImport") return [{ ...base, command: `aws kms import-key-material ${options}` }];
  if (key.state === "Unavailable") return [{ ...base, command: `aws kms describe-key ${options}` }];
  const enable = `aws kms enable-key ${options}`;
  return [
    {
      ...base,
      change: { path: pointer("keys", keyArn, "state"), value: "Enabled" },
      command:
        key.state === "PendingDeletion" ? `aws kms cancel-key-deletion ${options} && ${enable}` : enable,
    },
  ];
}

function ruleSetting(snapshot: Snapshot, object: ObjectReport, setting: string, reason: string): Advice[] {
  const configuration = snapshot.buckets[object.bucket]?.replication;
  if (setting === "Role") return roleAdvice(snapshot, object.bucket, configuration?.Role ?? "", reason);
  const index =
    configuration?.Rules.findIndex(
      (rule) =>
        ruleName(configuration, rule) === object.rule && rule.Destination.Bucket === object.destination,
    ) ?? -1;
  const rule = configuration?.Rules[index];
  if (configuration === null || configuration === undefined || rule === undefined) return [];
  const destination = snapshot.buckets[rule.Destination.Bucket];
  switch (setting) {
    case "ReplicaKmsKeyID":
      return replicaKeyAdvice(snapshot, object.bucket, index, rule, destination, reason);
    case "Destination.Bucket":
      return [
        {
          where: "rule",
          resource: object.bucket,
          command: putReplication(object.bucket),
          reason: `${reason}; name one that exists, or make it, versioned, in the account that it belongs to`,
        },
      ];
    case "Destination.Account":
      return [ruleChange(object.bucket, index, ["Destination", "Account"], destination?.account, reason)];
    case "DeleteMarkerReplication":
      return [
        ruleChange(
          object.bucket,
          index,
          [],
          inV2Schema(rule, index, { configuration }),
          `${reason}; in the V2 schema it says so itself (here: off)`,
        ),
      ];
    default:
      return [];
  }
}

/** A role that is there under another path is named; any other one, only a person can choose. */
function roleAdvice(snapshot: Snapshot, bucketArn: string, roleArn: string, reason: string): Advice[] {
  const namesake = namesakeOf(snapshot, roleArn);
  const base = { where: "rule", resource: bucketArn, command: putReplication(bucketArn) } as const;
  if (namesake === undefined) {
    return [{ ...base, reason: `${reason}; name one that exists, or make it` }];
  }
  const path = pointer("buckets", bucketArn, "replication", "Role");
  return [{ ...base, change: { path, value: namesake }, reason }];
}
