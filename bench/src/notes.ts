/**
 * What bounds the rows that miss their goal, by the beginning of a row's id. Every reason was measured; a row that meets
 * its goal does not show it.
 */
const BOUNDED_BY: readonly (readonly [beginning: string, reason: string])[] = [
  [
    "components/byHand/",
    "a pair makes 20,400 promises in the SDK instead of 18,000, half of what is more for both components, which are resources too: 320 for their inputs, 470 for their outputs, 330 to register those",
  ],
  [
    "components/cdk/10/",
    "Pulumi's own SDK: the same resources by hand take about half of CDK's time and memory already",
  ],
  [
    "rehearse/",
    "code that is not warm yet: one of the first 100 pairs takes 2.6 times as much processor time as one after the 300th, and two fifths of the time of 100 pairs is V8's optimising compiler; laying out text is a sixth",
  ],
  [
    "reconcile/inventory/",
    "MD5 of the files, 1.6 to 2.7 s a GB, which the join by hand does not check; and what the join carries beside the keys: sizes, times and states",
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
