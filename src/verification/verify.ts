/** Every enabled rule of a bucket, verified with real objects. */
import pLimit from "p-limit";
import { AwsCallFailed, describe } from "../aws/failures";
import { bucketRegion, type PairAccounts, replicationOf } from "../aws/pair";
import type { Diagnosis } from "../doctor/diagnose";
import { bucketArnOf, bucketNameOf } from "../naming/names";
import { type ReplicationConfiguration, type ReplicationRuleJson, ruleName } from "../replication/rules";
import { Bucket } from "./bucket";
import { type CanaryPlace, type NoPlace, placeFor } from "./canary";
import { type Guards, guardsOf } from "./guards";
import { type RuleVerification, type VerificationReport, verdictOf } from "./report";
import type { Destination } from "./ruleSetting";
import { RuleRun } from "./verifyRule";

export interface VerificationOptions {
  /** What the keys of canaries begin with, after the prefix of their rule. */
  readonly canaryPrefix: string;
  /** How long a canary, and then its delete marker, may take, in milliseconds. */
  readonly timeout: number;
  /** Put canaries even where they, or their replicas, cannot be removed again. */
  readonly leaveCanaries: boolean;
  readonly signal: AbortSignal;
  /** Before S3 is asked a second time, in milliseconds. Default: 1000. */
  readonly firstPause?: number;
  readonly onStatus?: (rule: string, status: string) => void;
  /** Asked for the cause when a rule failed. */
  readonly diagnose?: (accounts: PairAccounts, bucketName: string) => Promise<Diagnosis>;
}

/** Rules at a time: what waits costs little, and S3 takes thousands of requests a second. */
const RULES_AT_ONCE = 50;

/**
 * Puts a canary under each rule, follows it, and removes it and its replicas.
 * @throws AwsCallFailed Where the bucket or its replication configuration cannot be read.
 */
export async function verify(
  accounts: PairAccounts,
  bucketName: string,
  options: VerificationOptions,
): Promise<VerificationReport> {
  const { source: account } = accounts;
  const region = await bucketRegion(account, bucketName);
  const configuration = await replicationOf(account, bucketName, region);
  if (configuration === null) {
    throw new AwsCallFailed(
      `bucket '${bucketName}' has no replication configuration, so there is nothing to verify`,
    );
  }
  const source = await Bucket.open(bucketName, region, account);
  const planned = configuration.Rules.filter(({ Status }) => Status === "Enabled").map((rule) => ({
    rule,
    place: placeFor(bucketName, configuration, rule, options.canaryPrefix),
  }));
  const places = planned.flatMap(({ place }) => ("prefix" in place ? [place] : []));
  const destinations = await openDestinations(accounts, places);
  const prefixes = places.map(({ prefix }) => prefix);
  const opened = [source, ...[...destinations.values()].flatMap(({ bucket }) => bucket ?? [])];
  const guards = await guardsOfAll(opened, prefixes);

  const verifyOne = async ({ rule, place }: (typeof planned)[number]) => {
    const name = ruleName(configuration, rule);
    if ("why" in place) return withoutPlace(configuration, rule, place);
    const arns = new Set([rule, ...place.takers].map(({ Destination: { Bucket: arn } }) => arn));
    const [first, ...others] = [...arns].flatMap((arn) => destinations.get(arn) ?? []);
    const buckets = [source, first?.bucket, ...others.map(({ bucket }) => bucket)];
    return new RuleRun({
      configuration,
      rule,
      source,
      sourceArn: bucketArnOf(account.partition, bucketName),
      place,
      destinations: [first!, ...others],
      retentions: buckets.flatMap((bucket) => (bucket && guards.get(bucket)?.retention) ?? []),
      leaveCanaries: options.leaveCanaries,
      patience: { timeout: options.timeout, firstPause: options.firstPause ?? 1000, signal: options.signal },
      onStatus: (status) => options.onStatus?.(name, status),
    })
      .verify()
      .finally(() => options.onStatus?.(name, "done"));
  };
  const limit = pLimit(RULES_AT_ONCE);
  const rules = await Promise.all(planned.map((each) => limit(verifyOne, each)));
  const report = {
    verdict: verdictOf(rules),
    bucket: bucketName,
    account: account.id,
    region,
    rules,
    notes: [...guards.values()].flatMap(({ notes }) => notes),
  };
  return withCause(report, accounts, options);
}

/** The report, and where a rule failed the diagnosis of the bucket. */
async function withCause(
  report: VerificationReport,
  accounts: PairAccounts,
  { diagnose }: VerificationOptions,
): Promise<VerificationReport> {
  const { bucket, rules, notes } = report;
  if (diagnose === undefined || !rules.some(({ outcome }) => outcome === "failed")) return report;
  try {
    return { ...report, diagnosis: await diagnose(accounts, bucket) };
  } catch (error) {
    return { ...report, notes: [...notes, `the cause could not be looked for: ${describe(error)}`] };
  }
}

/** What stands in the way of canaries in each bucket. */
async function guardsOfAll(
  buckets: readonly Bucket[],
  prefixes: readonly string[],
): Promise<ReadonlyMap<Bucket, Guards>> {
  return new Map(
    await Promise.all(buckets.map(async (bucket) => [bucket, await guardsOf(bucket, prefixes)] as const)),
  );
}

function withoutPlace(
  configuration: ReplicationConfiguration,
  rule: ReplicationRuleJson,
  { why, reason }: NoPlace,
): RuleVerification {
  return {
    rule: ruleName(configuration, rule),
    destination: rule.Destination.Bucket,
    outcome: why === "shadowed" ? "shadowed" : "refused",
    reason,
    checks: [],
    notes: [],
    left: [],
    removedLeftovers: 0,
  };
}

/** Each destination bucket that canaries go to, through the first account that may list it. */
async function openDestinations(
  accounts: PairAccounts,
  places: readonly CanaryPlace[],
): Promise<Map<string, Destination>> {
  const first = new Map<string, { rule: ReplicationRuleJson; prefix: string }>();
  for (const { takers, prefix } of places) {
    for (const rule of takers) {
      if (!first.has(rule.Destination.Bucket)) first.set(rule.Destination.Bucket, { rule, prefix });
    }
  }
  return new Map(
    await Promise.all(
      [...first].map(
        async ([arn, { rule, prefix }]) => [arn, await openDestination(accounts, rule, prefix)] as const,
      ),
    ),
  );
}

async function openDestination(
  { source, destinations }: PairAccounts,
  { Destination: { Bucket: arn, Account } }: ReplicationRuleJson,
  prefix: string,
): Promise<Destination> {
  const name = bucketNameOf(arn);
  const candidates = [...destinations, source].sort(
    (left, right) => Number(right.id === Account) - Number(left.id === Account),
  );
  let failure = "";
  for (const account of candidates) {
    try {
      const bucket = await Bucket.open(name, await bucketRegion(account, name), account);
      await bucket.list(prefix);
      return { arn, bucket };
    } catch (error) {
      failure ||= error instanceof AwsCallFailed ? error.message : describe(error);
    }
  }
  return {
    arn,
    reason: `replicas in bucket '${name}' can neither be looked at nor be removed with the credentials given (${failure}); --destination-profile or --destination-role-arn gives others`,
  };
}
