/** What a replication rule means: from arguments to the S3 API's own shape, and from that shape to the objects it takes. */
import { DEFAULTS, MOST_RULES, type ReplicationRule } from "./arguments/arguments";

export type Status = "Enabled" | "Disabled";

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** A replication configuration as `aws s3api get-bucket-replication` prints it. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html */
export interface ReplicationConfiguration {
  readonly Role: string;
  readonly Rules: readonly ReplicationRuleJson[];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html */
export interface ReplicationRuleJson {
  readonly ID?: string;
  readonly Priority?: number;
  readonly Status: Status;
  /** Prefix of the V1 schema; a rule with it has no Filter. */
  readonly Prefix?: string;
  readonly Filter?: {
    readonly Prefix?: string;
    readonly Tag?: Tag;
    readonly And?: { readonly Prefix?: string; readonly Tags?: readonly Tag[] };
  };
  readonly DeleteMarkerReplication?: { readonly Status?: Status };
  readonly SourceSelectionCriteria?: {
    readonly SseKmsEncryptedObjects?: { readonly Status: Status };
    readonly ReplicaModifications?: { readonly Status: Status };
  };
  readonly ExistingObjectReplication?: { readonly Status: Status };
  readonly Destination: {
    readonly Bucket: string;
    readonly Account?: string;
    readonly StorageClass?: string;
    readonly AccessControlTranslation?: { readonly Owner: "Destination" };
    readonly EncryptionConfiguration?: { readonly ReplicaKmsKeyID?: string };
    readonly ReplicationTime?: { readonly Status: Status; readonly Time: { readonly Minutes: number } };
    readonly Metrics?: { readonly Status: Status; readonly EventThreshold?: { readonly Minutes: number } };
  };
}

/** A rule of a component after its defaults: what it needs of the two accounts can be read off. */
export interface ResolvedRule {
  readonly id: string;
  readonly destination: string;
  readonly enabled: boolean;
  readonly priority: number;
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly deleteMarkerReplication: boolean;
  readonly storageClass?: string;
  /** Undefined: it follows from the accounts, which are known when the contract is. */
  readonly ownerOverride?: boolean;
  readonly sseKmsEncryptedObjects: boolean;
  readonly replicaKmsKeyArn?: string;
  readonly replicationTimeControl: boolean;
  readonly metrics: boolean;
  readonly replicaModifications: boolean;
}

/**
 * Rules with their defaults filled in.
 * @param sourceHasKeys Whether objects of the source bucket can be under SSE-KMS as far as the arguments tell.
 */
export function resolveRules(
  rules: readonly ReplicationRule[],
  destinationNames: readonly string[],
  sourceHasKeys: boolean,
): ResolvedRule[] {
  return rules.map((rule, index) => ({
    id: rule.id,
    destination: rule.destination ?? destinationNames[0] ?? "",
    enabled: rule.enabled ?? true,
    priority: rule.priority ?? rules.length - index,
    prefix: rule.prefix ?? "",
    tags: rule.tags ?? {},
    deleteMarkerReplication: rule.deleteMarkerReplication ?? false,
    storageClass: rule.storageClass,
    ownerOverride: rule.ownerOverride,
    sseKmsEncryptedObjects:
      rule.sseKmsEncryptedObjects ?? (sourceHasKeys || rule.replicaKmsKeyArn !== undefined),
    replicaKmsKeyArn: rule.replicaKmsKeyArn,
    replicationTimeControl: rule.replicationTimeControl ?? false,
    metrics: rule.metrics ?? DEFAULTS.metrics,
    replicaModifications: rule.replicaModifications ?? false,
  }));
}

/** Whether the rule takes objects under SSE-KMS and DSSE-KMS too. */
export function selectsKms(rule: ReplicationRuleJson): boolean {
  return rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === "Enabled";
}

/** Whether replicas are handed to the destination's account: by default across accounts, where it matters. */
export function overridesOwner(
  { ownerOverride }: { readonly ownerOverride?: boolean },
  sourceAccountId: string,
  destinationAccountId: string,
): boolean {
  return ownerOverride ?? sourceAccountId !== destinationAccountId;
}

/** Where a rule writes, as the contract of its destination says. */
export interface RuleTarget {
  readonly accountId: string;
  readonly bucketArn: string;
}

/**
 * A rule in the V2 schema of the S3 API. The replica key is left out: it is the one value that may be unknown before
 * the first deployment, and whoever writes the rule adds it.
 */
export function toReplicationRule(
  rule: ResolvedRule,
  sourceAccountId: string,
  target: RuleTarget,
): ReplicationRuleJson {
  const tags = Object.entries(rule.tags).map(([Key, Value]) => ({ Key, Value }));
  const [firstTag] = tags;
  const status = (on: boolean): { Status: Status } => ({ Status: on ? "Enabled" : "Disabled" });
  return {
    ID: rule.id,
    Priority: rule.priority,
    ...status(rule.enabled),
    Filter:
      firstTag === undefined
        ? { Prefix: rule.prefix }
        : tags.length === 1 && rule.prefix === ""
          ? { Tag: firstTag }
          : { And: { ...(rule.prefix === "" ? {} : { Prefix: rule.prefix }), Tags: tags } },
    DeleteMarkerReplication: status(rule.deleteMarkerReplication),
    ...(rule.sseKmsEncryptedObjects || rule.replicaModifications
      ? {
          SourceSelectionCriteria: {
            ...(rule.sseKmsEncryptedObjects ? { SseKmsEncryptedObjects: status(true) } : {}),
            ...(rule.replicaModifications ? { ReplicaModifications: status(true) } : {}),
          },
        }
      : {}),
    Destination: {
      Bucket: target.bucketArn,
      ...(rule.storageClass === undefined ? {} : { StorageClass: rule.storageClass }),
      // Account and owner override only go together.
      ...(overridesOwner(rule, sourceAccountId, target.accountId)
        ? { Account: target.accountId, AccessControlTranslation: { Owner: "Destination" } }
        : {}),
      ...(rule.replicationTimeControl ? { ReplicationTime: { ...status(true), Time: { Minutes: 15 } } } : {}),
      ...(rule.metrics
        ? {
            Metrics: {
              ...status(true),
              ...(rule.replicationTimeControl ? { EventThreshold: { Minutes: 15 } } : {}),
            },
          }
        : {}),
    },
  };
}

/** Which objects a rule of the S3 API takes, in one form for both schemas. */
export interface RuleFilter {
  readonly prefix: string;
  readonly tags: readonly Tag[];
}

export function filterOf(rule: ReplicationRuleJson): RuleFilter {
  const { Filter: filter } = rule;
  return {
    prefix: filter?.And?.Prefix ?? filter?.Prefix ?? rule.Prefix ?? "",
    tags: filter?.And?.Tags ?? (filter?.Tag === undefined ? [] : [filter.Tag]),
  };
}

export function matchesFilter(
  filter: RuleFilter,
  key: string,
  tags: Readonly<Record<string, string>>,
): boolean {
  return (
    key.startsWith(filter.prefix) &&
    filter.tags.every(({ Key, Value }) => Object.hasOwn(tags, Key) && tags[Key] === Value)
  );
}

/** Whether a filter takes every object that another one takes. */
export function takesAllOf(filter: RuleFilter, other: RuleFilter): boolean {
  return (
    other.prefix.startsWith(filter.prefix) &&
    filter.tags.every(({ Key, Value }) => other.tags.some((tag) => tag.Key === Key && tag.Value === Value))
  );
}

/** Name of a rule for people: its ID, or its place. */
export function ruleName(configuration: ReplicationConfiguration, rule: ReplicationRuleJson): string {
  return rule.ID ?? `rule ${configuration.Rules.indexOf(rule)}`;
}

/**
 * The rule that decides for an object at each destination: of the enabled rules that match, the one with the highest
 * priority. In the V1 schema there are no priorities, and prefixes may not overlap.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
 */
export function decidingRules(
  configuration: ReplicationConfiguration,
  key: string,
  tags: Readonly<Record<string, string>>,
): ReplicationRuleJson[] {
  const winners = new Map<string, ReplicationRuleJson>();
  for (const rule of configuration.Rules) {
    if (rule.Status !== "Enabled" || !matchesFilter(filterOf(rule), key, tags)) continue;
    const winner = winners.get(rule.Destination.Bucket);
    if (winner === undefined || (rule.Priority ?? 0) > (winner.Priority ?? 0)) {
      winners.set(rule.Destination.Bucket, rule);
    }
  }
  return [...winners.values()];
}

/** What S3 would refuse in a replication configuration whatever the buckets are, in S3's own words where they are known. */
export function refusalsOfConfiguration(configuration: ReplicationConfiguration): string[] {
  const refusals: string[] = [];
  const { Rules: rules } = configuration;
  if (rules.length === 0)
    refusals.push("MalformedXML: a replication configuration must hold at least one rule");
  if (rules.length > MOST_RULES)
    refusals.push(`InvalidRequest: at most 1,000 rules are allowed, got ${rules.length}`);
  const repeated = <T>(values: readonly T[]) =>
    values.find((value, index) => values.indexOf(value) !== index);
  const priority = repeated(rules.flatMap((rule) => rule.Priority ?? []));
  if (priority !== undefined) {
    refusals.push(`InvalidRequest: priorities of rules must be unique, found ${priority} more than once`);
  }
  const id = repeated(rules.flatMap((rule) => rule.ID ?? []));
  if (id !== undefined)
    refusals.push(`InvalidArgument: rule IDs must be unique, found '${id}' more than once`);
  for (const rule of rules) {
    const name = `rule '${ruleName(configuration, rule)}'`;
    const { Destination: destination } = rule;
    if (
      rule.Filter !== undefined &&
      (rule.Priority === undefined || rule.DeleteMarkerReplication === undefined)
    ) {
      refusals.push(`InvalidRequest: ${name} has a Filter, so it needs Priority and DeleteMarkerReplication`);
    }
    if (rule.DeleteMarkerReplication?.Status === "Enabled" && filterOf(rule).tags.length > 0) {
      refusals.push(
        `InvalidRequest: ${name}: delete marker replication cannot be used with a filter on tags`,
      );
    }
    if (destination.ReplicationTime?.Status === "Enabled" && destination.Metrics?.Status !== "Enabled") {
      refusals.push(`InvalidRequest: ${name}: Replication Time Control needs Metrics`);
    }
    if (selectsKms(rule) && destination.EncryptionConfiguration?.ReplicaKmsKeyID === undefined) {
      refusals.push(`InvalidRequest: ${name} selects SSE-KMS objects, so it needs a ReplicaKmsKeyID`);
    }
    if (destination.AccessControlTranslation !== undefined && destination.Account === undefined) {
      refusals.push(
        `InvalidRequest: ${name} overrides the owner, so it needs the Account of the destination`,
      );
    }
    if (rule.ExistingObjectReplication !== undefined) {
      refusals.push(
        `MalformedXML: ${name}: ExistingObjectReplication is not accepted; use S3 Batch Replication`,
      );
    }
  }
  return refusals;
}
