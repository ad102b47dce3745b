/** Finds grants beyond need: what the role is granted and never uses, and who else is let in. */
import { bucketArnWithin } from "../../naming/names";
import type { RoleState, Snapshot } from "../../snapshot/snapshot";
import { isUnreadPolicy, whyUnread } from "../../snapshot/unread";
import { parseArn, type Statement } from "../../iam";
import { rulesByName } from "../../replication/rules";
import { actionMatcher, resourceMatcher } from "../advice/matching";
import type { RecommendedPolicies } from "../advice/recommendedStatements";
import { jobStatement } from "../batch";
import { type PolicyBook, rolePolicyName } from "../policyBook";
import {
  destinationGrants,
  type GrantingDocument,
  isOfAliases,
  isWild,
  missingKeyConditions,
  type Needed,
  placeOf,
  RoleNames,
  WORDED_BY_AWS,
} from "./destinationGrants";
import { grouped } from "../../util/grouping";
import { strangersIn, strangersWithGrants } from "./otherGrants";
import type { ObjectReport, OtherGrant, Report, UnusedGrant } from "../report/report";

/**
 * @param objects Objects that stand for all that the rules take, not only those that a snapshot lists.
 * @param jobs Rows of Batch Replication jobs, whose role may be a replication role.
 * @param recommended What the rules of each source bucket ask for, by bucket ARN.
 */
export function grantsBeyondNeed(
  snapshot: Snapshot,
  book: PolicyBook,
  objects: readonly ObjectReport[],
  jobs: readonly ObjectReport[],
  recommended: ReadonlyMap<string, RecommendedPolicies>,
): Pick<Report, "unusedGrants" | "otherGrants"> {
  const roles = replicationRoles(snapshot);
  const names = new RoleNames(roles.keys());
  const ofBucket = grouped(objects, ({ bucket }) => bucket);
  const found = [...roles].flatMap(([roleArn, role]) =>
    unusedByRole(snapshot, book, roleArn, role, ofBucket, jobs, recommended),
  );
  const others = [...roles].flatMap(([roleArn, { role }]) => strangersInTrust(book, roleArn, role, names));
  // A rule that nobody read may need what the others do not.
  const isWhole = Object.values(snapshot.buckets).every(
    ({ replication }) => replication?.UnreadRules === undefined,
  );
  const onResource = grouped(requestsOf(snapshot, objects), ({ resource }) => bucketOrKeyOf(resource));
  for (const document of destinationDocuments(snapshot, objects)) {
    const requests = onResource.get(document.resource) ?? [];
    const { resource } = document;
    const owner = snapshot.buckets[resource]?.account ?? snapshot.keys[resource]?.account ?? "";
    for (const statement of allowsOf(book, document)) {
      others.push(...strangersIn(document, statement, owner, names));
      if (isWhole) found.push(...destinationGrants(snapshot, document, statement, requests, names));
    }
  }
  others.push(...strangersWithGrants(snapshot, keysInUse(objects), names));
  return { unusedGrants: found, otherGrants: others };
}

/** Statements that grant something. What a document or a statement grants that nobody read is not known. */
function allowsOf(book: PolicyBook, { document, name }: GrantingDocument): Statement[] {
  if (isUnreadPolicy(document)) return [];
  return book
    .parse(document, name)
    .statements.filter(
      ({ effect, conditions }) =>
        effect === "Allow" && !conditions.some(({ key }) => whyUnread(key) !== undefined),
    );
}

/** What the policies of a replication role grant, and neither its rules nor its jobs need. */
function unusedByRole(
  snapshot: Snapshot,
  book: PolicyBook,
  roleArn: string,
  { role, buckets }: ReplicationRole,
  ofBucket: ReadonlyMap<string, readonly ObjectReport[]>,
  jobs: readonly ObjectReport[],
  recommended: ReadonlyMap<string, RecommendedPolicies>,
): UnusedGrant[] {
  // What a destination that nobody read would ask for is not known either.
  if (buckets.some((bucket) => !knowsDestinations(snapshot, bucket))) return [];
  const ofJobs = jobs.filter(({ bucket }) => snapshot.buckets[bucket]?.batchReplication?.role === roleArn);
  const ofObjects = buckets.flatMap((bucket) => ofBucket.get(bucket) ?? []);
  const wanted = [
    ...buckets.flatMap((bucket) => recommended.get(bucket)?.role ?? []),
    ...ofJobs.flatMap((job) => job.requests.map(({ action, resource }) => jobStatement(action, resource))),
  ];
  const grants = roleDocuments(roleArn, role).flatMap((document) =>
    allowsOf(book, document).map((statement) => ({ document, statement })),
  );
  const needed = withSubstitutes(
    requestsOf(snapshot, [...ofObjects, ...ofJobs]),
    grants.map(({ statement }) => statement),
  );
  const mayBeNeeded = neededForUnread(snapshot, buckets);
  return grants.flatMap(({ document, statement }) =>
    roleGrants(document, statement, needed, wanted, mayBeNeeded),
  );
}

/** Settings of a bucket of which nobody knows whether they make S3 ask for an action. */
const SETTING_OF_ACTION: readonly (readonly [RegExp, string])[] = [
  [/^kms:/i, "encryption"],
  [/^s3:GetObject(Retention|LegalHold)$/i, "objectLock"],
];

/** Whether an action may be asked for because of a setting of a source, or of its destinations, that was not read. */
function neededForUnread(snapshot: Snapshot, sources: readonly string[]): (action: string) => boolean {
  const destinations = sources.flatMap((bucket) =>
    (snapshot.buckets[bucket]?.replication?.Rules ?? []).map(({ Destination: { Bucket } }) => Bucket),
  );
  const unread = new Set([...sources, ...destinations].flatMap((arn) => snapshot.buckets[arn]?.unread ?? []));
  return (action) =>
    SETTING_OF_ACTION.some(([actions, setting]) => actions.test(action) && unread.has(setting));
}

function strangersInTrust(
  book: PolicyBook,
  roleArn: string,
  role: RoleState,
  names: RoleNames,
): OtherGrant[] {
  const trust: GrantingDocument = {
    where: "trust policy",
    resource: roleArn,
    name: "trust policy",
    document: role.trust,
  };
  const owner = parseArn(roleArn)?.accountId ?? "";
  return allowsOf(book, trust).flatMap((statement) => strangersIn(trust, statement, owner, names));
}

/** Keys that objects and replicas are under. */
function keysInUse(
  objects: readonly ObjectReport[],
): Map<string, "source key policy" | "destination key policy"> {
  const keys = new Map<string, "source key policy" | "destination key policy">();
  for (const { requests, replica } of objects) {
    for (const { action, resource } of requests) {
      if (action.startsWith("kms:")) keys.set(resource, keys.get(resource) ?? "source key policy");
    }
    const { keyArn } = replica?.encryption ?? {};
    if (keyArn !== undefined) keys.set(keyArn, "destination key policy");
  }
  return keys;
}

/** The resource that has a policy: of an object its bucket. */
function bucketOrKeyOf(resource: string): string {
  return bucketArnWithin(resource) ?? resource;
}

function requestsOf(snapshot: Snapshot, objects: readonly ObjectReport[]): Needed[] {
  const byId = new Map<string, Needed>();
  const add = (action: string, resource: string) => byId.set(`${action} ${resource}`, { action, resource });
  const ruleOf = rulesByName(snapshot.buckets);
  for (const { bucket, key, rule: name, destination, outcome, requests } of objects) {
    const rule = ruleOf(bucket, name);
    for (const { action, resource } of requests) {
      add(action, resource);
      if (action === "s3:ReplicateObject") {
        add("s3:ReplicateTags", resource);
        const overrides = rule?.Destination.AccessControlTranslation !== undefined;
        if (overrides) add("s3:ObjectOwnerOverrideToBucketOwner", resource);
      }
      // Pages of AWS ask for these too, or Bucket Keys that a writer chooses do: granting them is no mistake.
      if (action === "kms:Encrypt") add("kms:Decrypt", resource);
      if (action === "kms:Encrypt" || action === "kms:Decrypt") add("kms:GenerateDataKey", resource);
    }
    // Whether a rule of the V1 schema replicates delete markers is not known, so the permission is not known to be idle.
    if (outcome === "UNPROVEN" && rule?.Filter === undefined && destination !== undefined) {
      add("s3:ReplicateDelete", `${destination}/${key}`);
    }
  }
  return [...byId.values()];
}

/** Where a role has another action that S3 makes do with, that one is needed. */
function withSubstitutes(requests: readonly Needed[], allows: readonly Statement[]): Needed[] {
  const read = "s3:GetObjectVersionForReplication";
  const readable = allows
    .filter(({ actions = [] }) => actions.some((pattern) => actionMatcher(pattern)(read)))
    .flatMap(({ resources = [] }) => resources.map(resourceMatcher));
  return requests.flatMap((request) =>
    request.action === read && !readable.some((takes) => takes(request.resource))
      ? [request, { ...request, action: "s3:GetObjectVersion" }]
      : [request],
  );
}

interface ReplicationRole {
  readonly role: RoleState;
  /** ARNs of the buckets that are replicated as this role. */
  readonly buckets: readonly string[];
}

function replicationRoles(snapshot: Snapshot): Map<string, ReplicationRole> {
  const roles = new Map<string, ReplicationRole>();
  for (const [bucketArn, { replication }] of Object.entries(snapshot.buckets)) {
    const arn = replication?.Role ?? "";
    const role = snapshot.accounts[parseArn(arn)?.accountId ?? ""]?.roles[arn];
    if (role !== undefined) {
      roles.set(arn, { role, buckets: [...(roles.get(arn)?.buckets ?? []), bucketArn] });
    }
  }
  return roles;
}

function knowsDestinations(snapshot: Snapshot, bucketArn: string): boolean {
  const { Rules: rules = [], UnreadRules: unread = [] } = snapshot.buckets[bucketArn]?.replication ?? {};
  return (
    unread.length === 0 &&
    rules.every(({ Destination: { Bucket } }) => snapshot.buckets[Bucket] !== undefined)
  );
}

function roleDocuments(resource: string, role: RoleState): GrantingDocument[] {
  return role.policies.map((document, index) => ({
    where: "role policy",
    resource,
    name: rolePolicyName(role, index),
    document,
  }));
}

function destinationDocuments(snapshot: Snapshot, objects: readonly ObjectReport[]): GrantingDocument[] {
  const buckets = new Set(objects.flatMap((object) => object.destination ?? []));
  const keys = new Set(objects.flatMap((object) => object.replica?.encryption.keyArn ?? []));
  return [
    ...[...buckets].map((resource): GrantingDocument => ({
      where: "destination bucket policy",
      resource,
      name: "destination bucket policy",
      document: snapshot.buckets[resource]?.policy,
    })),
    ...[...keys].map((resource): GrantingDocument => ({
      where: "destination key policy",
      resource,
      name: "destination key policy",
      document: snapshot.keys[resource]?.policy,
    })),
  ].filter(({ document }) => document !== null && document !== undefined);
}

/** What a statement of the role's own policies grants beyond what S3 asks for. */
function roleGrants(
  { where, resource, name }: GrantingDocument,
  statement: Statement,
  requests: readonly Needed[],
  wanted: RecommendedPolicies["role"],
  mayBeNeeded: (action: string) => boolean,
): UnusedGrant[] {
  const base = { where, resource, statement: placeOf(name, statement) };
  if (statement.actions === undefined || statement.resources === undefined) {
    const element = statement.actions === undefined ? "NotAction" : "NotResource";
    return [
      { ...base, grant: element, reason: `${element} in an Allow grants everything but what it names` },
    ];
  }
  const found: UnusedGrant[] = [];
  if (isOfAliases(statement)) return found;
  for (const action of statement.actions) {
    const takesAction = actionMatcher(action);
    const asked = requests.filter((request) => takesAction(request.action));
    for (const pattern of statement.resources) {
      const takesResource = resourceMatcher(pattern);
      const used = asked.filter((request) => takesResource(request.resource));
      const grant = `${action} on ${pattern}`;
      if (used.length === 0) {
        // An action that works on buckets does nothing on the ARN of objects beside it, and the other way round.
        if (!isPairedWithUse(statement, pattern, asked) && !mayBeNeeded(action)) {
          found.push({ ...base, grant, reason: "no request of replication needs it" });
        }
      } else if (isWild(action) && !WORDED_BY_AWS.has(action)) {
        const names = [...new Set(used.map((request) => request.action))].join(", ");
        found.push({
          ...base,
          grant,
          reason: `the wildcard grants more than replication needs, which is ${names}`,
        });
      } else if (isWild(pattern) && !isCovered(action, pattern, wanted)) {
        found.push({ ...base, grant, reason: "the resource is wider than the rules and their destinations" });
      }
    }
  }
  return [...found, ...missingKeyConditions(base, statement)];
}

/** Whether the statement lists both forms of a bucket, of which the action needs the other one. */
function isPairedWithUse(statement: Statement, pattern: string, asked: readonly Needed[]): boolean {
  const bucketOf = (text: string) => text.split("/", 1)[0];
  return (statement.resources ?? [])
    .filter((other) => other !== pattern && bucketOf(other) === bucketOf(pattern))
    .map(resourceMatcher)
    .some((takes) => asked.some(({ resource }) => takes(resource)));
}

/**
 * Whether a resource pattern stays within what the rules ask for: every text it matches, one of theirs matches. What
 * is not asked for in so many words may go as far as anything else.
 */
function isCovered(action: string, pattern: string, wanted: RecommendedPolicies["role"]): boolean {
  const forAction = wanted.filter((statement) => [statement.Action].flat().includes(action));
  return (forAction.length > 0 ? forAction : wanted)
    .flatMap((statement) => [statement.Resource ?? []].flat())
    .some((wide) => wide === pattern || (wide.endsWith("*") && pattern.startsWith(wide.slice(0, -1))));
}
