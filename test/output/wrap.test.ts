/** Text without colours or wide characters is wrapped as wrap-ansi wraps it, and faster. */
import { deepStrictEqual, ok } from "node:assert";
import fc from "fast-check";
import wrapAnsi from "wrap-ansi";
import { wrap } from "../../src/output/textLayout";

describe("a sentence", () => {
  const character = fc.constantFrom(..."ab -:/\n ");
  const word = fc.integer({ min: 0, max: 200 }).map((length) => "w".repeat(length));
  const text = fc
    .array(fc.oneof(fc.string({ unit: character, maxLength: 30 }), word, fc.constant(" ")), { maxLength: 12 })
    .map((parts) => parts.join(""));

  it("is wrapped as wrap-ansi does it, whatever its words and spaces are", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 70 }), (sentence, indent) => {
        const expected = wrapAnsi(sentence, 80 - indent, { hard: true })
          .split("\n")
          .map((line) => " ".repeat(indent) + line);
        deepStrictEqual(wrap(sentence, indent), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("of wide characters or colours fits as well", () => {
    ok(wrap("写".repeat(60), 0).every((line) => line.length <= 40));
    deepStrictEqual(wrap(`\u001b[1m${"a".repeat(80)}\u001b[22m`, 0).length, 1);
  });
});
