/** The walk: every object of a snapshot through every rule that takes it, request by request. */
import { putOf } from "../resources/replicationRefusals";
import type { BucketState, ObjectState, Snapshot } from "../snapshot/snapshot";
import { refusalMessage, refusalsOf } from "../replication/refusals/table";
import { tooEarly } from "./advice/refusalAdvice";
import { isUnreadPolicy } from "../snapshot/unread";
import type { Assumed, EvidenceLevel, Observation } from "../replication/evidence";
import { consequenceOf } from "../replication/permissions";
import { requestOf, requestsFor } from "../replication/requests";
import {
  DecidingRules,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
  ruleName,
} from "../replication/rules";
import type { Walked } from "./advice/advise";
import { recommendedPolicies } from "./advice/recommendedStatements";
import { type BatchRehearsal, rehearseBatch } from "./batch";
import { consequencesOf, Decider, reportRequest } from "./decisions";
import { grouped, unique } from "../util/grouping";
import { describeObject, ObjectKinds, replicas } from "./objects/objects";
import type { Walk } from "./objects/objectWalk";
import type { Kinds } from "./objects/sampleObjects";
import { foreignWriters } from "./foreignWriters";
import { PolicyBook } from "./policyBook";
import { replicaEncryption, replicaOf, settingOf } from "./replica";
import {
  EVERY_RULE_IS_OFF,
  type Missing,
  type ObjectReport,
  type Refusal,
  type ReplicaReport,
  type RequestReport,
} from "./report/report";
import { objectsOfUnreadRules, UnreadRules } from "./unreadRules";
import { type Finding, ineligible, ineligibleUnder, settingFindings } from "./preconditions";

/** What a walk decides beside what advice is made from. */
interface Decided {
  readonly jobs: readonly BatchRehearsal[];
  /** What was observed, as far as it decided something. */
  readonly observations: readonly Observation[];
  /** What was assumed, as far as it decided something. */
  readonly assumptions: readonly Assumed[];
  readonly kinds: ObjectKinds;
}

/**
 * Decides on every object; advises nothing.
 * @param level What decides where AWS's pages contradict each other.
 * @param earlier Kinds of objects of the same accounts before something in them was mended.
 */
export function walk(
  snapshot: Snapshot,
  level: EvidenceLevel = "observed",
  book = new PolicyBook(snapshot),
  earlier?: ObjectKinds,
): Omit<Walked, "findings"> & Decided {
  const decider = new Decider(book, level);
  const kinds = new ObjectKinds(earlier);
  const objects: ObjectReport[] = [];
  const refusals: Refusal[] = [];
  const jobs: BatchRehearsal[] = [];
  const givenObjects = snapshot.objects && grouped(snapshot.objects, ({ bucket }) => bucket);
  const replicasByBucket = replicas(snapshot);
  for (const [bucketArn, bucket] of Object.entries(snapshot.buckets)) {
    const { replication } = bucket;
    if (replication === null) {
      if (bucket.unread?.includes("replication") === true) objects.push(unreadConfiguration(bucketArn));
      continue;
    }
    const put = putOf(snapshot, bucketArn, bucket, replication);
    const refused = refusalsOf(put);
    for (const refusal of refused) {
      const { mend, grade, source } = refusal.row;
      refusals.push({ bucket: bucketArn, message: refusalMessage(refusal, put), mend, grade, source });
    }
    for (const { bucketArn: bucket, refusal, message, mend } of tooEarly(snapshot, refused)) {
      const { grade, source } = refusal.row;
      if (bucket === bucketArn) refusals.push({ bucket, message, mend, grade, source });
    }
    const given = givenObjects && (givenObjects.get(bucketArn) ?? []);
    const made: Kinds =
      given === undefined
        ? kinds.of(
            bucketArn,
            bucket,
            replication,
            walkOf(snapshot, book, bucketArn, bucket, replication.Role, level),
          )
        : { objects: given };
    const received = given === undefined ? (replicasByBucket.get(bucketArn) ?? []) : [];
    const deciding = new DecidingRules(replication);
    const ofUnread = given === undefined ? objectsOfUnreadRules(bucketArn, replication, made.objects) : [];
    for (const object of [...made.objects, ...ofUnread, ...received]) {
      const namesUnder = (rule: ReplicationRuleJson) => made.namesOfRequests?.(object, rule) ?? [];
      const rulesFor = (tags: Readonly<Record<string, string>>) =>
        made.rulesOf?.(object) ?? deciding.of(object.key, tags);
      objects.push(...replicate(snapshot, decider, bucket, replication, rulesFor, object, namesUnder));
    }
    if (made.unclassed !== undefined) objects.push(made.unclassed);
    if (given === undefined) objects.push(...ownedByOthers(book, bucketArn, bucket));
    if (bucket.batchReplication !== undefined) {
      jobs.push(rehearseBatch(snapshot, book, bucketArn, bucket, replication, bucket.batchReplication));
    }
    if (given === undefined && isOff(replication)) {
      objects.push(undecided(bucketArn, EVERY_RULE_IS_OFF, []));
    }
  }
  const recommended = recommendedPolicies(snapshot, objects);
  const { observations, assumptions } = decider.restsOn;
  return { objects, refusals, recommended, jobs, observations, assumptions, kinds };
}

/** Whether no rule is on. */
export function isOff({ Rules: rules, UnreadRules: unread = [] }: ReplicationConfiguration): boolean {
  return unread.length === 0 && rules.every(({ Status: status }) => status !== "Enabled");
}

/** Whether another account lets the owner of the bucket read what it writes, nobody here can tell. */
function ownedByOthers(book: PolicyBook, bucketArn: string, bucket: BucketState): ObjectReport[] {
  const { policy, ownership } = bucket;
  if (policy === null || policy === undefined || isUnreadPolicy(policy)) return [];
  const name = "source bucket policy";
  const writers = foreignWriters(bucket, book.parse(policy, name));
  if (writers.length === 0) return [];
  const reason = `the bucket's policy lets other accounts write, and under ${ownership} their objects belong to them: S3 replicates these only where their owner lets the bucket's owner read object and ACL`;
  const missing: Missing = {
    resource: bucketArn,
    where: name,
    why: "undecided",
    keys: ["ownership"],
    statements: writers.map(({ sid, index, effect }) => ({
      policy: name,
      ...(sid === undefined ? {} : { sid }),
      index,
      effect,
    })),
    reason,
  };
  return [{ ...undecided(bucketArn, reason, [missing]), kind: "objects of other accounts" }];
}

/** A bucket of which nothing can be decided. */
function undecided(bucketArn: string, reason: string, missing: readonly Missing[]): ObjectReport {
  return {
    bucket: bucketArn,
    key: "*",
    kind: "all objects",
    outcome: "UNPROVEN",
    reason,
    missing,
    requests: [],
  };
}

function unreadConfiguration(bucketArn: string): ObjectReport {
  return undecided(bucketArn, "the replication configuration of the bucket could not be read", [
    { resource: bucketArn, where: "snapshot", why: "unread", keys: ["replication"], statements: [] },
  ]);
}

/** One report for each destination that a rule sends the object to, or one that says why there is none. */
function replicate(
  snapshot: Snapshot,
  decider: Decider,
  source: BucketState,
  configuration: ReplicationConfiguration,
  rulesFor: (tags: Readonly<Record<string, string>>) => readonly ReplicationRuleJson[],
  object: ObjectState,
  namesUnder: (rule: ReplicationRuleJson) => readonly string[],
): ObjectReport[] {
  const base = {
    bucket: object.bucket,
    key: object.key,
    ...(Object.keys(object.tags ?? {}).length === 0 ? {} : { tags: object.tags }),
    kind: describeObject(object),
    missing: [],
    requests: [],
  };
  const skipped = ineligible(object);
  if (skipped !== undefined) return [{ ...base, ...skipped }];
  const rules = rulesFor(object.deleteMarker === true ? {} : (object.tags ?? {}));
  const unread = new UnreadRules(configuration, object);
  if (rules.length === 0 && !unread.mayTake) {
    return [{ ...base, outcome: "NOT_REPLICATED", reason: "no enabled rule matches its key and tags" }];
  }
  const decided = rules.map(
    (rule): ObjectReport =>
      unread.before(rule, base, configuration) ?? {
        ...base,
        rule: ruleName(configuration, rule),
        destination: rule.Destination.Bucket,
        ...replicateUnder(snapshot, decider, source, configuration.Role, rule, object, namesUnder),
      },
  );
  return [...decided, ...unread.beside(rules, base)];
}

type Result = Pick<
  ObjectReport,
  "outcome" | "failureReason" | "reason" | "lost" | "missing" | "requests" | "replica"
>;

function replicateUnder(
  snapshot: Snapshot,
  decider: Decider,
  source: BucketState,
  roleArn: string,
  rule: ReplicationRuleJson,
  object: ObjectState,
  namesUnder: (rule: ReplicationRuleJson) => readonly string[],
): Result {
  const skipped = ineligibleUnder(rule, object, crossesAccounts(snapshot, source, rule));
  if (skipped !== undefined) return { ...skipped, requests: [] };
  const destination = snapshot.buckets[rule.Destination.Bucket];
  const encryption = replicaEncryption(rule, object, destination);
  const findings = settingFindings(snapshot, source, rule, object, encryption.keyArn);
  if (destination === undefined) return conclude(findings, []);

  const setting = settingOf(roleArn, source, destination, rule, object, encryption, decider.level);
  const requests: RequestReport[] = [];
  const lost = new Set<string>();
  const names = namesUnder(rule);
  for (const [index, request] of requestsFor(setting).entries()) {
    const decision = decider.decide(setting, request, names[index]);
    const { finding, restsOn, isMade } = consequencesOf(request, decision, setting, decider.level);
    if (isMade) requests.push(reportRequest(request.request, decision, request.permission.sources));
    if (restsOn !== undefined) decider.note(restsOn);
    if (finding === undefined) continue;
    // Tags that could not be read are lost for sure, whatever writing them would have come to.
    const isMoot = lost.has("tags") && request.permission.action === "s3:ReplicateTags";
    findings.push(isMoot ? { ...finding, outcome: "NOT_REPLICATED" } : finding);
    for (const part of finding.lost ?? []) lost.add(part);
  }
  return conclude(findings, requests, replicaOf(rule, object, source, destination, encryption, lost));
}

function crossesAccounts(snapshot: Snapshot, source: BucketState, rule: ReplicationRuleJson): boolean {
  return snapshot.buckets[rule.Destination.Bucket]?.account !== source.account;
}

/** What is decided upon and by which documents, for those who choose the objects. */
function walkOf(
  snapshot: Snapshot,
  book: PolicyBook,
  bucketArn: string,
  source: BucketState,
  roleArn: string,
  level: EvidenceLevel,
): Walk {
  return {
    snapshot,
    requests: (rule, object) => {
      const destination = snapshot.buckets[rule.Destination.Bucket];
      if (destination === undefined) return [];
      if (ineligibleUnder(rule, object, crossesAccounts(snapshot, source, rule)) !== undefined) return [];
      const encryption = replicaEncryption(rule, object, destination);
      const setting = settingOf(roleArn, source, destination, rule, object, encryption, level);
      return requestsFor(setting).flatMap(({ permission, request: bare }) => {
        const request = book.completed(bare);
        const instead = permission.instead?.(setting.replication);
        const layers = ["identity", "resource"] as const;
        const ifDenied = layers.map((layer) => consequenceOf(permission, setting.replication, layer));
        const asked = { permission, request, instead, ifDenied };
        if (instead === undefined) return [asked];
        return [asked, { ...asked, request: book.completed(requestOf(instead, permission.target, setting)) }];
      });
    },
    policies: (rule, { permission: { target }, request }) =>
      book.everyPolicyFor(
        request,
        target,
        roleArn,
        target.startsWith("destination") ? rule.Destination.Bucket : bucketArn,
      ),
  };
}

/** The worst finding gives the outcome; what is missing is told of all. */
function conclude(
  findings: readonly Finding[],
  requests: readonly RequestReport[],
  replica?: ReplicaReport,
): Result {
  const worst =
    findings.find(({ outcome }) => outcome === "FAILED") ??
    findings.find(({ outcome }) => outcome === "UNPROVEN");
  const others = findings.filter((finding) => finding !== worst);
  const missing = [...(worst?.missing ?? []), ...others.flatMap((finding) => finding.missing)];
  if (worst !== undefined) {
    const { outcome, failureReason, reason } = worst;
    return { outcome, ...(failureReason === undefined ? {} : { failureReason }), reason, missing, requests };
  }
  const reason = findings[0]?.reason ?? "every request that S3 makes is allowed";
  const lost = unique(findings.flatMap((finding) => finding.lost ?? []));
  return {
    outcome: "COMPLETED",
    reason,
    ...(lost.length === 0 ? {} : { lost }),
    missing,
    requests,
    ...(replica === undefined ? {} : { replica }),
  };
}
