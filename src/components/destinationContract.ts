/** The contracts of the destinations of a source: where they come from, and whether the rules fit them. */
import * as pulumi from "@pulumi/pulumi";
import type { ContractTerms } from "../replication/contract";
import {
  assertRoleFits,
  contractOrigin,
  fittingContract,
  fittingTerms,
  type SourcePlan,
} from "../replication/plan";
import { stackReference } from "./stackReference";
import { readable } from "./userErrors";
import type { ReplicationContract } from "./replicationDestination";

/** Where a destination's contract comes from: exactly one of the two. */
export interface ReplicationDestinationReference {
  /**
   * Fully qualified name of the destination's stack, '<organization>/<project>/<stack>', which exports 'contract'.
   * Default: no stack; the contract is given instead.
   */
  stack?: string;
  /**
   * The contract itself: the output 'contract' of a ReplicationDestination, or a contract kept elsewhere.
   * Default: what the stack exports.
   */
  contract?: pulumi.Input<ReplicationContract>;
}

/** The contracts of all destinations as the source needs them: checked against its rules, and in two parts. */
export interface FittingContracts {
  /** All that is known in a preview, in the order of the destinations' names. */
  readonly terms: pulumi.Output<ContractTerms[]>;
  /** In the same order; unknown until the destination's key exists, undefined where it has none. */
  readonly keyArns: pulumi.Output<(string | undefined)[]>;
}

/** Reads the contracts from their stacks or from the arguments. What does not fit the rules stops the preview. */
export function fittingContracts(
  name: string,
  plan: SourcePlan,
  destinations: Record<string, ReplicationDestinationReference>,
  parent: pulumi.Resource,
): FittingContracts {
  const references = Object.entries(destinations);
  const contracts = references.map(([destination, { stack, contract }]) =>
    // A URN holds the type of a parent and not its name, so the name must differ for every source and destination.
    stack === undefined ? contract : stackContract(plan.subject, `${name}-${destination}`, stack, parent),
  );
  return applyWhereKnown(
    pulumi.output(contracts as unknown[]),
    readable((values) => {
      const read = references.map(([destination, { stack }], index) =>
        fittingPart(plan, destination, values[index], contractOrigin(destination, stack)),
      );
      const terms = read.map((contract) => contract.terms);
      if (!pulumi.containsUnknowns(terms)) assertRoleFits(plan, terms);
      return { terms, keyArns: read.map((contract) => contract.keyArn) };
    }),
  );
}

/** What can be checked of a contract in a preview, where all of it or its key ARN alone may be unknown. */
function fittingPart(plan: SourcePlan, destination: string, contract: unknown, from: string) {
  const unknown = pulumi.unknown as never;
  const { keyArn } = (contract ?? {}) as { keyArn?: unknown };
  if (pulumi.containsUnknowns(termsOf(contract))) return { terms: unknown, keyArn: unknown };
  return pulumi.isUnknown(keyArn)
    ? { terms: fittingTerms(plan, destination, contract, from), keyArn: unknown }
    : fittingContract(plan, destination, contract, from);
}

/** All of a contract but its key ARN. */
function termsOf(contract: unknown): unknown {
  if (typeof contract !== "object" || contract === null || pulumi.isUnknown(contract)) return contract;
  return { ...contract, keyArn: undefined };
}

/**
 * Runs `read` also where a part of the value is not known yet. The SDK does the same for a property of an Output; its types
 * leave the parameter out.
 */
function applyWhereKnown<T, U>(output: pulumi.Output<T>, read: (value: T) => U): pulumi.Output<U> {
  type AppliesWhereKnown = { apply(read: (value: T) => U, runWithUnknowns: boolean): pulumi.Output<U> };
  return (output as unknown as AppliesWhereKnown).apply(read, true);
}

/** The contract that a stack exports; a deployed stack's outputs are always known. */
function stackContract(
  subject: string,
  name: string,
  stack: string,
  parent: pulumi.Resource,
): pulumi.Output<unknown> {
  const reference = stackReference(subject, name, stack, parent);
  return (
    pulumi
      .output(reference.then((known) => known.getOutputDetails("contract")))
      // The details keep secret and plain values apart. Whatever is made of a secret contract becomes secret.
      .apply(({ value, secretValue }): pulumi.Input<unknown> =>
        secretValue === undefined ? (value as unknown) : pulumi.secret(secretValue as unknown),
      )
  );
}
