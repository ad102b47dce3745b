/** Whether the rules of a source fit the contract of a destination. */
import { parseArn, partitionOfRegion } from "../naming/arn";
import { show } from "../input/problems";
import type { ContractSource, ContractTerms } from "./contract";
import { overridesOwner, type ResolvedRule } from "./rules";

/** What a source brings to the contract. */
export interface ContractCounterpart {
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly roleArn: string;
  readonly objectLockEnabled: boolean;
  /** Organization of the source's account; left out where nobody says it. */
  readonly organizationId?: string;
  /** Place of the account in it; left out where nobody says it. */
  readonly organizationPath?: string;
}

/**
 * Everything that the rules to one destination need and its contract does not grant, as sentences that name the
 * setting to change and the stack it is in. Empty when the rules fit.
 */
export function contractProblems(
  terms: ContractTerms,
  rules: readonly ResolvedRule[],
  source: ContractCounterpart,
  from: string,
): string[] {
  const granted = terms.sources.filter((candidate) => isGranted(candidate, source));
  return [
    ...pairProblems(terms, source, granted, from),
    ...rules.flatMap((rule) => [
      ...grantProblems(terms, rule, source, granted, from),
      ...replicaKeyProblems(terms, rule, from),
    ]),
  ];
}

const isBelowAccount = ({ prefixPerAccount }: ContractSource) => prefixPerAccount === true;

/** Whether a grant is for this role. What nobody says of the source's organization is taken to fit: AWS decides then. */
function isGranted(candidate: ContractSource, source: ContractCounterpart): boolean {
  const { roleArn, organizationId, paths } = candidate;
  if (organizationId === undefined) return roleArn === source.roleArn;
  const { organizationId: own = organizationId, organizationPath } = source;
  return (
    own === organizationId &&
    roleArn === source.roleArn.replace(`:${source.accountId}:`, ":*:") &&
    (paths === undefined ||
      organizationPath === undefined ||
      paths.some((path) => isAt(path, organizationPath)))
  );
}

/** Whether a place is one that a path of a condition takes in. */
function isAt(path: string, place: string): boolean {
  return path.endsWith("*") ? place.startsWith(path.slice(0, -1)) : place === path;
}

/** A grant as errors and warnings name it. */
export function grantee({ roleArn, organizationId, paths }: ContractSource): string {
  if (organizationId === undefined) return roleArn;
  return `${roleArn} of organization '${organizationId}'${paths === undefined ? "" : ` at ${paths.join(" or ")}`}`;
}

/** What no rule can mend: the two buckets, and the role. */
function pairProblems(
  terms: ContractTerms,
  source: ContractCounterpart,
  granted: readonly ContractSource[],
  from: string,
): string[] {
  const problems: string[] = [];
  if (terms.partition !== partitionOfRegion(source.region)) {
    problems.push(
      `S3 does not replicate between partitions: the source is in '${partitionOfRegion(source.region)}', the destination in '${terms.partition}'`,
    );
  }
  if (terms.bucketArn === source.bucketArn) {
    problems.push(
      `the source and the destination are the same bucket, ${show(terms.bucketArn)}: change 'bucketName' in one of the two`,
    );
  }
  if (source.objectLockEnabled && !terms.objectLockEnabled) {
    problems.push(
      `the source bucket has Object Lock, and S3 then needs it at the destination too: set 'objectLockEnabled: true' at the destination (${from})`,
    );
  }
  if (granted.length === 0) {
    const roles = terms.sources.map(grantee).join(", ") || "no role";
    const place = source.organizationPath ?? source.organizationId;
    const role = `${source.roleArn}${place === undefined ? "" : ` of organization '${place}'`}`;
    problems.push(
      `the destination does not grant anything to this source's role ${role}, but to ${roles}: add the role's account, 'roleName' and 'rolePath' to 'sources' at the destination (${from}), or correct them here`,
    );
  }
  return problems;
}

/** What the rule does and the destination does not grant to the role. */
function grantProblems(
  terms: ContractTerms,
  rule: ResolvedRule,
  source: ContractCounterpart,
  granted: readonly ContractSource[],
  from: string,
): string[] {
  const isRefused = (wants: boolean, setting: "deleteMarkerReplication" | "ownerOverride") =>
    wants && granted.length > 0 && granted.every((each) => !each[setting]);
  const refused = (what: string, setting: string) =>
    `rule '${rule.id}' ${what}, which the destination does not grant to ${source.roleArn}: set '${setting}: true' for it in 'sources' at the destination (${from}) and deploy that first, or set it to false in the rule`;
  const problems: string[] = [];
  if (isRefused(rule.deleteMarkerReplication, "deleteMarkerReplication")) {
    problems.push(refused("replicates delete markers", "deleteMarkerReplication"));
  }
  if (isRefused(overridesOwner(rule, source.accountId, terms.accountId), "ownerOverride")) {
    problems.push(refused("gives the replicas to the destination's account", "ownerOverride"));
  }
  if (granted.length > 0 && granted.every(({ tags }) => !tags)) {
    problems.push(
      `rule '${rule.id}' would lose the tags of its objects: the contract (${from}) does not grant tags`,
    );
  }
  const own = `${source.accountId}/`;
  if (granted.length > 0 && granted.every(isBelowAccount) && !rule.prefix.startsWith(own)) {
    problems.push(
      `rule '${rule.id}' replicates keys that do not begin with '${own}', and the destination lets each account write only below its own id (prefixPerAccount), where replicas keep their keys: give the rule a 'prefix' that begins with '${own}', got ${show(rule.prefix)}, or set 'prefixPerAccount: false' at the destination (${from})`,
    );
  }
  return problems;
}

/** Whether there is a key for the replicas, where the destination is. */
function replicaKeyProblems(terms: ContractTerms, rule: ResolvedRule, from: string): string[] {
  const problems: string[] = [];
  if (rule.sseKmsEncryptedObjects && rule.replicaKmsKeyArn === undefined && terms.encryption !== "aws:kms") {
    problems.push(
      `rule '${rule.id}' replicates SSE-KMS objects, and the destination has no KMS key for the replicas: set 'encryption.algorithm: aws:kms' at the destination (${from}), give the rule a 'replicaKmsKeyArn', or set its 'sseKmsEncryptedObjects: false'`,
    );
  }
  const region = parseArn(rule.replicaKmsKeyArn ?? "")?.region;
  if (region !== undefined && region !== terms.region) {
    problems.push(
      `rule '${rule.id}': 'replicaKmsKeyArn' must be a key in the destination's Region '${terms.region}', got a key in '${region}': ${show(rule.replicaKmsKeyArn)}`,
    );
  }
  return problems;
}
