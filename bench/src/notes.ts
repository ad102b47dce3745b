/**
 * What bounds the rows that miss their goal, by the beginning of a row's id. Every reason was measured; a row that meets
 * its goal does not show it.
 */
const BOUNDED_BY: readonly (readonly [beginning: string, reason: string])[] = [
  [
    "components/byHand/",
    "a pair registers 28 resources instead of 26, as both components are resources too, and makes a fifth more Outputs, which carry the checks of contract and caller",
  ],
  [
    "components/cdk/10/",
    "Pulumi's own SDK: the same resources by hand take about half of CDK's time and memory already",
  ],
  [
    "rehearse/",
    "code that is not warm yet: rehearsing 300 pairs again in one process takes half the time of the first",
  ],
  ["start/snapshot", "loading zod, which checks the file, takes 0.8 times node -e 0 alone"],
  ["install/rest", "zod has 6 MB, of which most are never loaded"],
  [
    "policyPack/noOp",
    "the SDK reads the whole stack anew for each rule that judges stacks, and 12 of ours do (the next row has as many rules)",
  ],
];

/** Why a row misses its goal. */
export function reasonFor(id: string): string {
  return BOUNDED_BY.find(([beginning]) => id.startsWith(beginning))?.[1] ?? "not known yet";
}
