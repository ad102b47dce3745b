/** The IAM policies that callers need for one set-up: who deploys a side of it, and who runs commands on it. */
import { numeral } from "../output/counts";
import { InvalidInputError } from "../input/problems";
import { POLICY_LIMITS, policySize, type PolicyJson } from "../replication/policies";
import type { Snapshot } from "../snapshot/snapshot";
import { given } from "../util/optional";
import { grouped, unique } from "../util/grouping";
import type { CommandName } from "./commandActions";
import { commandNeeds, type SetUp } from "./commandNeeds";
import { deployerNeeds } from "./deployer";
import { type Need, policyOf } from "./policyDocument";
import type { Purpose } from "./purposes";

export interface CallerPolicies {
  /** One for each account; the last may be for whichever account reads the organization's policies. */
  readonly policies: readonly CallerPolicy[];
  /** What a policy does not say, a sentence each. */
  readonly notes: readonly string[];
}

export interface CallerPolicy {
  /** Left out: the management account of the organization, or one that it delegates this to. */
  readonly accountId?: string;
  readonly for: readonly Purpose[];
  readonly policy: PolicyJson;
  /** As IAM counts them: without white space. */
  readonly characters: number;
}

interface Asked {
  readonly accountId?: string;
  readonly purpose: Purpose;
  readonly needs: readonly Need[];
}

/**
 * @param withRemoval Whether who deploys may take the resources away, too.
 * @throws InvalidInputError where the set-up has nothing that was asked for.
 */
export function callerPolicies(
  purposes: readonly Purpose[],
  setUp: SetUp,
  { withRemoval = false }: { readonly withRemoval?: boolean } = {},
): CallerPolicies {
  const notes: string[] = [];
  const asked = unique(purposes).flatMap((purpose): Asked[] => {
    const found = isSide(purpose)
      ? ofDeployer(purpose, setUp, withRemoval, notes)
      : commandNeeds(purpose, setUp).map((each) => ({ ...each, purpose }));
    if (found.length > 0) return found;
    throw new InvalidInputError("--for", [nothingFor(purpose, setUp)]);
  });
  const policies = [...grouped(asked, ({ accountId }) => accountId)].map(([accountId, own]): CallerPolicy => {
    const policy = policyOf(own.flatMap(({ needs }) => needs));
    return {
      ...given("accountId", accountId),
      for: own.map(({ purpose }) => purpose),
      policy,
      characters: policySize(policy),
    };
  });
  const ofOrganization = policies.filter(({ accountId }) => accountId === undefined);
  const ofAccounts = policies.filter(({ accountId }) => accountId !== undefined);
  return { policies: [...ofAccounts, ...ofOrganization], notes: [...unique(notes), ...sizeNotes(policies)] };
}

function isSide(purpose: Purpose): purpose is Exclude<Purpose, CommandName> {
  return purpose === "destination" || purpose === "source";
}

/** Who deploys the stacks that register anything in the accounts of a side. */
function ofDeployer(
  side: Exclude<Purpose, CommandName>,
  { snapshot, stacks }: SetUp,
  withRemoval: boolean,
  notes: string[],
): Asked[] {
  const accountIds = accountsOf(side, snapshot);
  return deployerNeeds(stacks, withRemoval)
    .filter(({ accountId, needs }) => needs.length > 0 && accountIds.has(accountId))
    .map(({ stack, accountId, needs, unknownTypes }) => {
      notes.push(
        ...unknownTypes.map(
          (type) =>
            `Stack '${stack}' has resources of type ${type}, whose actions are not known here: add them.`,
        ),
      );
      return { accountId, purpose: side, needs };
    });
}

function accountsOf(side: "destination" | "source", { buckets }: Snapshot): ReadonlySet<string> {
  const sources = Object.values(buckets).filter(({ replication }) => replication !== null);
  if (side === "source") return new Set(sources.map(({ account }) => account));
  const destinations = sources.flatMap(({ replication }) =>
    (replication?.Rules ?? []).map(({ Destination }) => Destination.Bucket),
  );
  return new Set(destinations.flatMap((arn) => buckets[arn]?.account ?? []));
}

function nothingFor(purpose: Purpose, { snapshot, stacks }: SetUp): string {
  const replicates = Object.values(snapshot.buckets).some(({ replication }) => replication !== null);
  if (!replicates)
    return `'${purpose}' must come with a set-up that replicates, and no bucket here has a rule`;
  if (stacks.some(({ resources }) => resources.some(({ type }) => type.startsWith("aws:")))) {
    return `'${purpose}' must be a side that these stacks deploy, and they register nothing in an account of it; read its stack, too`;
  }
  return `'${purpose}' must come with what a Pulumi program registers: --directory, --example, --program, --state or --preview`;
}

function sizeNotes(policies: readonly CallerPolicy[]): string[] {
  return policies
    .filter(({ characters }) => characters > POLICY_LIMITS.managed)
    .map(
      ({ accountId = "of the organization", characters }) =>
        `The policy for account ${accountId} has ${numeral(characters)} characters, and IAM takes ${numeral(POLICY_LIMITS.managed)} in a managed policy: put its statements into several, or inline, where a role takes ${numeral(POLICY_LIMITS.role)} together.`,
    );
}
