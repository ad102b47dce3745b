/** What Athena is said to scan at most. */
import { match } from "node:assert";
import { describe, it } from "mocha";
import type { Inventory } from "../../../src/reconcile/inventory/locate";
import { costSentence } from "../../../src/reconcile/athena/cost";

/** An inventory of one GB. */
function inventory(key: string): Inventory {
  const files = [{ key, size: 1e9 }];
  return { manifest: { files } } as unknown as Inventory;
}

const ofS3 = inventory("documents/all/data/0a1b2c3d-0a1b-4c2d-8e3f-0a1b2c3d4e5f.csv.gz");
const own = inventory("lists/copies.csv");

describe("what Athena scans", () => {
  it("is each pair as often as it is asked for, and once more each list that S3 did not write", () => {
    match(costSentence([ofS3, ofS3], 2), /^Athena scans at most 4\.0 GB, which costs at most USD 0\.0200 /);
    match(costSentence([ofS3, own], 2), /^Athena scans at most 5\.0 GB, which costs at most USD 0\.0250 /);
    match(
      costSentence([own, own, ofS3], 1),
      /^Athena scans at most 6\.0 GB, which costs at most USD 0\.0300 /,
    );
  });
});
