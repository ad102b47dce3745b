/**
 * What bounds the rows that miss their goal, by the beginning of a row's id. Every reason was measured; a row that meets
 * its goal does not show it.
 */
const BOUNDED_BY: readonly (readonly [beginning: string, reason: string])[] = [
  [
    "components/byHand/",
    "a pair registers 29 resources instead of 27, as both components are resources too, and makes more Outputs: the checks of contract and caller, the contract term by term, and what owners of existing buckets and keys have to add",
  ],
  [
    "components/cdk/10/",
    "Pulumi's own SDK: the same resources by hand take about half of CDK's time and memory already",
  ],
  [
    "rehearse/",
    "laying out ten lines of text a pair with a table library: with --json 1,000 pairs take 4.8 s instead of 8.6 s; below that, code that is not warm yet",
  ],
  [
    "policyPack/noOp",
    "the SDK reads the whole stack anew for each rule that judges stacks, and 12 of ours do (the next row has as many rules)",
  ],
];

/** Why a row misses its goal. */
export function reasonFor(id: string): string {
  return BOUNDED_BY.find(([beginning]) => id.startsWith(beginning))?.[1] ?? "not known yet";
}
