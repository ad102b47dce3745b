import * as pulumi from "@pulumi/pulumi";
import { CONTRACT_TERMS, type ContractTerms, readContractKeyArn } from "../replication/contract";
import { contractOrigin, fittingTerms, type SourcePlan } from "../replication/plan";
import { readable } from "./userErrors";
import type { ReplicationDestinationReference } from "./replicationSource";

/** A destination's contract as the source needs it: checked against its rules, and in two parts. */
export interface FittingContract {
  /** All that is known in a preview. */
  readonly terms: pulumi.Output<ContractTerms>;
  /** Unknown until the destination's key exists; undefined where it has none. */
  readonly keyArn: pulumi.Output<string | undefined>;
}

/** Reads a contract from its stack or from the arguments. What does not fit the rules stops the preview. */
export function fittingContract(
  plan: SourcePlan,
  destination: string,
  reference: ReplicationDestinationReference,
  parent: pulumi.Resource,
): FittingContract {
  const from = contractOrigin(destination, reference.stack);
  const given =
    reference.stack === undefined ? givenContract(reference) : stackContract(reference.stack, parent);
  const terms = given.terms.apply(readable((contract) => fittingTerms(plan, destination, contract, from)));
  return {
    terms,
    keyArn: pulumi
      .all([terms, given.keyArn])
      .apply(readable(([fitting, keyArn]) => readContractKeyArn(fitting, keyArn, from))),
  };
}

/** A contract as it comes in, unchecked. */
interface UncheckedContract {
  readonly terms: pulumi.Output<unknown>;
  readonly keyArn: pulumi.Output<unknown>;
}

function stackContract(stack: string, parent: pulumi.Resource): UncheckedContract {
  const reference = new pulumi.StackReference(stack, { name: stack }, { parent });
  const contract = pulumi
    .output(reference.getOutputDetails("contract"))
    // The details keep a secret and a plain value apart; a secret contract makes everything secret that is made of it.
    .apply((details) =>
      details.secretValue === undefined ? details.value : pulumi.secret(details.secretValue as unknown),
    ) as pulumi.Output<unknown>;
  return {
    terms: contract,
    keyArn: contract.apply((value) => (value as { keyArn?: unknown } | undefined)?.keyArn),
  };
}

/** Term by term: as a whole, a contract with a new key is unknown until that key exists. */
function givenContract({ contract }: ReplicationDestinationReference): UncheckedContract {
  const given = pulumi.output(contract) as pulumi.Output<ContractTerms & { keyArn?: string }>;
  return {
    terms: pulumi
      .all(CONTRACT_TERMS.map((term) => given[term] as pulumi.Output<unknown>))
      .apply((values) => Object.fromEntries(CONTRACT_TERMS.map((term, index) => [term, values[index]]))),
    keyArn: given.keyArn as pulumi.Output<unknown>,
  };
}
