/** What has to be known of the buckets before their versions are listed: rules, Regions, owners, lifecycle. */
import {
  GetBucketAclCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import type { AwsAccount } from "../aws/account";
import { AwsCallFailed } from "../aws/failures";
import { bucketRegion, ownerAmong, type PairAccounts, regionIfThere, replicationOf } from "../aws/pair";
import { Questions } from "../aws/questions";
import { bucketArnOf, bucketNameOf } from "../naming/names";
import { type ReplicationConfiguration, type ReplicationRuleJson, ruleName } from "../replication/rules";
import { Unread } from "../snapshot/unread";
import { given } from "../util/optional";
import type { ListedBucket } from "./list/versionPages";
import type { KnownFacts } from "./meaning/bucketFacts";
import { destinationsOf } from "./meaning/decision";
import type { DeletingRule } from "./meaning/lifecycle";

export interface ReadBucket extends ListedBucket {
  readonly account: AwsAccount;
  readonly region: string;
}

export interface ReadDestination extends ReadBucket {
  readonly arn: string;
  /** Account that owns it, where that is known. */
  readonly owner?: string;
  readonly facts: KnownFacts;
}

export interface ReadBuckets {
  readonly configuration: ReplicationConfiguration;
  readonly source: ReadBucket;
  /** In the order of `destinationsOf`. */
  readonly destinations: readonly ReadDestination[];
  /** What cannot be compared for want of facts, a sentence each. */
  readonly notCompared: readonly string[];
}

/** @throws AwsCallFailed where there is no such bucket, nothing replicates, or a destination is not there. */
export async function readBuckets(
  accounts: PairAccounts,
  bucketName: string,
  signal: AbortSignal,
): Promise<ReadBuckets> {
  const questions = new Questions(signal);
  const region = await bucketRegion(accounts.source, bucketName);
  const configuration = await replicationOf(accounts.source, bucketName, region);
  const arns = configuration === null ? [] : destinationsOf(configuration);
  if (configuration === null || arns.length === 0) {
    const why =
      configuration === null
        ? "has no replication configuration"
        : `has no enabled rule (disabled: ${configuration.Rules.map((rule) => ruleName(configuration, rule)).join(", ")})`;
    throw new AwsCallFailed(`bucket '${bucketName}' ${why}, so S3 replicates nothing of it`);
  }
  const source = await bucketOf(accounts.source, bucketName, region);
  const sourceArn = bucketArnOf(accounts.source.partition, bucketName);
  const lifecycle = await lifecycleOf(questions, source, sourceArn);
  const ofSource = {
    ...given("expiringPrefixes", lifecycle?.filter(expires).map(prefixOfRule)),
    ...given("sourceDeletions", lifecycle?.flatMap(deletes)),
  };
  const destinations = await Promise.all(
    arns.map((arn) => {
      const rules = configuration.Rules.filter(({ Destination }) => Destination.Bucket === arn);
      return readDestination(accounts, questions, arn, rules, ofSource);
    }),
  );
  return {
    configuration,
    source,
    destinations,
    notCompared: [
      ...destinations.flatMap((destination) => notComparedOf(configuration, destination)),
      ...questions.unanswered.map(
        ({ caller, action, resource, refused, reason }) =>
          `not read: ${refused ? `${caller} needs ${action} on ${resource}` : `${action} on ${resource}: ${reason}`}`,
      ),
    ],
  };
}

async function bucketOf(account: AwsAccount, name: string, region: string): Promise<ReadBucket> {
  return { account, region, name, s3: await account.s3(region), callerArn: account.callerArn };
}

async function readDestination(
  accounts: PairAccounts,
  questions: Questions,
  arn: string,
  rules: readonly ReplicationRuleJson[],
  ofSource: KnownFacts,
): Promise<ReadDestination> {
  const name = bucketNameOf(arn);
  const said = rules.map(({ Destination: { Account } }) => Account).find((id) => id !== undefined);
  const callers = [...accounts.destinations, accounts.source];
  const region = await regionIfThere(callers[0] ?? accounts.source, name);
  if (region === undefined) throw new AwsCallFailed(`there is no destination bucket '${name}'`);
  const entered = await ownerAmong(callers, name, region, questions.signal);
  const owner = entered?.id ?? said;
  const bucket = await bucketOf(entered ?? accounts.source, name, region);
  const lifecycle = await lifecycleOf(questions, bucket, arn);
  const overrides = rules.some(({ Destination }) => Destination.AccessControlTranslation !== undefined);
  const destinationOwner = overrides ? await canonicalOwner(questions, bucket, arn) : undefined;
  return {
    ...bucket,
    arn,
    ...given("owner", owner),
    facts: {
      ...given("crossesAccounts", owner === undefined ? undefined : owner !== accounts.source.id),
      ...given("destinationOwner", destinationOwner),
      ...given("destinationTransitions", lifecycle?.some(moves)),
      ...given("destinationDeletions", lifecycle?.flatMap(deletes)),
      ...ofSource,
    },
  };
}

/** Enabled lifecycle rules; undefined where they could not be read. */
async function lifecycleOf(
  questions: Questions,
  { account, s3, name }: ReadBucket,
  arn: string,
): Promise<readonly LifecycleRule[] | undefined> {
  const answer = await questions.ask(
    { account, action: "s3:GetLifecycleConfiguration", resource: arn },
    (options) => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: name }), options),
  );
  if (answer instanceof Unread) return undefined;
  return (answer?.Rules ?? []).filter(({ Status }) => Status === "Enabled");
}

const expires = ({ Expiration }: LifecycleRule) =>
  Expiration?.Days !== undefined || Expiration?.Date !== undefined;

/** Whoever lets current versions expire lets S3 remove delete markers that hide nothing too. */
function deletes(rule: LifecycleRule): DeletingRule[] {
  const prefix = prefixOfRule(rule);
  const { NoncurrentDays: noncurrentDays } = rule.NoncurrentVersionExpiration ?? {};
  const deletesMarkers = expires(rule) || rule.Expiration?.ExpiredObjectDeleteMarker === true;
  return [
    ...(deletesMarkers ? [{ prefix }] : []),
    ...(noncurrentDays === undefined ? [] : [{ prefix, noncurrentDays }]),
  ];
}

const moves = ({ Transitions = [], NoncurrentVersionTransitions = [] }: LifecycleRule) =>
  Transitions.length + NoncurrentVersionTransitions.length > 0;

function prefixOfRule({ Filter, Prefix }: LifecycleRule): string {
  return Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? "";
}

async function canonicalOwner(
  questions: Questions,
  { account, s3, name }: ReadBucket,
  arn: string,
): Promise<string | undefined> {
  const answer = await questions.ask({ account, action: "s3:GetBucketAcl", resource: arn }, (options) =>
    s3.send(new GetBucketAclCommand({ Bucket: name }), options),
  );
  return answer instanceof Unread ? undefined : answer?.Owner?.ID;
}

function notComparedOf({ Rules }: ReplicationConfiguration, { name, arn, facts }: ReadDestination): string[] {
  const rules = Rules.filter(({ Destination }) => Destination.Bucket === arn);
  const overrides = rules.some(({ Destination }) => Destination.AccessControlTranslation !== undefined);
  return [
    ...(facts.destinationTransitions === true
      ? [`storage classes in ${name}: lifecycle rules move objects there`]
      : []),
    ...(facts.destinationTransitions === undefined
      ? [`storage classes in ${name}: whether lifecycle rules move objects there was not read`]
      : []),
    ...(overrides && facts.destinationOwner === undefined
      ? [`owners in ${name}: the canonical user id of its account was not read`]
      : []),
  ];
}
