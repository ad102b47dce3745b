/** The walk: every object of a snapshot through every rule that takes it, request by request. */
import { refusalsOfBuckets } from "../accounts/resources";
import type { BucketState, EncryptionState, ObjectState, Snapshot } from "../accounts/snapshot";
import { decide, type Decision, type Obstacle } from "../iam";
import type { Consequence, PermissionTarget, ReplicationCase } from "../replication/actions";
import { ASSUMPTIONS } from "../replication/requestContext";
import {
  type ReplicationRequest,
  type ReplicationSetting,
  requestOf,
  requestsFor,
} from "../replication/requests";
import {
  decidingRules,
  refusalsOfConfiguration,
  type ReplicationConfiguration,
  type ReplicationRule,
  ruleName,
} from "../replication/rules";
import { describeObject, kindsOfObjects } from "./objects";
import { PolicyBook } from "./policies";
import type { Missing, ObjectReport, Refusal, ReplicaReport, Report, RequestReport, Where } from "./report";
import { type Finding, ineligible, ineligibleUnder, isKms, settingFindings } from "./settings";

/**
 * Replicates the objects of a snapshot on paper.
 * @throws PolicySyntaxError when a policy document of the snapshot is malformed.
 */
export function rehearse(snapshot: Snapshot): Report {
  const book = new PolicyBook(snapshot);
  const objects: ObjectReport[] = [];
  const refusals: Refusal[] = [];
  for (const [bucketArn, bucket] of Object.entries(snapshot.buckets)) {
    const { replication } = bucket;
    if (replication === null) continue;
    for (const message of [
      ...refusalsOfConfiguration(replication),
      ...new Set(refusalsOfBuckets(bucket, replication, snapshot)),
    ]) {
      refusals.push({ bucket: bucketArn, message });
    }
    const given = snapshot.objects?.filter((object) => object.bucket === bucketArn);
    for (const object of given ?? kindsOfObjects(bucketArn, bucket, replication)) {
      objects.push(...replicate(snapshot, book, bucket, replication, object));
    }
  }
  return { verdict: verdictOf(objects, refusals), objects, refusals, assumptions: ASSUMPTIONS };
}

function verdictOf(objects: readonly ObjectReport[], refusals: readonly Refusal[]): Report["verdict"] {
  const isBroken = ({ outcome, missing }: ObjectReport) =>
    outcome === "FAILED" || (outcome === "COMPLETED" && missing.length > 0);
  if (refusals.length > 0 || objects.some(isBroken)) return "broken";
  // Where nothing was looked at, nothing is proven.
  return objects.length === 0 || objects.some(({ outcome }) => outcome === "UNPROVEN")
    ? "unproven"
    : "proven";
}

/** One report for each destination that a rule sends the object to, or one that says why there is none. */
function replicate(
  snapshot: Snapshot,
  book: PolicyBook,
  source: BucketState,
  configuration: ReplicationConfiguration,
  object: ObjectState,
): ObjectReport[] {
  const base = {
    bucket: object.bucket,
    key: object.key,
    kind: describeObject(object),
    missing: [],
    requests: [],
  };
  const skipped = ineligible(object);
  if (skipped !== undefined) return [{ ...base, ...skipped }];
  const rules = decidingRules(
    configuration,
    object.key,
    object.deleteMarker === true ? {} : (object.tags ?? {}),
  );
  if (rules.length === 0) {
    return [{ ...base, outcome: "NOT_REPLICATED", reason: "no enabled rule matches its key and tags" }];
  }
  return rules.map((rule) => ({
    ...base,
    rule: ruleName(configuration, rule),
    destination: rule.Destination.Bucket,
    ...replicateUnder(snapshot, book, source, configuration.Role, rule, object),
  }));
}

type Result = Pick<ObjectReport, "outcome" | "failureReason" | "reason" | "missing" | "requests" | "replica">;

function replicateUnder(
  snapshot: Snapshot,
  book: PolicyBook,
  source: BucketState,
  roleArn: string,
  rule: ReplicationRule,
  object: ObjectState,
): Result {
  const skipped = ineligibleUnder(rule, object);
  if (skipped !== undefined) return { ...skipped, requests: [] };
  const destination = snapshot.buckets[rule.Destination.Bucket];
  const encryption = replicaEncryption(rule, object, destination);
  const findings = settingFindings(snapshot, source, rule, object, encryption.keyArn);
  if (destination === undefined) return conclude(findings, []);

  const setting = settingOf(roleArn, source, destination, rule, object, encryption);
  const requests: RequestReport[] = [];
  let tagsLost = false;
  for (const request of requestsFor(setting)) {
    const decision = decideRequest(book, setting, request);
    requests.push(reportRequest(request, decision));
    for (const consequence of consequencesOf(request, decision, setting)) {
      if (consequence.outcome === "TAGS_LOST") tagsLost = true;
      findings.push(findingOf(request, decision, consequence));
    }
  }
  return conclude(findings, requests, replicaOf(rule, object, source, destination, encryption, tagsLost));
}

/** The worst finding gives the outcome; what is missing is told of all. */
function conclude(
  findings: readonly Finding[],
  requests: readonly RequestReport[],
  replica?: ReplicaReport,
): Result {
  const missing = findings.flatMap((finding) => finding.missing);
  const worst =
    findings.find(({ outcome }) => outcome === "FAILED") ??
    findings.find(({ outcome }) => outcome === "UNPROVEN");
  if (worst !== undefined) {
    const { outcome, failureReason, reason } = worst;
    return { outcome, ...(failureReason === undefined ? {} : { failureReason }), reason, missing, requests };
  }
  const reason = findings[0]?.reason ?? "every request that S3 makes is allowed";
  return { outcome: "COMPLETED", reason, missing, requests, ...(replica === undefined ? {} : { replica }) };
}

// ---- one request ------------------------------------------------------------------------------------------------

function decideRequest(
  book: PolicyBook,
  setting: ReplicationSetting,
  { permission, request }: ReplicationRequest,
): Decision {
  const { target } = permission;
  const bucketArn = target.startsWith("destination")
    ? setting.destination.bucketArn
    : setting.source.bucketArn;
  const decideAs = (action: string) => {
    const asked = action === request.action ? request : requestOf(action, target, setting);
    return decide(asked, book.policiesFor(asked, target, setting.roleArn, bucketArn));
  };
  const decision = decideAs(request.action);
  const instead = permission.instead?.(setting.replication);
  if (decision.verdict === "allowed" || instead === undefined) return decision;
  const other = decideAs(instead);
  return other.verdict === "allowed" ? other : decision;
}

/** What a request that is not allowed does to the object. */
function consequencesOf(
  { permission }: ReplicationRequest,
  decision: Decision,
  setting: ReplicationSetting,
): Consequence[] {
  if (decision.verdict === "allowed") return [];
  // Where several documents stand in the way, the surest consequence counts.
  const layers = decision.obstacles.some(({ layer }) => layer !== "resource") ? "identity" : "resource";
  const consequence = permission.ifDenied(setting.replication, layers);
  if (decision.verdict === "denied") return [consequence];
  return [
    {
      outcome: "UNPROVEN",
      contradiction: `it hangs on ${decision.decidingKeys.join(", ") || "what could not be read"}`,
    },
  ];
}

function findingOf(
  { permission, request }: ReplicationRequest,
  decision: Decision,
  consequence: Consequence,
): Finding {
  const missing = decision.obstacles.map((obstacle) =>
    missingOf(request.action, request.resource, permission.target, obstacle),
  );
  const where = [...new Set(missing.map((entry) => entry.where))].join(" and ");
  const not = decision.verdict === "denied" ? "is not allowed" : "cannot be decided";
  const what = `${request.action} on ${request.resource} ${not}${where === "" ? "" : ` (${where})`}`;
  switch (consequence.outcome) {
    case "FAILED":
      return { outcome: "FAILED", failureReason: consequence.failureReason, reason: what, missing };
    case "TAGS_LOST":
      return { outcome: "NOT_REPLICATED", reason: `replicated without its tags: ${what}`, missing };
    case "UNPROVEN":
      return { outcome: "UNPROVEN", reason: `${what}: ${consequence.contradiction}`, missing };
  }
}

function missingOf(action: string, resource: string, target: PermissionTarget, obstacle: Obstacle): Missing {
  const why = {
    "no-allow": "not allowed",
    "explicit-deny": "denied",
    unread: "unread",
    undecided: "undecided",
  } as const;
  return {
    action,
    resource,
    where: whereOf(obstacle.layer, target),
    why: why[obstacle.kind],
    keys: obstacle.keys,
  };
}

function whereOf(layer: Obstacle["layer"], target: PermissionTarget): Where {
  switch (layer) {
    case "identity":
      return "role policy";
    case "boundary":
      return "permission boundary";
    case "session":
      return "session policy";
    case "scp":
      return "service control policy";
    case "rcp":
      return "resource control policy";
    case "resource":
      return RESOURCE_POLICIES[target];
  }
}

const RESOURCE_POLICIES: Readonly<Record<PermissionTarget, Where>> = {
  role: "trust policy",
  sourceBucket: "source bucket policy",
  sourceObject: "source bucket policy",
  sourceKey: "source key policy",
  destinationObject: "destination bucket policy",
  destinationKey: "destination key policy",
};

function reportRequest({ permission, request }: ReplicationRequest, decision: Decision): RequestReport {
  return {
    action: request.action,
    resource: request.resource,
    decision: decision.verdict,
    statements: decision.decidedBy.map(
      ({ policy, sid, index }) => `${policy}: ${sid ?? `statement ${index}`}`,
    ),
    decidingKeys: decision.decidingKeys,
    sources: permission.sources,
  };
}

// ---- the replica ------------------------------------------------------------------------------------------------

/**
 * An object that is encrypted keeps its kind of encryption, an unencrypted one takes the destination's default.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
function replicaEncryption(
  rule: ReplicationRule,
  { encryption }: ObjectState,
  destination: BucketState | undefined,
): EncryptionState {
  if (encryption.algorithm === "NONE") return destination?.encryption ?? { algorithm: "AES256" };
  if (!encryption.algorithm.startsWith("aws:kms")) return { algorithm: encryption.algorithm };
  return {
    algorithm: encryption.algorithm,
    keyArn: rule.Destination.EncryptionConfiguration?.ReplicaKmsKeyID,
    bucketKeyEnabled: encryption.bucketKeyEnabled ?? false,
  };
}

function settingOf(
  roleArn: string,
  source: BucketState,
  destination: BucketState,
  rule: ReplicationRule,
  object: ObjectState,
  encryption: EncryptionState,
): ReplicationSetting {
  const destinationBucketKey = destination.encryption?.bucketKeyEnabled === true;
  const replicaKms = encryption.algorithm.startsWith("aws:kms");
  const replication: ReplicationCase = {
    deleteMarker: object.deleteMarker === true,
    tagged: Object.keys(object.tags ?? {}).length > 0,
    locked: object.objectLock === true,
    sourceKms: isKms(object),
    sourceBucketKey: object.encryption.bucketKeyEnabled === true,
    replicaKms,
    replicaBucketKey: replicaKms && object.encryption.bucketKeyEnabled === true,
    unencrypted: object.encryption.algorithm === "NONE",
    ownerOverride: rule.Destination.AccessControlTranslation !== undefined,
    destinationOwnerEnforced: destination.ownership === "BucketOwnerEnforced",
  };
  return {
    roleArn,
    objectKey: object.key,
    objectTags: object.tags ?? {},
    source: { bucketArn: object.bucket, accountId: source.account, region: source.region },
    destination: {
      bucketArn: rule.Destination.Bucket,
      accountId: destination.account,
      region: destination.region,
    },
    sourceKeyArn: object.encryption.keyArn,
    replicaKeyArn: encryption.keyArn,
    replication,
    destinationBucketKey,
  };
}

function replicaOf(
  rule: ReplicationRule,
  object: ObjectState,
  source: BucketState,
  destination: BucketState,
  encryption: EncryptionState,
  tagsLost: boolean,
): ReplicaReport {
  const givenAway =
    destination.ownership === "BucketOwnerEnforced" ||
    rule.Destination.AccessControlTranslation !== undefined;
  return {
    owner: givenAway ? destination.account : source.account,
    encryption,
    storageClass: rule.Destination.StorageClass ?? object.storageClass ?? "STANDARD",
    tags: tagsLost ? {} : (object.tags ?? {}),
    deleteMarker: object.deleteMarker === true,
  };
}
