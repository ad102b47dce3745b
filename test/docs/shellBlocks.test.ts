/** Every shell block of every page is run by the tests of the engine, or is known not to be. */
import { deepStrictEqual } from "node:assert";
import { pages } from "./support/markdown";
import { unaccounted } from "./support/shellBlocks";

describe("a shell block of a page", () => {
  it("is run word for word, or stands in the list with the reason why not (support/shellBlocks.ts)", () => {
    deepStrictEqual(unaccounted(pages()), { blocks: [], entries: [] });
  });
});
