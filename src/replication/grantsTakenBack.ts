/** What a destination granted to its sources before and does not grant any more. */
import type { ContractSource } from "./contract";

const PERMISSIONS: Readonly<Record<Exclude<keyof ContractSource, "roleArn">, string>> = {
  tags: "write the tags of objects",
  deleteMarkerReplication: "replicate delete markers",
  ownerOverride: "hand replicas to the destination's account",
};

/** Each role that loses something, with what it loses: `arn:... may no longer replicate delete markers`. */
export function grantsTakenBack(
  before: readonly ContractSource[],
  after: readonly ContractSource[],
): string[] {
  return before.flatMap((source) => {
    const { roleArn } = source;
    const left = after.find((candidate) => candidate.roleArn === roleArn);
    if (left === undefined) return [`${roleArn} may no longer replicate at all`];
    const lost = (Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])
      .filter((permission) => source[permission] && !left[permission])
      .map((permission) => PERMISSIONS[permission]);
    return lost.length === 0 ? [] : [`${roleArn} may no longer ${lost.join(", nor ")}`];
  });
}
