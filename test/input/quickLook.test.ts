/** The first look at large files: what it takes, the schema takes. */
import { deepStrictEqual, strictEqual } from "node:assert";
import { describe, it } from "mocha";
import * as v from "valibot";
import { fields } from "../../src/input/objectShapes";
import { quickLook } from "../../src/input/quickLook";
import { REPLICATION } from "../../src/snapshot/replicationSchema";

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

const CONFIGURATION = {
  Role: "arn:aws:iam::111111111111:role/replication",
  Rules: [
    {
      ID: "all",
      Priority: 1,
      Status: "Enabled",
      Filter: { And: { Prefix: "logs/", Tags: [{ Key: "a", Value: "b" }] } },
      DeleteMarkerReplication: { Status: "Disabled" },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } },
      Destination: {
        Bucket: "arn:aws:s3:::acme-copy",
        Account: "222222222222",
        AccessControlTranslation: { Owner: "Destination" },
        ReplicationTime: { Status: "Enabled", Time: { Minutes: 15 } },
      },
    },
  ],
};

/** The value with each part of it in turn in another's place, and with a name too many in each of its objects. */
function variantsOf(value: unknown, other: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [other];
  const within = Object.entries(value).flatMap(([name, inner]) =>
    variantsOf(inner, other).map((variant) =>
      Array.isArray(value)
        ? value.map((item: unknown, index) => (String(index) === name ? variant : item))
        : { ...value, [name]: variant },
    ),
  );
  return [other, ...within, ...(Array.isArray(value) ? [] : [{ ...value, more: other }])];
}

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
    strictEqual(quickLook(v.literal("a"))("a"), false);
    strictEqual(quickLook(v.record(v.string(), v.string()))({ a: 1 }), false);
    for (const unknown of [v.minBytes(1), v.trim(), v.rawCheck<string>(() => undefined)]) {
      strictEqual(quickLook(v.pipe(v.string(), unknown))("b"), false);
    }
  });

  it("judges a replication configuration as its schema does, wherever something in it is wrong", () => {
    const looks = quickLook(REPLICATION);
    strictEqual(looks(CONFIGURATION), true);
    const others = [
      undefined,
      null,
      "",
      "Enabled",
      "x".repeat(1025),
      0,
      1.5,
      [],
      [{}],
      {},
      { Status: "Enabled" },
    ];
    const taken = others.flatMap((other) => variantsOf(CONFIGURATION, other)).filter(looks);
    deepStrictEqual(
      taken.filter((value) => !v.is(REPLICATION, value)),
      [],
    );
    const leftOut = variantsOf(CONFIGURATION, undefined);
    deepStrictEqual(
      leftOut.map(looks),
      leftOut.map((value) => v.is(REPLICATION, value)),
    );
  });
});
