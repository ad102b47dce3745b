/** The first look at large files: what it takes, the schema takes. */
import { deepStrictEqual, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import * as v from "valibot";
import { fields } from "../../src/input/objectShapes";
import { quickLook } from "../../src/input/quickLook";

const SCHEMA = fields(
  {
    name: v.string(),
    index: v.optional(v.nullable(v.union([v.string(), v.number()]))),
    complete: v.optional(v.boolean()),
    values: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
    changes: v.array(fields({ actions: v.array(v.string()) }, "must be a change")),
    anything: v.optional(v.unknown()),
  },
  "must be an object",
);
const looksRight = quickLook(SCHEMA);

const WHOLE = {
  name: "a",
  index: 1,
  complete: true,
  values: { id: null },
  changes: [{ actions: ["create"], more: 1 }],
  anything: [],
  more: {},
};

describe("a quick look", () => {
  it("takes what is as it must be, with names that the schema does not know", () => {
    const { name, changes } = WHOLE;
    for (const value of [WHOLE, { name, changes }, { ...WHOLE, index: null, values: null }]) {
      strictEqual(looksRight(value), true);
      strictEqual(v.is(SCHEMA, value), true);
    }
  });

  it("takes nothing that the schema refuses", () => {
    const wrong: unknown[] = [
      null,
      undefined,
      "text",
      0,
      true,
      [],
      [1],
      {},
      { actions: [0] },
      [{ actions: 1 }],
    ];
    const values = [
      ...wrong,
      ...Object.keys(WHOLE).flatMap((key) => wrong.map((one) => ({ ...WHOLE, [key]: one }))),
    ];
    const taken = values.filter(looksRight);
    deepStrictEqual(
      taken.filter((value) => !v.is(SCHEMA, value)),
      [],
    );
    strictEqual(taken.length > 0 && taken.length < values.length, true);
  });

  it("leaves to the schema what it does not know", () => {
    strictEqual(quickLook(v.picklist(["a"]))("a"), false);
    strictEqual(quickLook(v.record(v.string(), v.string()))({ a: 1 }), false);
    strictEqual(quickLook(v.pipe(v.string(), v.regex(/a/)))("b"), false);
  });
});
