/** A warning about grants that the stack, as it was deployed last, still gives to its sources. */
import * as pulumi from "@pulumi/pulumi";
import { type ContractTerms, readContractTerms } from "../replication/contract";
import { grantsTakenBack } from "../replication/grantsTakenBack";
import { outputsOfStack } from "./stackReference";
import { warn } from "./userErrors";

/**
 * Compares a destination's terms with the contract of the same bucket among the outputs of the deployed stack. An update
 * that takes a grant back succeeds, and what the sources' rules still ask for then fails.
 */
export async function sayGrantsTakenBack(subject: string, terms: ContractTerms): Promise<void> {
  for (const before of await deployedContracts(terms.bucketArn)) {
    const lost = grantsTakenBack(before.sources, terms.sources);
    if (lost.length > 0) {
      await warn(
        `${subject} takes back what it grants in the deployed stack: ${lost.join("; ")}. Objects fail to replicate while a source's rules ask for it: deploy the sources without it first ('Taking a grant away' in docs/deploying.md)`,
      );
    }
  }
}

async function deployedContracts(bucketArn: string): Promise<ContractTerms[]> {
  return Object.values(await deployedOutputs()).flatMap((output) => {
    try {
      const terms = readContractTerms(output, "the deployed stack");
      return terms.bucketArn === bucketArn ? [terms] : [];
    } catch {
      return []; // Another output than a contract, or one of another release.
    }
  });
}

/** By run of a program: a stack with a hundred destinations is read once. */
const read = new WeakMap<object, Promise<Record<string, unknown>>>();

function deployedOutputs(): Promise<Record<string, unknown>> {
  const run = pulumi.runtime.getMonitor();
  const known = run && read.get(run);
  if (known !== undefined) return known;
  const own = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  // A warning is no reason to stop: mocks of the engine, for one, may know no stacks.
  const outputs = outputsOfStack(own).catch(() => ({}));
  if (run !== undefined) read.set(run, outputs);
  return outputs;
}
