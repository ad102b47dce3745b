import assert from "node:assert/strict";
import { StackValidationPolicy } from "@pulumi/policy";
import { nist } from "../../policypack/frameworks";
import { policies } from "../../policypack/policies";
import { About, resourceRule, stackRule } from "../../policypack/rule";
import { bothStacks } from "./fixtures/ourProgram";
import { tutorials } from "./fixtures/tutorials";
import { judge } from "./support/judge";
import { ProgramResource, resource, unknown } from "./support/resources";

const about: About = {
  name: "example",
  displayName: "Example",
  description: "An example.",
  severity: "low",
  framework: nist("CM-2", "Baseline Configuration"),
  tags: [],
  remediationSteps: "",
  url: "",
};
const boxes = (...sizes: unknown[]): ProgramResource[] =>
  sizes.map((size, index) => resource("aws:s3/bucket:Bucket", `box-${index}`, { size }));

describe("a rule", () => {
  const small = stackRule(about, (stack, findings) => {
    findings.guardEach(stack.buckets, (bucket) => {
      const { value } = bucket.prop("size");
      if (value === "throws") throw new TypeError("cannot read my-secret");
      findings.mustBe(bucket, bucket.prop("size"), {
        allowed: (size) => size === 1,
        must: "1",
        write: "size: 1",
      });
    });
  });

  it("reports a resource that makes it throw, without repeating what the error quotes, and judges the others", () => {
    assert.deepEqual(judge(small, boxes("throws", 2, 1)).violations, [
      "box-0: 'properties' of 'box-0' cannot be read by this rule: found a shape that ends in TypeError. " +
        "Write it in the documented shape, or put 'box-0' into the rule's 'exempt' once it was reviewed.",
      "box-1: 'size' of 'box-1' must be 1, got 2. Write size: 1.",
    ]);
  });

  it("lists all that is not known yet in one message, after its violations", () => {
    const { violations, notYet } = judge(small, boxes(unknown, 2, unknown));
    assert.deepEqual(violations, ["box-1: 'size' of 'box-1' must be 1, got 2. Write size: 1."]);
    assert.deepEqual(notYet, [
      "not known until the update, so judged then: 'size' of 'box-0', 'size' of 'box-2'; everything else was judged now",
    ]);
  });

  it("says nothing of exempt resources, known or not", () => {
    const config = { exempt: ["box-0", "box-1"] };
    assert.deepEqual(judge(small, boxes(unknown, 2), config), { violations: [], notYet: [] });
  });

  it("shows no string that is not AWS's own word", () => {
    const [violation = ""] = judge(small, boxes("my-secret")).violations;
    assert.ok(violation.includes("must be 1, got another string"), violation);
  });

  it("stops for settings of the wrong kind", () => {
    const settings = { flag: {}, count: {}, choice: {} };
    const picky = resourceRule({ ...about, settings }, ["aws:s3/bucket:Bucket"], (_, __, config) => {
      config.boolean("flag", true);
      config.number("count", 1);
      config.oneOf("choice", ["a", "b"], "a");
    });
    judge(picky, boxes(1));
    const wrong: [object, RegExp][] = [
      [{ flag: "yes" }, /'flag' must be true or false, got string/],
      [{ count: "one" }, /'count' must be a number, got string/],
      [{ choice: "c" }, /'choice' must be one of a, b, got string/],
      [{ exempt: "box-0" }, /'exempt' must be a list of strings, got string/],
    ];
    for (const [config, message] of wrong) assert.throws(() => judge(picky, boxes(1), config), message);
  });

  it("stops for a setting that it does not have, and names the nearest", () => {
    const settings = { minimumDays: {} };
    const rules = [
      resourceRule({ ...about, settings }, ["aws:s3/bucket:Bucket"], () => undefined),
      stackRule({ ...about, settings }, () => undefined),
    ];
    for (const rule of rules) {
      judge(rule, boxes(1), { minimumDays: 7, exempt: [], enforcementLevel: "advisory" });
      assert.throws(() => judge(rule, boxes(1), { minimunDays: 7 }), {
        message:
          "'minimunDays' is no setting of 'example': did you mean 'minimumDays'? It has minimumDays, exempt, enforcementLevel",
      });
    }
  });
});

describe("the messages of all rules", () => {
  const programs = [...Object.values(tutorials).map(({ program }) => program), bothStacks("preview")];

  it("repeat no value of the program but AWS's own words, because any of them may be a secret", () => {
    for (const rule of policies) {
      for (const program of programs) {
        const { violations, notYet } = judge(rule, program);
        const values = program.flatMap(({ props }) => privateValues(props));
        for (const message of [...violations, ...notYet]) {
          const repeated = values.filter((value) => message.includes(value));
          assert.deepEqual(repeated, [], message);
        }
      }
    }
  });

  it("name the resource, what is allowed, what was found and what to write", () => {
    for (const rule of policies) {
      for (const violation of programs.flatMap((program) => judge(rule, program).violations)) {
        const [, name = "", message = ""] = /^([^:]*): (.*)$/s.exec(violation) ?? [];
        assert.ok(message.includes(`'${name}'`), violation);
        assert.match(message, / must .* got .*\. Write .*\.$/s);
      }
    }
  });
});

/** The strings of a resource that nobody but the program's author gave it. */
function privateValues(value: unknown): string[] {
  if (typeof value === "string") {
    if (value.startsWith("{")) return privateValues(JSON.parse(value));
    const accounts = value.match(/\d{12}/g) ?? [];
    // Names, ids and ARNs; an action of AWS, an operator or a status is nobody's secret.
    return /^(arn:|[a-z]+-[a-z0-9-]{4,}$)/.test(value) ? [value, ...accounts] : accounts;
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value)
    .flatMap(privateValues)
    .filter((one) => !NAMES.has(one));
}

/** Bucket names that a guide also gives to the resource, whose name a message does show. */
const NAMES = new Set<string>(["orders-replication", "us-east-1"]);

describe("the cost of a rule", () => {
  const stackRules = policies.filter((rule): rule is StackValidationPolicy => "validateStack" in rule);

  /** How many property reads a rule costs: a count, unlike a time, is the same on every machine. */
  function reads(rule: StackValidationPolicy, program: readonly ProgramResource[]): number {
    let count = 0;
    const urns = new Map<string, object>();
    const resources = program.map((one) => {
      const counted = {
        ...one,
        props: new Proxy(one.props, {
          get: (target, name): unknown => {
            count += 1;
            return Reflect.get(target, name);
          },
        }),
        propertyDependencies: {},
      };
      urns.set(one.urn, counted);
      return counted;
    });
    program.forEach(({ propertyDependencies = {} }, index) => {
      for (const [property, from] of Object.entries(propertyDependencies)) {
        Reflect.set(
          resources[index]?.propertyDependencies ?? {},
          property,
          from.map((urn) => urns.get(urn)).filter(Boolean),
        );
      }
    });
    void rule.validateStack(
      {
        resources: resources as unknown as Parameters<typeof rule.validateStack>[0]["resources"],
        stackTags: new Map(),
        getConfig: <T>() => ({}) as T,
        notApplicable: () => {
          throw new Error("unused");
        },
      },
      () => undefined,
    );
    return count;
  }

  const many = (count: number): ProgramResource[] =>
    Array.from({ length: count }, (_, index) => index).flatMap((index) =>
      bothStacks("update").map((one) => renamed(one, index)),
    );

  for (const rule of stackRules) {
    it(`grows with the stack and no faster: '${rule.name}'`, () => {
      const [few, more] = [reads(rule, many(10)), reads(rule, many(100))];
      assert.ok(more <= few * 10, `${few} reads for 10 pairs, ${more} for 100`);
    });

    it(`is nothing for resources that are not about S3, KMS or IAM: '${rule.name}'`, () => {
      const others = Array.from({ length: 1000 }, (_, index) =>
        resource("aws:ec2/instance:Instance", `instance-${index}`, { ami: "ami-1" }),
      );
      assert.equal(reads(rule, [...others, ...many(2)]), reads(rule, many(2)));
    });
  }
});

describe("the time that all rules take", () => {
  it("grows with the stack and no faster: 5,000 resources", function () {
    this.timeout(60_000);
    const time = (pairs: number): number => {
      const program = Array.from({ length: pairs }, (_, index) => index).flatMap((index) =>
        bothStacks("update").map((one) => renamed(one, index)),
      );
      const start = process.cpuUsage();
      for (const rule of policies) assert.deepEqual(judge(rule, program).violations, []);
      return process.cpuUsage(start).user / 1000;
    };
    // Processor time, because other work on the machine stretches the clock's. Ten times the stack costs about ten
    // times as much; a rule that walks through everything for each of its buckets would cost a hundred times.
    const few = Math.min(...[0, 1, 2, 3, 4].map(() => time(21)));
    const more = time(210);
    assert.ok(
      more < few * 40,
      `${few.toFixed()} ms for ${21 * 24} resources, ${more.toFixed()} ms for ${210 * 24}`,
    );
  });
});

/** A resource of the n-th pair, all of whose names are its own. */
function renamed(one: ProgramResource, index: number): ProgramResource {
  const text = JSON.stringify(one)
    .replaceAll("orders", `orders${index}`)
    .replaceAll("source-", `source${index}-`)
    .replaceAll("destination-", `destination${index}-`);
  return JSON.parse(text) as ProgramResource;
}
