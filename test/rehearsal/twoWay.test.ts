import { deepStrictEqual } from "node:assert";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import { applyAdvice } from "../proof/applyAdvice";
import { snapshotOf } from "../support/examples";

const CHANGES: readonly (readonly [what: string, change: (snapshot: Snapshot) => void])[] = [
  [
    "whose organization allows one account nothing",
    ({ accounts }) => void (accounts["111111111111"]!.scps = [[]]),
  ],
  [
    "whose organization allows the other account nothing",
    ({ accounts }) => void (accounts["222222222222"]!.scps = [[]]),
  ],
  [
    "of which one bucket has Object Lock",
    ({ buckets }) => void (buckets["arn:aws:s3:::two-way-west"]!.objectLock = true),
  ],
];

describe("a pair that replicates both ways", () => {
  for (const [what, change] of CHANGES) {
    it(`${what} is proven once everything is done that is advised, in both directions`, async () => {
      const snapshot = await snapshotOf("two-way");
      change(snapshot);
      const { verdict, advice } = rehearse(snapshot);
      deepStrictEqual([verdict, rehearse(applyAdvice(snapshot, advice)).verdict], ["broken", "proven"]);
    });
  }
});
