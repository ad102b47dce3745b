import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { conditionKeysOf, matchesPattern, parsePattern, parsePolicy, patternsOf } from "../../src/iam";
import type { StepCounter } from "../../src/iam";

function asRegularExpression(pattern: string): RegExp {
  const source = [...pattern]
    .map((character) =>
      character === "*" ? ".*" : character === "?" ? "." : character.replace(/[\\^$.|+()[\]{}]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${source}$`, "su");
}

describe("the wildcard matcher", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", ".", "😀"), maxLength: 10 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "\n", "😀"), maxLength: 12 });

  it("agrees with a regular expression", () => {
    fc.assert(
      fc.property(pattern, text, (somePattern, someText) => {
        assert.equal(matchesPattern(somePattern, someText), asRegularExpression(somePattern).test(someText));
      }),
      { numRuns: 20_000 },
    );
  });

  it("takes steps within a constant times pattern length times text length", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 60 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 200 }),
        (somePattern, someText) => {
          assertBounded(somePattern, someText);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("takes steps within that bound for patterns made to hurt", () => {
    assertBounded("*a".repeat(200) + "b", "a".repeat(2_000));
    assertBounded("*" + "a".repeat(500) + "b", "a".repeat(2_000));
    assertBounded("*?".repeat(300) + "b", "a".repeat(2_000));
    assertBounded("*".repeat(1_000_000), "a".repeat(100));
    assertBounded("*".repeat(1_000_000) + "b", "a".repeat(100));
  });

  function assertBounded(somePattern: string, someText: string): void {
    const counter: StepCounter = { steps: 0 };
    matchesPattern(somePattern, someText, counter);
    const bound = 2 * (somePattern.length + 1) * (someText.length + 1);
    assert.ok(counter.steps <= bound, `${counter.steps} steps, more than ${bound}`);
    assert.ok(counter.steps > 0 || someText === "", "nothing was counted");
  }
});

describe("patterns are cut into parts", () => {
  it("of text, wildcards and variables", () => {
    assert.deepEqual(parsePattern("a*b?${aws:username}c${aws:PrincipalTag/t, 'x y'}"), [
      { kind: "text", text: "a" },
      { kind: "any" },
      { kind: "text", text: "b" },
      { kind: "one" },
      { kind: "variable", key: "aws:username" },
      { kind: "text", text: "c" },
      { kind: "variable", key: "aws:PrincipalTag/t", default: "x y" },
    ]);
  });

  it("in which escapes are text", () => {
    assert.deepEqual(parsePattern("a${*}${?}${$}"), [{ kind: "text", text: "a*?$" }]);
  });

  it("in which stars in a row are one", () => {
    assert.deepEqual(parsePattern("***"), [{ kind: "any" }]);
  });

  it("in which a brace that nothing closes is text", () => {
    assert.deepEqual(parsePattern("a${b"), [{ kind: "text", text: "a${b" }]);
  });

  it("by the rules of the older version", () => {
    assert.deepEqual(parsePattern("${a:b}${*}", { version: "2008-10-17" }), [
      { kind: "text", text: "${a:b}${" },
      { kind: "any" },
      { kind: "text", text: "}" },
    ]);
  });

  it("in linear time, however many braces open", () => {
    parsePattern("${".repeat(500_000));
    parsePattern("${a,'".repeat(200_000));
    parsePattern("${a, ".repeat(200_000));
  }).timeout(5_000);
});

describe("what a document reads", () => {
  const document = parsePolicy(
    {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: ["*", "arn:aws:kms:*:*:key/${aws:PrincipalTag/key}"],
          Condition: {
            StringLike: { "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::a/*", "${aws:SourceArn}"] },
          },
        },
        {
          Effect: "Deny",
          Action: "kms:*",
          NotResource: "arn:aws:kms:eu-west-1:111111111111:key/1",
          Condition: {
            StringNotEquals: { "KMS:EncryptionContext:aws:s3:arn": "arn:aws:s3:::a*" },
            Bool: { "aws:SecureTransport": "${aws:username}" },
          },
        },
      ],
    },
    "example",
  );

  it("are the patterns of resources and of one condition key, in any case", () => {
    const { resources, values } = patternsOf(document, "kms:encryptioncontext:aws:s3:arn");
    assert.deepEqual(
      resources.map(({ text, index }) => [text, index]),
      [
        ["*", 0],
        ["arn:aws:kms:*:*:key/${aws:PrincipalTag/key}", 0],
        ["arn:aws:kms:eu-west-1:111111111111:key/1", 1],
      ],
    );
    assert.deepEqual(values, [
      {
        text: "arn:aws:s3:::a/*",
        parts: [{ kind: "text", text: "arn:aws:s3:::a/" }, { kind: "any" }],
        operator: "StringLike",
        index: 0,
      },
      {
        text: "${aws:SourceArn}",
        parts: [{ kind: "variable", key: "aws:SourceArn" }],
        operator: "StringLike",
        index: 0,
      },
      {
        text: "arn:aws:s3:::a*",
        parts: [{ kind: "text", text: "arn:aws:s3:::a*" }],
        operator: "StringNotEquals",
        index: 1,
      },
    ]);
  });

  it("are the condition keys, those of policy variables too", () => {
    assert.deepEqual(
      [...conditionKeysOf(document)].sort(),
      [
        "KMS:EncryptionContext:aws:s3:arn",
        "aws:PrincipalTag/key",
        "aws:SecureTransport",
        "aws:SourceArn",
        "kms:EncryptionContext:aws:s3:arn",
      ].sort(),
    );
  });
});
