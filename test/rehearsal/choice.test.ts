import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import type { Tag } from "../../src/replication/ruleFilter";
import { decidingRules, type ReplicationRuleJson } from "../../src/replication/rules";
import { DESTINATION, object, PLAIN, rehearseWith, rule, setRules } from "../support/handMade";

const BUCKETS = ["arn:aws:s3:::one", "arn:aws:s3:::two"];
const KEYS = ["", "a", "a/", "a/b", "b", "ab/c"];
const PAIRS: Tag[] = [
  { Key: "k", Value: "1" },
  { Key: "k", Value: "2" },
  { Key: "l", Value: "1" },
];

/** What a rule says, before it is put in the shape of the API. */
interface Simple {
  enabled: boolean;
  prefix: string;
  tags: Tag[];
  bucket: string;
}

const simple: fc.Arbitrary<Simple> = fc.record({
  enabled: fc.boolean(),
  prefix: fc.constantFrom(...KEYS),
  tags: fc.subarray(PAIRS.filter(({ Value }) => Value === "1")),
  bucket: fc.constantFrom(...BUCKETS),
});

/** Rules with unique priorities, in any order. */
const configuration = fc
  .array(simple, { minLength: 1, maxLength: 8 })
  .chain((rules) =>
    fc
      .shuffledSubarray([...rules.keys()], { minLength: rules.length })
      .map((priorities) => rules.map((each, index) => ({ ...each, priority: priorities[index] ?? 0 }))),
  );

type Numbered = Simple & { priority: number };

function toRule({ enabled, prefix, tags, bucket, priority }: Numbered): ReplicationRuleJson {
  const [first] = tags;
  return rule(
    {
      ID: String(priority),
      Priority: priority,
      Status: enabled ? "Enabled" : "Disabled",
      Filter:
        first === undefined
          ? { Prefix: prefix }
          : tags.length === 1 && prefix === ""
            ? { Tag: first }
            : { And: { ...(prefix === "" ? {} : { Prefix: prefix }), Tags: tags } },
    },
    { Bucket: bucket },
  );
}

/** What AWS's page says, word for word: of the enabled rules that match, the highest priority at each destination. */
function naive(rules: readonly Numbered[], key: string, tags: Readonly<Record<string, string>>): string[] {
  return BUCKETS.flatMap((bucket) => {
    const matching = rules
      .filter((each) => each.bucket === bucket && each.enabled)
      .filter((each) => key.slice(0, each.prefix.length) === each.prefix)
      .filter((each) => each.tags.every(({ Key, Value }) => tags[Key] === Value));
    if (matching.length === 0) return [];
    return [String(Math.max(...matching.map(({ priority }) => priority)))];
  });
}

describe("which rule decides for an object", () => {
  it("is what a naive reading of AWS's page says, for any rules and objects", () => {
    fc.assert(
      fc.property(
        configuration,
        fc.constantFrom("a", "a/b/c", "b", "ab/c/d", "z"),
        fc.subarray(PAIRS),
        (rules, key, given) => {
          const tags = Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]));
          const decided = decidingRules({ Role: "", Rules: rules.map(toRule) }, key, tags);
          deepStrictEqual(decided.map(({ ID }) => ID).sort(), naive(rules, key, tags).sort());
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("is the same rule whatever their order is", () => {
    fc.assert(
      fc.property(configuration, fc.constantFrom("a", "a/b/c", "b"), (rules, key) => {
        const decided = (list: readonly Numbered[]) =>
          decidingRules({ Role: "", Rules: list.map(toRule) }, key, {})
            .map(({ ID }) => ID)
            .sort();
        deepStrictEqual(decided(rules), decided([...rules].reverse()));
      }),
    );
  });

  it("is no rule for the name of an object's prototype", () => {
    const tag = { Key: "toString", Value: "x" };
    const rules = [rule({ Filter: { Tag: tag }, DeleteMarkerReplication: { Status: "Disabled" } })];
    strictEqual(decidingRules({ Role: "", Rules: rules }, "a", {}).length, 0);
  });

  it("shows in the report: the storage class of the rule with the higher number", () => {
    const { objects } = rehearseWith((s) => {
      setRules(
        s,
        rule({ ID: "low", Priority: 1 }, { StorageClass: "GLACIER" }),
        rule({ ID: "high", Priority: 9, Filter: { Prefix: "a/" } }, { StorageClass: "STANDARD_IA" }),
      );
      s.objects = [object({ encryption: PLAIN }), object({ key: "z", encryption: PLAIN })];
    });
    deepStrictEqual(
      objects.map((each) => [each.key, each.rule, each.replica?.storageClass]),
      [
        ["a/b.txt", "high", "STANDARD_IA"],
        ["z", "low", "GLACIER"],
      ],
    );
  });

  it("never takes a delete marker by a tag, whatever the object had", () => {
    const { objects } = rehearseWith((s) => {
      setRules(
        s,
        rule({ ID: "all", Priority: 1 }),
        rule({
          ID: "tagged",
          Priority: 2,
          Filter: { Tag: { Key: "k", Value: "1" } },
          DeleteMarkerReplication: { Status: "Disabled" },
        }),
      );
      s.objects = [object({ deleteMarker: true, tags: { k: "1" }, encryption: PLAIN })];
    });
    deepStrictEqual(
      objects.map((each) => [each.rule, each.outcome]),
      [["all", "COMPLETED"]],
    );
  });

  it("sends an object to every destination that a rule leads to", () => {
    const { objects } = rehearseWith((s) => {
      const other = "arn:aws:s3:::hand-other";
      const bucket = s.buckets[DESTINATION];
      if (bucket !== undefined) s.buckets[other] = structuredClone(bucket);
      setRules(s, rule({ ID: "a" }), rule({ ID: "b", Priority: 2 }, { Bucket: other }));
      s.objects = [object({ encryption: PLAIN })];
    });
    deepStrictEqual(
      objects.map((each) => [each.rule, each.destination]),
      [
        ["a", DESTINATION],
        ["b", "arn:aws:s3:::hand-other"],
      ],
    );
  });
});
