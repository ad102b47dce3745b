/** What each account gets or has, for the report. */
import type { BucketState, Snapshot } from "../../snapshot/snapshot";
import { bucketNameOf } from "../../naming/names";
import { filterOf, type ReplicationRuleJson, ruleName, selectsKms } from "../../replication/rules";
import { grouped } from "../../util/grouping";
import { given } from "../../util/optional";
import type { StackRun } from "../../readers/programRun";

export interface AccountReport {
  readonly accountId: string;
  readonly buckets: readonly BucketReport[];
  /** Key ARNs. */
  readonly keys: readonly string[];
  /** Role ARNs. */
  readonly roles: readonly string[];
  /** Resources that the program registers in the account, where a program was read. */
  readonly resources: readonly { readonly stack: string; readonly type: string; readonly name: string }[];
}

export interface BucketReport {
  readonly arn: string;
  readonly region: string;
  /** For people: what holds of the bucket. */
  readonly settings: readonly string[];
  readonly rules: readonly RuleReport[];
  /** For people: the commands for objects from before the rules. Left out: no role for Batch Replication is known. */
  readonly existingObjects?: string;
}

export interface RuleReport {
  readonly id: string;
  readonly enabled: boolean;
  readonly destination: string;
  /** For people: which objects, and what the rule does with them. */
  readonly description: string;
}

export function describeAccounts(snapshot: Snapshot, stacks: readonly StackRun[]): AccountReport[] {
  const resources = grouped(
    stacks.flatMap((stack) => stack.resources.map((resource) => ({ stack: stack.name, ...resource }))),
    ({ accountId }) => accountId,
  );
  const buckets = grouped(Object.entries(snapshot.buckets), ([, { account }]) => account);
  const keys = grouped(Object.entries(snapshot.keys), ([, { account }]) => account);
  const ids = new Set([...buckets.keys(), ...keys.keys(), ...Object.keys(snapshot.accounts)]);
  return [...ids].map((accountId) => ({
    accountId,
    buckets: (buckets.get(accountId) ?? []).map(([arn, bucket]) => describeBucket(arn, bucket)),
    keys: (keys.get(accountId) ?? []).map(([arn]) => arn),
    roles: Object.keys(snapshot.accounts[accountId]?.roles ?? {}),
    resources: (resources.get(accountId) ?? []).map(({ stack, type, name }) => ({ stack, type, name })),
  }));
}

function describeBucket(arn: string, bucket: BucketState): BucketReport {
  const { encryption, publicAccessBlock: block, replication } = bucket;
  const unread = bucket.unread ?? [];
  const isBlocked = block !== undefined && Object.values(block).every(Boolean);
  const settings: [name: string, words: string][] = [
    ["versioning", bucket.versioning === null ? "not versioned" : `versioning ${bucket.versioning}`],
    ["encryption", describeEncryption(encryption)],
    ["ownership", bucket.ownership],
  ];
  // Of a bucket that exists already nobody says it, and the worst is assumed.
  if (bucket.stated === undefined) {
    settings.push(["publicAccessBlock", isBlocked ? "public access blocked" : "public access not blocked"]);
  }
  if (bucket.objectLock) settings.push(["objectLock", "Object Lock"]);
  return {
    arn,
    region: bucket.region,
    settings: [
      ...(bucket.stated === undefined ? [] : ["exists already"]),
      ...settings.filter(([name]) => !unread.includes(name)).map(([, words]) => words),
      ...(unread.length > 0 ? [`not read: ${unread.join(", ")}`] : []),
    ],
    rules: (replication?.Rules ?? []).map((rule) => ({
      id: replication === null ? "" : ruleName(replication, rule),
      enabled: rule.Status === "Enabled",
      destination: rule.Destination.Bucket,
      description: describeRule(rule),
    })),
    ...given("existingObjects", bucket.batchReplication && commandsFor(bucketNameOf(arn))),
  };
}

function commandsFor(bucketName: string): string {
  return `what was there before the rules: 's3-replication backfill ${bucketName}' replicates it, 's3-replication reconcile ${bucketName}' says what is missing`;
}

function describeEncryption(encryption: BucketState["encryption"]): string {
  if (encryption?.algorithm === "aws:kms") {
    return `SSE-KMS${encryption.bucketKeyEnabled === true ? " with Bucket Key" : ""}`;
  }
  return encryption?.algorithm === "AES256" ? "SSE-S3" : (encryption?.algorithm ?? "default encryption");
}

function describeRule(rule: ReplicationRuleJson): string {
  const { prefix, tags } = filterOf(rule);
  const { Destination: destination } = rule;
  return [
    prefix === "" ? "all keys" : `${prefix}*`,
    ...(tags.length > 0 ? [`tagged ${tags.map(({ Key, Value }) => `${Key}=${Value}`).join(", ")}`] : []),
    `to ${bucketNameOf(destination.Bucket)}`,
    ...(rule.DeleteMarkerReplication?.Status === "Enabled" ? ["delete markers"] : []),
    ...(selectsKms(rule) ? ["SSE-KMS"] : []),
    ...(destination.AccessControlTranslation === undefined ? [] : ["owner override"]),
    ...(destination.StorageClass === undefined ? [] : [destination.StorageClass]),
    ...(destination.ReplicationTime?.Status === "Enabled" ? ["Replication Time Control"] : []),
    ...(rule.Status === "Enabled" ? [] : ["off"]),
  ].join(", ");
}
