/** What a source's plain arguments come to, before and after its destinations' contracts are known. */
import { partitionOfRegion } from "../naming/arn";
import { InvalidInputError, isDeferred } from "../input/problems";
import { assertNoProblems, sourceProblems } from "./arguments/argumentProblems";
import { DEFAULTS, type PlainSourceArgs, algorithmOf } from "./arguments/arguments";
import { type ContractTerms, readContractKeyArn, readContractTerms } from "./contract";
import { type ContractCounterpart, contractProblems } from "./contractProblems";
import { bucketArnOf, roleArnOf } from "../naming/names";
import type { RoleGrants } from "./policies";
import { overridesOwner, type ResolvedRule, resolveRules } from "./rules";
import { keyArnOfSameLength, roleSizeProblems } from "./arguments/sizes";

export interface SourcePlan extends ContractCounterpart {
  /** Name of the component, for messages. */
  readonly subject: string;
  readonly destinationNames: readonly string[];
  readonly rules: readonly ResolvedRule[];
  readonly roleName: string;
  readonly rolePath: string;
  /** How many keys objects of the source bucket can be under. */
  readonly sourceKeyCount: number;
}

/** A destination as the source's resources need to know it. */
export type DestinationTerms = Pick<ContractTerms, "accountId" | "region" | "bucketArn">;

export function planSource(subject: string, args: PlainSourceArgs): SourcePlan {
  const partition = partitionOfRegion(args.region);
  const roleName = args.roleName ?? DEFAULTS.roleName;
  const rolePath = args.rolePath ?? DEFAULTS.rolePath;
  const destinationNames = Object.keys(args.destinations);
  const bucketHasKey = algorithmOf(args) === "aws:kms";
  const sourceKeyCount = (bucketHasKey ? 1 : 0) + (args.additionalSourceKeyArns ?? []).length;
  return {
    subject,
    accountId: args.accountId,
    region: args.region,
    bucketArn: bucketArnOf(partition, args.bucketName),
    roleName,
    rolePath,
    roleArn: roleArnOf(partition, args.accountId, rolePath, roleName),
    objectLockEnabled: args.objectLockEnabled ?? false,
    organizationId: args.organizationId,
    organizationPath: args.organizationPath,
    destinationNames,
    rules: resolveRules(args.rules, destinationNames, sourceKeyCount > 0),
    sourceKeyCount,
  };
}

/**
 * Checks everything that can be known before a resource is registered: the arguments, contracts that are given in
 * full, and the size of the role's policies.
 * @throws InvalidInputError with all mistakes.
 */
export function assertSourceArguments(subject: string, args: PlainSourceArgs): void {
  assertNoProblems(subject, sourceProblems(args));
  const plan = planSource(subject, args);
  const terms = Object.entries(args.destinations).map(([destination, { contract }]) =>
    isPlain(contract)
      ? fittingContract(plan, destination, contract, contractOrigin(destination)).terms
      : // Not known yet: taken to have the shortest possible name, so that what is too large then is too large for sure.
        { accountId: args.accountId, region: args.region, bucketArn: bucketArnOf("aws", "abc") },
  );
  assertRoleFits(plan, terms);
}

/** How messages call the place that a contract comes from. */
export function contractOrigin(destination: string, stack?: string): string {
  return stack === undefined ? `destination '${destination}'` : `stack '${stack}'`;
}

/**
 * The terms of a contract, once they fit the rules that lead to that destination.
 * @throws InvalidInputError with every term that is missing, and every need that is not granted.
 */
export function fittingTerms(
  plan: SourcePlan,
  destination: string,
  contract: unknown,
  from: string,
): ContractTerms {
  const terms = readContractTerms(contract, from);
  const rules = enabledRules(plan).filter((rule) => rule.destination === destination);
  const problems = contractProblems(terms, rules, plan, from);
  if (problems.length > 0) {
    throw new InvalidInputError(`${plan.subject} does not fit the contract of ${from}`, problems);
  }
  return terms;
}

/** The same for a contract that is known to its last term, with the ARN of its key. */
export function fittingContract(
  plan: SourcePlan,
  destination: string,
  contract: unknown,
  from: string,
): { terms: ContractTerms; keyArn: string | undefined } {
  const terms = fittingTerms(plan, destination, contract, from);
  return { terms, keyArn: readContractKeyArn(terms, (contract as { keyArn?: unknown }).keyArn, from) };
}

/**
 * What the replication role is granted, one entry a rule that is on: turning a rule on is an update too.
 * @param destinations Terms of the destinations, in the order of their names.
 * @param replicaKeyArns Keys of the destinations in the same order, undefined where there is none.
 */
export function roleGrants(
  plan: SourcePlan,
  destinations: readonly DestinationTerms[],
  replicaKeyArns: readonly (string | undefined)[],
  sourceKeyArns: readonly string[],
): RoleGrants {
  return {
    sourceBucketArn: plan.bucketArn,
    sourceRegion: plan.region,
    sourceKeyArns,
    readObjectLock: plan.objectLockEnabled,
    rules: enabledRules(plan).map((rule) => {
      const index = plan.destinationNames.indexOf(rule.destination);
      const terms = ofDestination(plan, destinations, rule);
      const replicaKeyArn = rule.replicaKmsKeyArn ?? replicaKeyArns[index];
      return {
        prefix: rule.prefix,
        destinationBucketArn: terms.bucketArn,
        deleteMarkers: rule.deleteMarkerReplication,
        ownerOverride: overridesOwner(rule, plan.accountId, terms.accountId),
        ...(rule.sseKmsEncryptedObjects && replicaKeyArn !== undefined
          ? { replicaKey: { arn: replicaKeyArn, region: terms.region } }
          : {}),
      };
    }),
  };
}

/** Rules that are off need nothing of anybody. */
export function enabledRules(plan: SourcePlan): ResolvedRule[] {
  return plan.rules.filter((rule) => rule.enabled);
}

/** Whether the role uses KMS keys at all. */
export function usesKeys(plan: SourcePlan): boolean {
  return enabledRules(plan).some((rule) => rule.sseKmsEncryptedObjects);
}

/** The entry of a rule's destination in a list that has one for each. */
export function ofDestination<T>(
  plan: SourcePlan,
  values: readonly (T | undefined)[],
  rule: ResolvedRule,
): T {
  const value = values[plan.destinationNames.indexOf(rule.destination)];
  if (value === undefined) throw new Error(`rule '${rule.id}' names no destination`);
  return value;
}

/**
 * The keys are taken to be of this length: they are all the same, and may not exist yet.
 * @throws InvalidInputError when the role's policies pass AWS's limit.
 */
export function assertRoleFits(plan: SourcePlan, destinations: readonly DestinationTerms[]): void {
  const replicaKeyArns = destinations.map((terms) => keyArnOfSameLength(terms.region, terms.accountId));
  const sourceKeyArns = Array<string>(plan.sourceKeyCount).fill(
    keyArnOfSameLength(plan.region, plan.accountId),
  );
  assertNoProblems(
    plan.subject,
    roleSizeProblems(roleGrants(plan, destinations, replicaKeyArns, sourceKeyArns)),
  );
}

/** Whether a contract is known to its last term: nothing in it is an Output. */
function isPlain(contract: unknown): boolean {
  return (
    contract !== undefined &&
    !isDeferred(contract) &&
    !(typeof contract === "object" && contract !== null && Object.values(contract).some(isDeferred))
  );
}
