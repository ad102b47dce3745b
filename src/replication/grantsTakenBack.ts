/** What a destination granted to its sources before and does not grant any more. */
import type { ContractSource } from "./contract";
import { grantee } from "./contractProblems";

const PERMISSIONS = {
  tags: "write the tags of objects",
  deleteMarkerReplication: "replicate delete markers",
  ownerOverride: "hand replicas to the destination's account",
} as const;

/** Each role that loses something, with what it loses: `arn:... may no longer replicate delete markers`. */
export function grantsTakenBack(
  before: readonly ContractSource[],
  after: readonly ContractSource[],
): string[] {
  return before.flatMap((source) => {
    const who = grantee(source);
    const left = after.find((candidate) => grantee(candidate) === who);
    if (left === undefined) return [`${who} may no longer replicate at all`];
    const lost: string[] = (Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])
      .filter((permission) => source[permission] && !left[permission])
      .map((permission) => PERMISSIONS[permission]);
    if (left.prefixPerAccount === true && source.prefixPerAccount !== true)
      lost.push("write keys that do not begin with the id of its account");
    return lost.length === 0 ? [] : [`${who} may no longer ${lost.join(", nor ")}`];
  });
}
