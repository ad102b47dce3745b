/** Warnings about set-ups that replicate as their rules say and hurt later: a sentence each. */
import { bucketNameOf } from "../../naming/names";
import { isOptIn } from "../../naming/regions";
import { prefixesMeet } from "../../replication/ruleFilter";
import {
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
} from "../../replication/rules";
import type { BucketState, Snapshot } from "../../snapshot/snapshot";
import { ofLifecycle } from "./lifecycle";

export function harmsOf(snapshot: Snapshot): string[] {
  const sentences = Object.entries(snapshot.buckets).flatMap(([arn, bucket]) => {
    const { replication } = bucket;
    if (replication === null) return [];
    const rules = replication.Rules.filter(({ Status: status }) => status === "Enabled");
    return [
      ...rules.flatMap((rule) => ofRule(snapshot, arn, replication, rule)),
      ...optIn(arn, bucket),
      ...archived(snapshot, arn),
      ...ofLifecycle(arn, bucket),
    ];
  });
  return [...new Set(sentences)];
}

function ofRule(
  { buckets }: Snapshot,
  sourceArn: string,
  configuration: ReplicationConfiguration,
  rule: ReplicationRuleJson,
): string[] {
  const { Bucket: arn } = rule.Destination;
  const name = `rule '${ruleName(configuration, rule)}'`;
  const source = buckets[sourceArn];
  const destination = Object.hasOwn(buckets, arn) ? buckets[arn] : undefined;
  return [
    ...unreadable(name, rule, arn, source, destination),
    ...syncedOneWay(name, rule, sourceArn, destination),
    ...oddPrefix(name, filterOf(rule).prefix),
    ...unwatched(name, rule),
    ...(destination === undefined ? [] : optIn(arn, destination)),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-change-owner.html */
function unreadable(
  name: string,
  { Destination: { AccessControlTranslation } }: ReplicationRuleJson,
  arn: string,
  source: BucketState | undefined,
  destination: BucketState | undefined,
): string[] {
  if (source === undefined || destination === undefined || destination.account === source.account) return [];
  const isHandedOver =
    AccessControlTranslation !== undefined || destination.ownership === "BucketOwnerEnforced";
  if (isHandedOver || destination.unread?.includes("ownership") === true) return [];
  return [
    `replicas of ${name} stay with account ${source.account}: nobody in account ${destination.account} can read them in ${bucketNameOf(arn)}; override the owner (AccessControlTranslation), or turn its ACLs off (BucketOwnerEnforced)`,
  ];
}

/**
 * Replica modification sync must be on in both buckets. It is told where the destination's own rules are in sight.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-for-metadata-changes.html
 */
function syncedOneWay(
  name: string,
  rule: ReplicationRuleJson,
  sourceArn: string,
  destination: BucketState | undefined,
): string[] {
  if (!syncsReplicas(rule) || !destination?.replication || isReadInPart(destination)) return [];
  const { prefix } = filterOf(rule);
  const isSynced = destination.replication.Rules.some(
    (back) =>
      back.Status === "Enabled" &&
      back.Destination.Bucket === sourceArn &&
      prefixesMeet(filterOf(back).prefix, prefix) &&
      syncsReplicas(back),
  );
  const [from, to] = [sourceArn, rule.Destination.Bucket].map(bucketNameOf);
  return isSynced
    ? []
    : [
        `${name} of ${from} keeps replicas in step (ReplicaModifications) with ${to} one way only: S3 wants it in the rules of both buckets, and no rule of ${to} that is on and takes such objects back to ${from} has it; turn it on there too, or off here`,
      ];
}

const syncsReplicas = ({ SourceSelectionCriteria: criteria }: ReplicationRuleJson) =>
  criteria?.ReplicaModifications?.Status === "Enabled";

const isReadInPart = ({ replication, unread = [] }: BucketState) =>
  unread.includes("replication") || (replication?.UnreadRules ?? []).length > 0;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html */
function oddPrefix(name: string, prefix: string): string[] {
  if (prefix.startsWith("/")) {
    return [
      `the prefix '${prefix}' of ${name} takes only keys that begin with a slash, which hardly any have; leave the prefix empty for all objects, or leave its first slash out`,
    ];
  }
  return prefix.includes("*")
    ? [
        `the prefix '${prefix}' of ${name} takes only keys that hold the character '*' there: a prefix is no pattern; write what stands before it`,
      ]
    : [];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html */
function unwatched(name: string, { Destination: { Metrics } }: ReplicationRuleJson): string[] {
  return Metrics?.Status === "Enabled"
    ? []
    : [`${name} has no metrics: S3 sends no event of its failed objects, and counts none`];
}

/** @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html */
function optIn(arn: string, { account, region }: BucketState): string[] {
  return isOptIn(region)
    ? [
        `${region} of ${bucketNameOf(arn)} is a Region that accounts opt in to: account ${account} has to leave it on, or replication stops`,
      ]
    : [];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html */
function archived({ objects = [] }: Snapshot, arn: string): string[] {
  const isTiered = objects.some(
    ({ bucket, storageClass }) => bucket === arn && storageClass === "INTELLIGENT_TIERING",
  );
  return isTiered
    ? [
        `objects of ${bucketNameOf(arn)} in the archive tiers of Intelligent-Tiering are not replicated: restore them first`,
      ]
    : [];
}
