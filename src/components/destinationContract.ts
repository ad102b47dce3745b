import * as pulumi from "@pulumi/pulumi";
import { CONTRACT_TERMS, type ContractTerms, readContractKeyArn } from "../replication/contract";
import { contractOrigin, fittingContractOf, fittingTerms, type SourcePlan } from "../replication/plan";
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

/** A destination's contract as the source needs it: checked against its rules, and in two parts. */
export interface FittingContract {
  /** All that is known in a preview. */
  readonly terms: pulumi.Output<ContractTerms>;
  /** Unknown until the destination's key exists; undefined where it has none. */
  readonly keyArn: pulumi.Output<string | undefined>;
}

/** Reads a contract from its stack or from the arguments. What does not fit the rules stops the preview. */
export function fittingContract(
  name: string,
  plan: SourcePlan,
  destination: string,
  reference: ReplicationDestinationReference,
  parent: pulumi.Resource,
): FittingContract {
  const from = contractOrigin(destination, reference.stack);
  if (reference.stack !== undefined) {
    // A URN holds the type of a parent and not its name, so the name must differ for every source and destination.
    const contract = stackContract(`${name}-${destination}`, reference.stack, parent);
    const known = contract.apply(readable((value) => fittingContractOf(plan, destination, value, from)));
    return { terms: known.apply(([terms]) => terms), keyArn: known.apply(([, keyArn]) => keyArn) };
  }
  const given = givenContract(reference);
  const terms = given.terms.apply(readable((value) => fittingTerms(plan, destination, value, from)));
  return {
    terms,
    keyArn: terms.apply((fitting) =>
      given.keyArn.apply(readable((keyArn) => readContractKeyArn(fitting, keyArn, from))),
    ),
  };
}

/** The contract that a stack exports; a deployed stack's outputs are always known. */
function stackContract(name: string, stack: string, parent: pulumi.Resource): pulumi.Output<unknown> {
  const reference = new pulumi.StackReference(name, { name: stack }, { parent });
  return (
    pulumi
      .output(reference.getOutputDetails("contract"))
      // The details keep a secret and a plain value apart; a secret contract makes secret whatever is made of it.
      .apply(({ value, secretValue }): pulumi.Input<unknown> =>
        secretValue === undefined ? (value as unknown) : pulumi.secret(secretValue as unknown),
      )
  );
}

/**
 * A contract in the arguments, term by term: as a whole, one with a new key is unknown until that key exists. What is
 * no contract at all stays what it is.
 */
function givenContract({ contract }: ReplicationDestinationReference): {
  terms: pulumi.Output<unknown>;
  keyArn: pulumi.Output<unknown>;
} {
  const given = pulumi.output(contract) as pulumi.Output<ContractTerms & { keyArn?: string }>;
  return {
    terms: pulumi
      .all(CONTRACT_TERMS.map((term) => given[term] as pulumi.Output<unknown>))
      .apply((values) =>
        values.every((value) => value === undefined)
          ? undefined
          : Object.fromEntries(CONTRACT_TERMS.map((term, index) => [term, values[index]])),
      ),
    keyArn: given.keyArn as pulumi.Output<unknown>,
  };
}
