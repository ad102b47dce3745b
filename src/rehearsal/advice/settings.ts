/** Settings, rules and key states that no statement mends: the value to set, and the AWS CLI call where there is one. */
import type { BucketState, Snapshot } from "../../accounts/snapshot";
import { parseArn } from "../../iam";
import { bucketNameOf } from "../../replication/names";
import {
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
} from "../../replication/rules";
import type { Advice, Missing, ObjectReport } from "../report";
import { namesakeOf } from "../settings";
import { pointer } from "./pointers";

/** What to set for something that an object report misses in a setting, a rule or a key's state. */
export function settingAdvice(snapshot: Snapshot, object: ObjectReport, missing: Missing): Advice[] {
  const { where, resource, keys } = missing;
  const [setting = ""] = keys;
  if (where === "bucket setting") {
    return setting === "encryption"
      ? newKey(snapshot, resource, object.reason)
      : bucketSetting(snapshot, resource, setting, object.reason);
  }
  if (where === "key state") return keyState(snapshot, resource, object.reason);
  return where === "rule" ? ruleSetting(snapshot, object, setting) : [];
}

function bucketSetting(snapshot: Snapshot, bucketArn: string, setting: string, reason: string): Advice[] {
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

function ruleSetting(snapshot: Snapshot, object: ObjectReport, setting: string): Advice[] {
  const configuration = snapshot.buckets[object.bucket]?.replication;
  if (setting === "Role")
    return roleAdvice(snapshot, object.bucket, configuration?.Role ?? "", object.reason);
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
      return replicaKeyAdvice(snapshot, object.bucket, index, rule, destination, object.reason);
    case "Destination.Bucket":
      return [
        {
          where: "rule",
          resource: object.bucket,
          command: putReplication(object.bucket),
          reason: `${object.reason}; name one that exists, or make it, versioned, in the account that it belongs to`,
        },
      ];
    case "Destination.Account":
      return [
        ruleChange(object.bucket, index, ["Destination", "Account"], destination?.account, object.reason),
      ];
    case "DeleteMarkerReplication":
      return [
        ruleChange(
          object.bucket,
          index,
          [],
          inV2Schema(configuration, rule, index),
          `${object.reason}; in the V2 schema it says so itself (here: off)`,
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

function putReplication(bucketArn: string): string {
  return `aws s3api put-bucket-replication --bucket ${bucketNameOf(bucketArn)} --replication-configuration file://replication.json`;
}

function replicaKeyAdvice(
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

/** A V1 rule as the V2 rule that keeps delete markers where they are. */
function inV2Schema(
  configuration: ReplicationConfiguration,
  rule: ReplicationRuleJson,
  index: number,
): ReplicationRuleJson {
  const { Prefix: prefix = "", ...rest } = withoutExistingObjects(rule);
  return {
    ...rest,
    Priority: rule.Priority ?? freePriority(configuration, index),
    Filter: { Prefix: prefix },
    DeleteMarkerReplication: { Status: "Disabled" },
  };
}

function withoutExistingObjects(rule: ReplicationRuleJson): ReplicationRuleJson {
  const copy: { -readonly [Field in keyof ReplicationRuleJson]: ReplicationRuleJson[Field] } = { ...rule };
  delete copy.ExistingObjectReplication;
  return copy;
}

function ruleChange(
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

/** A priority that no other rule has. */
function freePriority(configuration: ReplicationConfiguration, index: number): number {
  const taken = configuration.Rules.flatMap((rule) => rule.Priority ?? []);
  return (taken.length === 0 ? 0 : Math.max(...taken)) + 1 + index;
}

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

/** What to change where S3 would not even take the configuration. */
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
    if (
      rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === "Enabled" &&
      destination.EncryptionConfiguration?.ReplicaKmsKeyID === undefined
    ) {
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
