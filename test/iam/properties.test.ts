import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { decide, parsePolicy, PolicySyntaxError } from "../../src/iam";
import type {
  Alternative,
  Condition,
  Context,
  ContextValue,
  Decision,
  KeyGrant,
  NamedPolicy,
  Policies,
  Request,
  Statement,
} from "../../src/iam";

const ROLE = "arn:aws:iam::111111111111:role/replication";
const SESSION = "arn:aws:sts::111111111111:assumed-role/replication/s3-replication";
const KEYS = ["s3:prefix", "aws:SourceVpce", "kms:EncryptionContext:aws:s3:arn", "aws:TagKeys"] as const;
const VALUES = ["a", "b", "ab", "arn:aws:s3:::bucket", "1"] as const;

const contextValue: fc.Arbitrary<ContextValue> = fc.oneof(
  fc.constant<ContextValue>({ state: "absent" }),
  fc
    .subarray([...VALUES], { minLength: 1, maxLength: 2 })
    .map((values): ContextValue => ({ state: "known", values })),
);

const context: fc.Arbitrary<Context> = fc.dictionary(fc.constantFrom(...KEYS), contextValue, { maxKeys: 3 });

const condition: fc.Arbitrary<Condition> = fc.record({
  operator: fc.constantFrom(
    "StringEquals",
    "StringNotEquals",
    "StringLikeIfExists",
    "StringNotLike",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringNotEquals",
    "Null",
    "ArnLike",
    "NumericLessThan",
  ),
  key: fc.constantFrom(...KEYS, "aws:PrincipalArn"),
  values: fc.array(fc.constantFrom(...VALUES, "a*", "true", "arn:aws:s3:::b*", "${aws:SourceVpce}", ROLE), {
    minLength: 1,
    maxLength: 2,
  }),
});

function statement(effect: fc.Arbitrary<Statement["effect"]>): fc.Arbitrary<Omit<Statement, "index">> {
  const names = fc.subarray(["111111111111", ROLE, SESSION, "AROAEXAMPLE12345678"], { minLength: 1 });
  const principal = fc.oneof(
    fc.constant("*" as const),
    names.map((AWS) => ({ AWS })),
  );
  const actions = fc.subarray(["kms:Decrypt", "kms:*", "s3:*"], { minLength: 1, maxLength: 2 });
  const resources = fc.subarray(["*", "arn:aws:kms:*:*:key/1", "arn:aws:kms:eu-west-1:*:key/${s3:prefix}"], {
    minLength: 1,
    maxLength: 2,
  });
  return fc
    .record({
      effect,
      who: fc.oneof(
        { weight: 4, arbitrary: principal.map((element) => ({ principal: element })) },
        { weight: 1, arbitrary: principal.map((element) => ({ notPrincipal: element })) },
      ),
      what: fc.oneof(
        { weight: 4, arbitrary: actions.map((list) => ({ actions: list })) },
        { weight: 1, arbitrary: actions.map((list) => ({ notActions: list })) },
      ),
      which: fc.oneof(
        { weight: 4, arbitrary: resources.map((list) => ({ resources: list })) },
        { weight: 1, arbitrary: resources.map((list) => ({ notResources: list })) },
      ),
      conditions: fc.array(condition, { maxLength: 2 }),
    })
    .map(({ effect: said, who, what, which, conditions }) => ({
      effect: said,
      ...who,
      ...what,
      ...which,
      conditions,
    }));
}

const anyStatement = statement(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant("Allow" as const) },
    { weight: 1, arbitrary: fc.constant("Deny" as const) },
  ),
);

function policyOf(name: string, statements: readonly Omit<Statement, "index">[]): NamedPolicy {
  return {
    name,
    document: { version: "2012-10-17", statements: statements.map((each, index) => ({ ...each, index })) },
  };
}

const policy = fc.array(anyStatement, { maxLength: 4 }).map((statements) => policyOf("policy", statements));
const levels = fc.array(fc.array(policy, { minLength: 1, maxLength: 2 }), { maxLength: 2 });

const grants: fc.Arbitrary<readonly KeyGrant[]> = fc.array(
  fc.constantFrom<KeyGrant>(
    { granteePrincipal: ROLE, operations: ["Decrypt"] },
    { granteePrincipal: ROLE, operations: ["Decrypt"], encryptionContextSubset: { "aws:s3:arn": "a" } },
  ),
  { maxLength: 1 },
);

const policies: fc.Arbitrary<Policies> = fc.record({
  identity: fc.oneof(
    { weight: 6, arbitrary: fc.array(policy, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant("unread" as const) },
  ),
  boundary: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: policy }),
  session: fc.array(policy, { maxLength: 1 }),
  scps: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: levels }),
  rcps: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: levels }),
  resource: fc.record({
    kind: fc.constantFrom("bucket" as const, "key" as const, "trust" as const),
    policy,
    grants,
  }),
});

const alternatives: fc.Arbitrary<readonly Alternative[]> = fc
  .array(fc.array(context, { minLength: 1, maxLength: 3 }), { maxLength: 2 })
  .map((choices) =>
    choices.map((options, place) => ({
      name: `choice ${place}`,
      options: options.map((keys, index) => ({ label: `option ${index}`, context: keys })),
    })),
  );

const request: fc.Arbitrary<Request> = fc.record({
  principal: fc.constantFrom<Request["principal"]>(
    { kind: "role", roleArn: ROLE, sessionName: "s3-replication" },
    { kind: "role", roleArn: ROLE, sessionName: "s3-replication", uniqueId: "AROAEXAMPLE12345678" },
    { kind: "service", service: "s3.amazonaws.com" },
  ),
  action: fc.constant("kms:Decrypt"),
  resource: fc.constant("arn:aws:kms:eu-west-1:111111111111:key/1"),
  resourceAccount: fc.constantFrom("111111111111", "222222222222"),
  context,
  alternatives,
});

const RUNS = { numRuns: 3_000 };

/** A place in the policies, and how to put another version of its policy there. */
function places(all: Policies): readonly { policy: NamedPolicy; replaced: (by: NamedPolicy) => Policies }[] {
  const found: { policy: NamedPolicy; replaced: (by: NamedPolicy) => Policies }[] = [];
  if (all.identity !== "unread") {
    const [first, ...others] = all.identity;
    if (first !== undefined) {
      found.push({ policy: first, replaced: (by) => ({ ...all, identity: [by, ...others] }) });
    }
  }
  const { boundary, resource } = all;
  if (boundary !== null && boundary !== undefined && boundary !== "unread") {
    found.push({ policy: boundary, replaced: (by) => ({ ...all, boundary: by }) });
  }
  if (resource.policy !== null && resource.policy !== "unread") {
    found.push({
      policy: resource.policy,
      replaced: (by) => ({ ...all, resource: { ...resource, policy: by } }),
    });
  }
  const level = all.scps === "unread" ? undefined : all.scps?.[0];
  if (level?.[0] !== undefined && all.scps !== "unread") {
    const [, ...otherLevels] = all.scps ?? [];
    const [first, ...others] = level;
    found.push({
      policy: first,
      replaced: (by) => ({ ...all, scps: [[by, ...others], ...otherLevels] }),
    });
  }
  return found;
}

function withStatements(
  { name, document }: NamedPolicy,
  change: (statements: readonly Omit<Statement, "index">[]) => readonly Omit<Statement, "index">[],
): NamedPolicy {
  return policyOf(name, change(document.statements));
}

function reversed(all: Policies): Policies {
  const turn = (one: NamedPolicy): NamedPolicy =>
    withStatements(one, (statements) => [...statements].reverse());
  const turnAll = (some: readonly NamedPolicy[]): readonly NamedPolicy[] => some.map(turn).reverse();
  const turnLevels = (some: Policies["scps"]): Policies["scps"] =>
    some === undefined || some === "unread" ? some : some.map(turnAll).reverse();
  const { boundary, resource } = all;
  return {
    ...all,
    identity: all.identity === "unread" ? all.identity : turnAll(all.identity),
    boundary:
      boundary === null || boundary === undefined || boundary === "unread" ? boundary : turn(boundary),
    ...(all.session === undefined ? {} : { session: turnAll(all.session) }),
    scps: turnLevels(all.scps),
    rcps: turnLevels(all.rcps),
    resource: {
      ...resource,
      policy:
        resource.policy === null || resource.policy === "unread" ? resource.policy : turn(resource.policy),
      grants: [...(resource.grants ?? [])].reverse(),
    },
  };
}

describe("properties of decisions", () => {
  it("the examples reach every verdict often", () => {
    const count: Record<Decision["verdict"], number> = { allowed: 0, denied: 0, unproven: 0 };
    fc.assert(
      fc.property(request, policies, (someRequest, somePolicies) => {
        count[decide(someRequest, somePolicies).verdict] += 1;
      }),
      { numRuns: 2_000, seed: 1 },
    );
    assert.ok(Math.min(...Object.values(count)) > 100, JSON.stringify(count));
  });

  it("adding a Deny never allows", () => {
    fc.assert(
      fc.property(
        request,
        policies,
        statement(fc.constant("Deny")),
        fc.nat(),
        (someRequest, somePolicies, deny, choice) => {
          const all = places(somePolicies);
          const place = all[choice % all.length];
          if (place === undefined || decide(someRequest, somePolicies).verdict === "allowed") {
            return;
          }
          const after = place.replaced(withStatements(place.policy, (statements) => [...statements, deny]));
          assert.notEqual(decide(someRequest, after).verdict, "allowed");
        },
      ),
      RUNS,
    );
  });

  it("removing an Allow never allows", () => {
    fc.assert(
      fc.property(request, policies, fc.nat(), fc.nat(), (someRequest, somePolicies, choice, removed) => {
        const all = places(somePolicies);
        const place = all[choice % all.length];
        if (place === undefined || decide(someRequest, somePolicies).verdict === "allowed") {
          return;
        }
        const after = place.replaced(
          withStatements(place.policy, (statements) =>
            statements.filter(
              ({ effect }, index) => effect === "Deny" || index !== removed % statements.length,
            ),
          ),
        );
        assert.notEqual(decide(someRequest, after).verdict, "allowed");
      }),
      RUNS,
    );
  });

  it("a Deny of everything denies", () => {
    fc.assert(
      fc.property(request, policies, (someRequest, somePolicies) => {
        const { resource } = somePolicies;
        const deny = {
          effect: "Deny",
          principal: "*",
          actions: ["*"],
          resources: ["*"],
          conditions: [],
        } as const;
        const after: Policies = {
          ...somePolicies,
          resource: { ...resource, policy: policyOf("deny", [deny]) },
        };
        assert.equal(decide(someRequest, after).verdict, "denied");
      }),
      { numRuns: 500 },
    );
  });

  it("learning what is unknown never turns allowed or denied into anything else", () => {
    fc.assert(
      fc.property(request, policies, context, (someRequest, somePolicies, learned) => {
        const before = decide(someRequest, somePolicies).verdict;
        if (before === "unproven") {
          return;
        }
        const after = decide(
          { ...someRequest, context: { ...learned, ...someRequest.context } },
          somePolicies,
        );
        assert.equal(after.verdict, before);
      }),
      RUNS,
    );
  });

  it("the deciding keys of an unproven verdict decide: knowing everything else leaves it open", () => {
    fc.assert(
      fc.property(request, policies, context, (someRequest, somePolicies, learned) => {
        const { verdict, decidingKeys } = decide({ ...someRequest, alternatives: [] }, somePolicies);
        if (verdict !== "unproven") {
          assert.deepEqual(decidingKeys, []);
          return;
        }
        const others = Object.entries(learned).filter(([key]) => !decidingKeys.includes(key));
        const after = decide(
          {
            ...someRequest,
            alternatives: [],
            context: { ...Object.fromEntries(others), ...someRequest.context },
          },
          somePolicies,
        );
        assert.equal(after.verdict, "unproven");
      }),
      RUNS,
    );
  });

  it("the order of statements, policies, levels and grants never matters", () => {
    fc.assert(
      fc.property(request, policies, (someRequest, somePolicies) => {
        const before = decide(someRequest, somePolicies);
        const after = decide(someRequest, reversed(somePolicies));
        assert.equal(after.verdict, before.verdict);
        assert.deepEqual([...after.decidingKeys].sort(), [...before.decidingKeys].sort());
        const shown = ({ obstacles }: Decision): readonly string[] =>
          obstacles.map(({ layer, kind, keys }) => `${layer} ${kind} ${[...keys].sort().join()}`);
        assert.deepEqual(shown(after), shown(before));
      }),
      RUNS,
    );
  });

  it("a verdict with alternatives is the verdict that all their worlds share", () => {
    fc.assert(
      fc.property(request, policies, (someRequest, somePolicies) => {
        let contexts: readonly Context[] = [someRequest.context];
        for (const { options } of someRequest.alternatives ?? []) {
          contexts = contexts.flatMap((known) => options.map((option) => ({ ...known, ...option.context })));
        }
        const verdicts = new Set(
          contexts.map(
            (known) => decide({ ...someRequest, context: known, alternatives: [] }, somePolicies).verdict,
          ),
        );
        const [only = "unproven"] = verdicts;
        assert.equal(decide(someRequest, somePolicies).verdict, verdicts.size === 1 ? only : "unproven");
      }),
      RUNS,
    );
  });

  it("a verdict that is not allowed comes with an obstacle, and an unproven one with a reason", () => {
    fc.assert(
      fc.property(request, policies, (someRequest, somePolicies) => {
        const { verdict, obstacles, decidingKeys } = decide(someRequest, somePolicies);
        assert.equal(obstacles.length === 0, verdict === "allowed");
        if (verdict === "unproven") {
          assert.ok(decidingKeys.length > 0 || obstacles.some(({ kind }) => kind === "unread"));
        }
      }),
      RUNS,
    );
  });
});

describe("properties of reading policies", () => {
  const word = fc.constantFrom(
    ...["Version", "2012-10-17", "Statement", "Effect", "Allow", "Deny", "Action", "s3:*", "Resource", "*"],
    ...[
      "Principal",
      "AWS",
      "NotPrincipal",
      "Condition",
      "StringEquals",
      "Null",
      "aws:SourceIp",
      "Sid",
      "__proto__",
    ],
    ...["constructor", "toString", "", "arn:aws:s3:::b", "${", "true"],
  );
  const { document } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      word,
      word,
      fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
    ),
    list: fc.array(tie("document"), { maxLength: 3 }),
    fields: fc.dictionary(word, tie("document"), { maxKeys: 5 }),
    document: fc.oneof({ depthSize: "small" }, tie("leaf"), tie("fields"), tie("list")),
  }));

  function onlySyntaxErrors(value: unknown): void {
    try {
      const parsed = parsePolicy(value, "any");
      const named = { name: "any", document: parsed };
      decide(
        {
          principal: { kind: "role", roleArn: ROLE, sessionName: "s" },
          action: "s3:GetObject",
          resource: "arn:aws:s3:::b",
          resourceAccount: "111111111111",
          context: {},
        },
        { identity: [named], resource: { kind: "bucket", policy: named } },
      );
    } catch (error) {
      assert.ok(error instanceof PolicySyntaxError, String(error));
    }
  }

  it("no value, however broken, ends in anything but a PolicySyntaxError", () => {
    fc.assert(fc.property(fc.oneof(document, fc.anything()), onlySyntaxErrors), { numRuns: 5_000 });
  });

  it("no text, however broken, ends in anything but a PolicySyntaxError", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          document.map((value) => safeJson(value)),
        ),
        onlySyntaxErrors,
      ),
      { numRuns: 5_000 },
    );
  });

  it("one field of a sound document replaced by anything ends in nothing else either", () => {
    const fields = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.oneof(document, fc.anything()), (field, value) => {
        const statement = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*", [field]: value };
        onlySyntaxErrors({ Version: "2012-10-17", Statement: [statement] });
      }),
      { numRuns: 10_000 },
    );
  });

  function safeJson(value: unknown): string {
    return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? "1" : item)) ?? "";
  }
});
