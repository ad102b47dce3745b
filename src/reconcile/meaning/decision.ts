/** What the rules of a bucket want of each version at one destination, as an ordered list of conditions. */
import { prefixesMeet } from "../../replication/ruleFilter";
import {
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
  selectsKms,
} from "../../replication/rules";
import { type Branch, isOutcome, type Outcome, outcomeName } from "./branches";
import type { BucketFacts } from "./bucketFacts";
import {
  and,
  type Condition,
  equals,
  hasTag,
  holds,
  isUnread,
  laterThan,
  not,
  oneOf,
  or,
  OTHERWISE,
  startsWith,
} from "./conditions";
import { differs } from "./differences";
import {
  IS_MARKER,
  IS_THERE,
  type RuleContext,
  thereBranches,
  unknownBranches,
  versionBranches,
} from "./versionBranches";

/** The decision on one destination. */
export interface Decision {
  readonly destinationArn: string;
  readonly branches: readonly Branch[];
  /** Every outcome once: what is counted is counted by its place here. */
  readonly outcomes: readonly Outcome[];
}

/** Destinations of the enabled rules, in the order of the rules. */
export function destinationsOf({ Rules }: ReplicationConfiguration): string[] {
  const enabled = Rules.filter(({ Status }) => Status === "Enabled");
  return [...new Set(enabled.map(({ Destination }) => Destination.Bucket))];
}

/** How one destination of a configuration is decided on. */
export function decisionOf(
  configuration: ReplicationConfiguration,
  destinationArn: string,
  facts: BucketFacts,
): Decision {
  const rules = configuration.Rules.filter(({ Destination }) => Destination.Bucket === destinationArn);
  const enabled = byPriority(rules.filter(({ Status }) => Status === "Enabled"));
  const disabled = byPriority(rules.filter(({ Status }) => Status === "Disabled"));
  const isOnlyDestination = destinationsOf(configuration).length === 1;
  const branches: Branch[] = [
    { when: equals("source.isThere", false), then: destinationOnly(facts) },
    ...enabled.flatMap((rule, place) =>
      ruleBranches(
        { name: ruleName(configuration, rule), rule, facts, isOnlyDestination },
        enabled.slice(place + 1),
      ),
    ),
    ...disabled.map((rule) => ({
      when: takes(rule),
      then: { cause: "rule-disabled" as const, rule: ruleName(configuration, rule) },
    })),
    { when: OTHERWISE, then: { cause: "no-rule" } },
  ];
  return { destinationArn, branches, outcomes: outcomesOf(branches) };
}

/** The highest priority first. Where priorities are equal or missing, the earlier rule: the order that S3 decides by. */
function byPriority(rules: readonly ReplicationRuleJson[]): ReplicationRuleJson[] {
  return [...rules].sort((one, other) => (other.Priority ?? 0) - (one.Priority ?? 0));
}

function destinationOnly({ sourceListedAt }: BucketFacts): Branch[] {
  return [
    {
      when: laterThan("destination.lastModified", sourceListedAt),
      then: { cause: "destination-written-later" },
    },
    {
      when: and(equals("destination.isDeleteMarker", true), equals("destination.isLatest", true)),
      then: { cause: "destination-only-hiding" },
    },
    { when: OTHERWISE, then: { cause: "destination-only" } },
  ];
}

function hasPrefix(rule: ReplicationRuleJson): Condition {
  const { prefix } = filterOf(rule);
  return prefix === "" ? OTHERWISE : startsWith("key", prefix);
}

/** Whether a rule takes a version. A delete marker has no tags, so a rule that filters by tags takes none. */
function takes(rule: ReplicationRuleJson): Condition {
  const { tags } = filterOf(rule);
  if (tags.length === 0) return hasPrefix(rule);
  return and(
    hasPrefix(rule),
    not(IS_MARKER),
    ...tags.map(({ Key, Value }) => hasTag("source.tags", Key, Value)),
  );
}

/** @param lower Enabled rules of lower priority. */
function ruleBranches(context: RuleContext, lower: readonly ReplicationRuleJson[]): Branch[] {
  const { rule } = context;
  const taken: Branch = { when: takes(rule), then: versionBranches(context) };
  return filterOf(rule).tags.length === 0 ? [taken] : [taken, ...maybeBranches(context, lower)];
}

/** Under no key of KMS: whether a rule selects these does not matter. */
const IS_PLAIN = oneOf("source.encryption", ["SSE-S3", "SSE-C", "NOT-SSE"]);

/**
 * Where the tags were not read, this rule or one of lower priority takes the version. This rule decides on what is there
 * as it wants it. On all else a lower rule without tags decides, if it has the key. Which of the two matters only for what
 * one selects and the other does not.
 */
function maybeBranches(context: RuleContext, lower: readonly ReplicationRuleJson[]): Branch[] {
  const { rule, facts } = context;
  const { prefix } = filterOf(rule);
  const others = lower.filter((each) => {
    const { prefix: other, tags } = filterOf(each);
    return tags.length === 0 && prefixesMeet(other, prefix);
  });
  const unlike = others.filter((each) => selectsKms(each) !== selectsKms(rule));
  const isAlone = !others.some((each) => prefix.startsWith(filterOf(each).prefix));
  const mayTake = and(hasPrefix(rule), not(IS_MARKER), isUnread("source.tags"));
  const isMissing = not(IS_THERE);
  const unknown = unknownBranches(context);
  return [
    {
      when: and(mayTake, IS_THERE, not(holds(differs(rule, facts)))),
      then: thereBranches(context),
    },
    ...(unlike.length === 0
      ? []
      : [
          {
            when: and(mayTake, isMissing, not(holds(IS_PLAIN)), or(...unlike.map(hasPrefix))),
            then: unknown,
          },
        ]),
    ...(isAlone
      ? [{ when: and(mayTake, ...others.map((each) => not(hasPrefix(each)))), then: unknown }]
      : []),
  ];
}

/** Every outcome of a decision once, in the order in which it is decided. */
function outcomesOf(branches: readonly Branch[]): Outcome[] {
  const known = new Map<string, Outcome>();
  const visit = (then: Branch["then"]): void => {
    if (isOutcome(then)) known.set(outcomeName(then), then);
    else then.forEach((branch) => visit(branch.then));
  };
  visit(branches);
  return [...known.values()];
}
