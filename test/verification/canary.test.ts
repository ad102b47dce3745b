import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import {
  decidingRules,
  type ReplicationConfiguration,
  type ReplicationRuleJson,
} from "../../src/replication/rules";
import { canaryKey, placeFor, secondsToRespect } from "../../src/verification/canary";

const PREFIX = ".canary/";

type Given = Partial<Pick<ReplicationRuleJson, "Filter" | "Prefix" | "Status" | "Priority">> & {
  to?: string;
};

function configurationOf(...rules: Given[]): ReplicationConfiguration {
  return {
    Role: "arn:aws:iam::111111111111:role/replication",
    Rules: rules.map(({ to = "replicas", ...rule }, index) => ({
      ID: `rule-${index}`,
      Priority: index,
      Status: "Enabled",
      Destination: { Bucket: `arn:aws:s3:::${to}` },
      ...(rule.Prefix === undefined ? { Filter: { Prefix: "" } } : {}),
      ...rule,
    })),
  };
}

function placeOf(configuration: ReplicationConfiguration, index = 0) {
  return placeFor("data", configuration, configuration.Rules[index]!, PREFIX);
}

function placed(configuration: ReplicationConfiguration, index = 0) {
  const place = placeOf(configuration, index);
  ok("prefix" in place, JSON.stringify(place));
  return place;
}

describe("the place of a rule's canaries", () => {
  it("is under the prefix of the rule, with its tags and no others", () => {
    const tags = [
      { Key: "class", Value: "secret" },
      { Key: "owner", Value: "finance & law" },
    ];
    const place = placed(configurationOf({ Filter: { And: { Prefix: "reports/", Tags: tags } } }));
    strictEqual(place.prefix, "reports/.canary/data/rule-0/");
    deepStrictEqual(place.tags, { class: "secret", owner: "finance & law" });
  });

  it("is under a prefix that is a whole key, and in rules of the V1 schema", () => {
    strictEqual(
      placed(configurationOf({ Filter: { Prefix: "a/b.csv" } })).prefix,
      "a/b.csv.canary/data/rule-0/",
    );
    strictEqual(placed(configurationOf({ Prefix: "logs" })).prefix, "logs.canary/data/rule-0/");
  });

  it("writes the names of rules so that they are safe in keys", () => {
    const configuration = configurationOf({});
    const [rule] = configuration.Rules;
    const named = { ...configuration, Rules: [{ ...rule!, ID: "../ä b" }] };
    strictEqual(placed(named).prefix, ".canary/data/..%2F%C3%A4%20b/");
  });

  it("avoids rules of a higher priority, and says where they take everything", () => {
    strictEqual(placed(configurationOf({}, { Filter: { Prefix: "." } })).prefix, "_.canary/data/rule-0/");
    const shadowed = placeOf(configurationOf({ Filter: { Prefix: "a/" } }, {}));
    deepStrictEqual(shadowed, {
      why: "shadowed",
      reason: "rule 'rule-1' of a higher priority takes every object that it could take, so it never decides",
    });
  });

  it("names all rules that take the canary, to other destinations too", () => {
    const { takers } = placed(configurationOf({ Filter: { Prefix: "a/" } }, { to: "others" }));
    deepStrictEqual(
      takers.map(({ ID }) => ID),
      ["rule-0", "rule-1"],
    );
  });

  it("does not fit after a prefix that is nearly as long as a key", () => {
    const place = placeOf(configurationOf({ Filter: { Prefix: "ä".repeat(500) } }));
    ok("why" in place && place.why === "too long");
  });

  it("is decided by its rule, whatever the rules are; and where there is none, no key is", () => {
    const filter = fc.record({
      Prefix: fc.string({ unit: fc.constantFrom(".", "_", "a"), maxLength: 3 }),
      Tags: fc.subarray([
        { Key: "x", Value: "1" },
        { Key: "y", Value: "2" },
      ]),
    });
    const rule = fc.record({ Filter: fc.record({ And: filter }), to: fc.constantFrom("one", "two") });
    const brute = ["", ".", "_", "a"].flatMap((a) => ["", ".", "_", "a"].map((b) => `${a}${b}zzz`));
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 6 }), (rules) => {
        const configuration = configurationOf(...rules);
        for (const [index, each] of configuration.Rules.entries()) {
          const place = placeOf(configuration, index);
          const { Prefix = "", Tags = [] } = each.Filter!.And!;
          const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
          if ("prefix" in place) {
            ok(place.prefix.startsWith(Prefix));
            ok(decidingRules(configuration, canaryKey(place, 60), place.tags).includes(each));
          } else {
            ok(!brute.some((end) => decidingRules(configuration, Prefix + end, tags).includes(each)));
          }
        }
      }),
    );
  });
});

describe("the key of a canary", () => {
  const place = placed(configurationOf({}));

  it("says how long other runs leave it alone", () => {
    strictEqual(secondsToRespect(place, canaryKey(place, 1020)), 1020);
  });

  it("is another one in each run", () => {
    ok(canaryKey(place, 1) !== canaryKey(place, 1));
  });

  it("is no key of the user's", () => {
    for (const key of ["readme.txt", "1f0c9a2b", "1f0c9a2b-960/more", "1F0C9A2B-960", ""]) {
      strictEqual(secondsToRespect(place, `${place.prefix}${key}`), undefined);
    }
    strictEqual(secondsToRespect(place, "elsewhere/1f0c9a2b-960"), undefined);
  });
});
