/** What a replication rule means: from arguments to the S3 API's own shape, and from that shape to the objects it takes. */
import { grouped } from "../util/grouping";
import { DEFAULTS, type ReplicationRule } from "./arguments/arguments";
import { hasTags, type RuleFilter, type Tag } from "./ruleFilter";
import type { UnreadRule } from "./unreadRules";

/** The only time, and the only threshold of events, that S3 Replication Time Control knows. */
export const TIME_CONTROL = { Minutes: 15 } as const;

/**
 * Priority of the first rule where rules say none: the most that a bucket can have. The others count down from it, so
 * that a rule which is added last leaves the others as they are.
 */
const FIRST_PRIORITY = 1000;

export type Status = "Enabled" | "Disabled";

/** A replication configuration as `aws s3api get-bucket-replication` prints it. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html */
export interface ReplicationConfiguration {
  readonly Role: string;
  readonly Rules: readonly ReplicationRuleJson[];
  /**
   * Rules of which a source leaves something open; they are not among the others. AWS knows no such thing.
   * Default: none.
   */
  readonly UnreadRules?: readonly UnreadRule[];
  /**
   * Names of aliases (`alias/...`) by which rules call their replica keys, by the key's ARN. AWS knows no such thing.
   * Default: none.
   */
  readonly KeyAliases?: Readonly<Record<string, readonly string[]>>;
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
    readonly ReplicationTime?: { readonly Status: Status; readonly Time?: { readonly Minutes: number } };
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
    priority: rule.priority ?? FIRST_PRIORITY - index,
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
  sourceAccountId: string | undefined,
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
  const status = (on: boolean): { Status: Status } => ({ Status: on ? "Enabled" : "Disabled" });
  return {
    ID: rule.id,
    Priority: rule.priority,
    ...status(rule.enabled),
    Filter: filterFor({ prefix: rule.prefix, tags }),
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
      // An owner override needs it; without one it says to reviewers and policy packs where the objects go.
      Account: target.accountId,
      ...(overridesOwner(rule, sourceAccountId, target.accountId)
        ? { AccessControlTranslation: { Owner: "Destination" } }
        : {}),
      ...(rule.replicationTimeControl ? { ReplicationTime: { ...status(true), Time: TIME_CONTROL } } : {}),
      ...(rule.metrics
        ? {
            Metrics: {
              ...status(true),
              ...(rule.replicationTimeControl ? { EventThreshold: TIME_CONTROL } : {}),
            },
          }
        : {}),
    },
  };
}

export function filterOf(rule: ReplicationRuleJson): RuleFilter {
  const { Filter: filter } = rule;
  const tags = [...(filter?.And?.Tags ?? []), ...(filter?.Tag === undefined ? [] : [filter.Tag])];
  return { prefix: prefixOf(rule), tags };
}

function prefixOf({ Filter: filter, Prefix: prefix }: ReplicationRuleJson): string {
  return filter?.And?.Prefix ?? filter?.Prefix ?? prefix ?? "";
}

/** The filter of a rule in the V2 schema. A single part stands alone, several stand in an And. */
export function filterFor({ prefix, tags }: RuleFilter): NonNullable<ReplicationRuleJson["Filter"]> {
  const [firstTag] = tags;
  if (firstTag === undefined) return { Prefix: prefix };
  if (tags.length === 1 && prefix === "") return { Tag: firstTag };
  return { And: { ...(prefix === "" ? {} : { Prefix: prefix }), Tags: tags } };
}

/** Name of a rule for people: its ID, or its place. */
export function ruleName(
  configuration: Pick<ReplicationConfiguration, "Rules">,
  rule: ReplicationRuleJson,
): string {
  return rule.ID === undefined || rule.ID === "" ? `rule ${configuration.Rules.indexOf(rule)}` : rule.ID;
}

/** What a text calls a rule of that name: a rule without an ID is called by its place already. */
export function ruleTitle(name: string): string {
  return /^rule \d+$/.test(name) ? name : `rule ${name}`;
}

/** Places of rules by their names; of two rules of one name, the first. */
export function placesOfRules(configuration: ReplicationConfiguration): ReadonlyMap<string, number> {
  const named = configuration.Rules.map((rule, index) => [ruleName(configuration, rule), index] as const);
  return new Map(named.reverse());
}

/** The same for many questions about many buckets: the rule that a bucket has under a name. */
export function rulesByName(
  buckets: Readonly<Record<string, { readonly replication: ReplicationConfiguration | null }>>,
): (bucket: string, name: string | undefined) => ReplicationRuleJson | undefined {
  const known = new Map<string, ReadonlyMap<string, number>>();
  return (bucket, name) => {
    const configuration = buckets[bucket]?.replication;
    if (!configuration || name === undefined) return undefined;
    let places = known.get(bucket);
    if (places === undefined) known.set(bucket, (places = placesOfRules(configuration)));
    return configuration.Rules[places.get(name) ?? -1];
  };
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
  return new DecidingRules(configuration).of(key, tags);
}

/** The same for many objects. */
export class DecidingRules {
  /** Enabled rules by destination: as they are written, and those of the highest priority first. */
  private readonly rivals: readonly (readonly [written: RankedRule[], ranked: RankedRule[]])[];

  constructor({ Rules: rules }: ReplicationConfiguration) {
    const enabled = rules
      .map((rule, place): RankedRule => ({ rule, place, prefix: prefixOf(rule) }))
      .filter(({ rule }) => rule.Status === "Enabled");
    const ofDestination = grouped(enabled, ({ rule }) => rule.Destination.Bucket);
    // The sort is stable: of two rules with one priority the first decides.
    this.rivals = [...ofDestination.values()].map((written) => [
      written,
      [...written].sort(({ rule: left }, { rule: right }) => (right.Priority ?? 0) - (left.Priority ?? 0)),
    ]);
  }

  /** In the order of the first rule for each destination that takes the object. */
  of(key: string, tags: Readonly<Record<string, string>>): ReplicationRuleJson[] {
    const takes = ({ rule, prefix }: RankedRule) => key.startsWith(prefix) && hasTags(filterOf(rule), tags);
    const winners = this.rivals.flatMap(([written, ranked]) => {
      const rule = ranked.find(takes)?.rule;
      return rule === undefined ? [] : [{ rule, written }];
    });
    if (winners.length < 2) return winners.map(({ rule }) => rule);
    return winners
      .map(({ rule, written }) => ({ rule, place: written.find(takes)?.place ?? 0 }))
      .sort((left, right) => left.place - right.place)
      .map(({ rule }) => rule);
  }
}

interface RankedRule {
  readonly rule: ReplicationRuleJson;
  readonly place: number;
  readonly prefix: string;
}

/** The same among enabled rules whose prefix the object's key has. */
export function decidingAmong(
  rules: readonly ReplicationRuleJson[],
  tags: Readonly<Record<string, string>>,
): ReplicationRuleJson[] {
  const winners = new Map<string, ReplicationRuleJson>();
  for (const rule of rules) {
    const winner = winners.get(rule.Destination.Bucket);
    if (winner !== undefined && (rule.Priority ?? 0) <= (winner.Priority ?? 0)) continue;
    if (hasTags(filterOf(rule), tags)) winners.set(rule.Destination.Bucket, rule);
  }
  return [...winners.values()];
}

export function withoutExistingObjects(rule: ReplicationRuleJson): ReplicationRuleJson {
  const copy: { -readonly [Field in keyof ReplicationRuleJson]: ReplicationRuleJson[Field] } = { ...rule };
  delete copy.ExistingObjectReplication;
  return copy;
}

/** The highest priority that S3 takes; the lowest is 0. */
export const HIGHEST_PRIORITY = 2_147_483_647;

const prioritiesTaken = new WeakMap<ReplicationConfiguration, TakenPriorities>();

interface TakenPriorities {
  readonly taken: readonly number[];
  readonly highest: number;
}

/** A thousand rules ask for it, each. */
function takenPriorities(configuration: ReplicationConfiguration): TakenPriorities {
  let priorities = prioritiesTaken.get(configuration);
  if (priorities === undefined) {
    const isPriority = (n: number) => n >= 0 && n <= HIGHEST_PRIORITY;
    const taken = configuration.Rules.flatMap((rule) => rule.Priority ?? []).filter(isPriority);
    prioritiesTaken.set(configuration, (priorities = { taken, highest: Math.max(0, ...taken) }));
  }
  return priorities;
}

/** A priority that no other rule has. Rules at several places that ask at once get different ones. */
export function freePriority(configuration: ReplicationConfiguration, index: number): number {
  const { taken, highest } = takenPriorities(configuration);
  const next = highest + 1 + index;
  if (next <= HIGHEST_PRIORITY) return next;
  // Among twice as many numbers as there are rules, one is free for each of them.
  const numbers = new Set(Array.from({ length: 2 * configuration.Rules.length }, (_, number) => number));
  for (const number of taken) numbers.delete(number);
  return [...numbers][index] ?? 0;
}
