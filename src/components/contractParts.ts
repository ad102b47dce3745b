import type * as pulumi from "@pulumi/pulumi";
import type { ContractTerms } from "../replication/contract";

/** A contract as the source needs it: the terms, which are known in a preview, and the key, which may not be. */
export interface ContractParts {
  readonly terms: pulumi.Output<ContractTerms>;
  readonly keyArn: pulumi.Output<string | undefined>;
}

const partsByContract = new WeakMap<object, ContractParts>();

/** Remembers what a contract was put together from, for sources in the same program. */
export function keepParts(contract: object, parts: ContractParts): void {
  partsByContract.set(contract, parts);
}

export function keptParts(contract: unknown): ContractParts | undefined {
  return typeof contract === "object" && contract !== null ? partsByContract.get(contract) : undefined;
}
