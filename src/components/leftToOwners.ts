/** What a component leaves to the owners of a bucket, a key or a role that exist already. */
import { warn } from "./userErrors";

/** An output with statements, and the policy that they belong into: `requiredBucketPolicyStatements`. */
export interface LeftToOwner {
  readonly output: string;
  /** `the policy of bucket 'acme-archive'` */
  readonly policy: string;
}

/** Says so in every preview and update: a deployment that ends well would look as if there were nothing left to do. */
export function sayLeftToOwners(subject: string, left: readonly LeftToOwner[]): void {
  for (const { output, policy } of left) {
    void warn(
      `${subject} leaves ${policy} to its owner: it must hold the statements of the output '${output}' ('pulumi stack output ${output}' in the ready-made program), or objects fail to replicate`,
    );
  }
}
