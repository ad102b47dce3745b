import { deepStrictEqual, doesNotMatch } from "node:assert";
import { asJson } from "../../src/output/printResult";
import { CONTROL } from "../support/cli";

describe("JSON as commands print it", () => {
  it("moves no cursor and hides no character, and reads as what it was", () => {
    const value = {
      "a\u009b31m": ["\u0085", "\u202egnp.exe", "\u2028", "\ufeff", "\u001b[0m", "é 😀", "\\u009b"],
    };
    const text = asJson(value);
    doesNotMatch(text.replaceAll("\n", ""), CONTROL);
    doesNotMatch(text, /[\u2028\u202e\ufeff]/);
    deepStrictEqual(JSON.parse(text), value);
  });
});
