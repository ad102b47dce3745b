/** Rules that are on and take nothing of what is written by default: they look like replication, and replicate nothing. */
import type { BucketState, Snapshot } from "../snapshot/snapshot";
import type { Place } from "../snapshot/places";
import { coveringRules, whyCovered } from "../replication/coveredRules";
import { findingId, type FindingKind } from "../replication/findings";
import { bucketNameOf } from "../naming/names";
import { type RuleFilter, takesAllOf } from "../replication/ruleFilter";
import {
  filterOf,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
} from "../replication/rules";

/** One rule that takes nothing. */
export interface RuleFinding {
  /** By which the finding is accepted: `<kind>:<bucket name>/<rule>`. */
  readonly id: string;
  readonly kind: FindingKind;
  /** ARN of the source bucket. */
  readonly bucket: string;
  readonly rule: string;
  /** As a sentence. */
  readonly reason: string;
  /** What mends it, a sentence each: one of them is enough. */
  readonly mends: readonly string[];
  /** Who said that it is meant so. Left out: nobody did, so that the verdict is broken. */
  readonly acceptedBy?: "the program" | "--accept";
  /** Where it stands in the user's code. Left out: nobody knows. */
  readonly place?: Place;
}

/**
 * @param accept Findings that are meant so: their ids, or kinds for all findings of a kind.
 */
export function ruleFindings(snapshot: Snapshot, accept: readonly string[] = []): RuleFinding[] {
  const byProgram = new Set(snapshot.accepted);
  const byOption = new Set(accept);
  return Object.entries(snapshot.buckets).flatMap(([bucketArn, bucket]) =>
    findingsOfBucket(bucketArn, bucket).map((finding) => {
      if (byOption.has(finding.id) || byOption.has(finding.kind)) {
        return { ...finding, acceptedBy: "--accept" };
      }
      return byProgram.has(finding.id) ? { ...finding, acceptedBy: "the program" } : finding;
    }),
  );
}

type Found = Pick<RuleFinding, "kind" | "reason" | "mends">;

function findingsOfBucket(bucketArn: string, bucket: BucketState): RuleFinding[] {
  const { replication } = bucket;
  if (replication === null) return [];
  const enabled = replication.Rules.filter(({ Status: status }) => status === "Enabled");
  const coveredBy = coveringRules(replication.Rules);
  // Of such a rule, only the part for other objects is here.
  const selecting = new Set((replication.UnreadRules ?? []).map(({ name }) => name));
  return enabled.flatMap((rule) => {
    const found =
      impossible(filterOf(rule), ruleName(replication, rule)) ??
      covered(replication, rule, coveredBy.get(rule)) ??
      (selecting.has(ruleName(replication, rule))
        ? undefined
        : unselected(bucketArn, bucket, ruleName(replication, rule), rule));
    if (found === undefined) return [];
    const name = ruleName(replication, rule);
    return [{ id: findingId(found.kind, bucketArn, name), bucket: bucketArn, rule: name, ...found }];
  });
}

// ---- what is written by default is not selected -------------------------------------------------------------------

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
function unselected(
  bucketArn: string,
  { encryption, unread }: BucketState,
  name: string,
  rule: ReplicationRuleJson,
): Found | undefined {
  const isKms = encryption?.algorithm.startsWith("aws:kms") === true;
  if (!isKms || unread?.includes("encryption") === true) return undefined;
  if (rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === "Enabled") return undefined;
  const kind = encryption.algorithm === "aws:kms:dsse" ? "DSSE-KMS" : "SSE-KMS";
  return {
    kind: "sse-kms-not-selected",
    reason: `objects of ${bucketNameOf(bucketArn)} are under ${kind} by default, and rule '${name}' does not select these: nothing that is written by default arrives`,
    mends: [
      `select them (SourceSelectionCriteria.SseKmsEncryptedObjects and a ReplicaKmsKeyID), and let the role use both keys`,
      `take rule '${name}' away`,
    ],
  };
}

// ---- another rule takes everything --------------------------------------------------------------------------------

function covered(
  configuration: ReplicationConfiguration,
  rule: ReplicationRuleJson,
  by: ReplicationRuleJson | undefined,
): Found | undefined {
  if (by === undefined) return undefined;
  const [name, other] = [rule, by].map((each) => ruleName(configuration, each));
  const isSame = takesAllOf(filterOf(rule), filterOf(by));
  return {
    kind: "covered-by-another-rule",
    reason: whyCovered(configuration, rule, by),
    mends: [
      isSame
        ? `narrow rule '${other}', or let rule '${name}' take other objects`
        : `give rule '${name}' a higher priority than rule '${other}'`,
      `take rule '${name}' away`,
    ],
  };
}

// ---- no object can match ------------------------------------------------------------------------------------------

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MOST_TAGS = 10;

function impossible({ prefix, tags }: RuleFilter, name: string): Found | undefined {
  const because = whyNoKey(prefix) ?? whyNoTags(tags);
  if (because === undefined) return undefined;
  return {
    kind: "no-object-can-match",
    reason: `rule '${name}' takes nothing: ${because}`,
    mends: [`give rule '${name}' a filter that objects meet`, `take rule '${name}' away`],
  };
}

function whyNoKey(prefix: string): string | undefined {
  if (Buffer.byteLength(prefix) > LONGEST_KEY) {
    return `an object key has at most ${LONGEST_KEY} bytes, and its prefix has ${Buffer.byteLength(prefix)}`;
  }
  return climbsOut(prefix)
    ? `S3 takes no object key that begins with '${prefix}', as '..' would lead out of the bucket there`
    : undefined;
}

/**
 * Whether a key, read from the left, has had more segments `..` than others at some place. The last segment counts only
 * where a slash ends it: a key may go on there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
function climbsOut(prefix: string): boolean {
  let depth = 0;
  for (const segment of prefix.split("/").slice(0, -1)) {
    depth += segment === ".." ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

function whyNoTags(tags: RuleFilter["tags"]): string | undefined {
  const keys = new Set(tags.map(({ Key }) => Key));
  return keys.size > MOST_TAGS
    ? `an object has at most ${MOST_TAGS} tags, and its filter asks for ${keys.size}`
    : undefined;
}
