import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { matchesPattern, parsePattern } from "../../src/iam";
import { compilePattern, testArnPattern, testPattern } from "../../src/iam/pattern";
import { afterText, type Glob, globOf, matchesGlob } from "../../src/textClasses/glob";
import {
  isTooMany,
  MAX_CLASSES,
  OBJECT_KEYS,
  type Pattern,
  textClasses,
  type TextClasses,
} from "../../src/textClasses/keyClasses";

const glob = (text: string) => globOf(parsePattern(text));
const alone = (text: string): Pattern => [glob(text)];

function classesOf(patterns: readonly Pattern[]): TextClasses {
  const result = textClasses(patterns, OBJECT_KEYS);
  assert.ok(!isTooMany(result), "the classes are too many");
  return result;
}

/** Every text over an alphabet up to a length, shortest first. */
function texts(alphabet: readonly string[], maxLength: number): string[] {
  const all = [""];
  let longest = [""];
  for (let length = 1; length <= maxLength; length += 1) {
    longest = longest.flatMap((text) => alphabet.map((character) => text + character));
    all.push(...longest);
  }
  return all;
}

const bytes = (text: string) => Buffer.byteLength(text, "utf8");

describe("classes of object keys", () => {
  const pieces = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?", "é"), maxLength: 5 });
  // `c` is mentioned by no pattern.
  const keys = texts(["a", "b", "/", "c", "é"], 4).slice(1);

  it("hold the signs of every short key, and a witness of each class has just its signs", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 4 }), (patterns) => {
        const signsOf = (key: string) =>
          patterns.flatMap((pattern, index) => (matchesPattern(pattern, key) ? [index] : [])).join();
        const found = classesOf(patterns.map(alone));
        const bySigns = new Map(found.classes.map((each) => [each.matches.join(), each]));
        assert.equal(bySigns.size, found.classes.length, "two classes have the same signs");
        for (const key of keys) {
          const ofKey = bySigns.get(signsOf(key));
          assert.ok(ofKey !== undefined, `no class for '${key}' under ${patterns.join(" ")}`);
          assert.ok(bytes(ofKey.witness) <= bytes(key), `'${ofKey.witness}' is longer than '${key}'`);
          assert.ok(found.includes(ofKey, key));
        }
        for (const each of found.classes) {
          assert.equal(signsOf(each.witness), each.matches.join(), `witness '${each.witness}'`);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("take a pattern of several globs as one that matches where one of them does", () => {
    fc.assert(
      fc.property(fc.array(fc.array(pieces, { maxLength: 3 }), { maxLength: 3 }), (groups) => {
        const signsOf = (key: string) =>
          groups.flatMap((group, index) => (group.some((each) => matchesPattern(each, key)) ? [index] : []));
        const found = classesOf(groups.map((group) => group.map(glob)));
        const signs = new Set(found.classes.map(({ matches }) => matches.join()));
        for (const key of keys) assert.ok(signs.has(signsOf(key).join()), `no class for '${key}'`);
        for (const { witness, matches } of found.classes) assert.deepEqual(signsOf(witness), matches);
      }),
      { numRuns: 200 },
    );
  });

  it("are those of ARN patterns too, in which a wildcard does not reach over a colon", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "*", "?", ":", "/"), maxLength: 4 });
    const fixed = "arn:aws:s3:::aa/";
    const keysWithColons = texts(["a", ":", "/", "c"], 4).slice(1);
    fc.assert(
      fc.property(
        fc.constantFrom("", "arn:", "a*:aws:s3:", "*:*:*:::", "arn:aws:s3:::"),
        part,
        (head, tail) => {
          const pattern = head + tail;
          const left = afterText(globOf(parsePattern(pattern), { arn: true }), fixed);
          const isMatch = (key: string) =>
            testArnPattern(compilePattern(pattern), fixed + key, () => ({ state: "unknown" })) === true;
          const found = classesOf([left === undefined ? [] : [left]]);
          for (const key of keysWithColons) {
            const expected = isMatch(key) ? "0" : "";
            const ofKey = found.classes.find((each) => each.matches.join() === expected);
            assert.ok(ofKey !== undefined && found.includes(ofKey, key), `'${key}' under ${pattern}`);
          }
          for (const { witness, matches } of found.classes)
            assert.equal(isMatch(witness), matches.length > 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("are those of patterns without regard to case", () => {
    const pattern = "Docs/é";
    const folded = globOf([{ kind: "text", text: pattern }], { ignoreCase: true });
    const found = classesOf([[folded], alone("d*"), alone("D*")]);
    const compiled = compilePattern(pattern, { wildcards: false, ignoreCase: true });
    const isMatch = (key: string) => testPattern(compiled, key, () => ({ state: "absent" })) === true;
    assert.deepEqual(found.classes.map(({ matches }) => matches.join()).sort(), ["", "0,1", "0,2", "1", "2"]);
    for (const { witness, matches } of found.classes) assert.equal(isMatch(witness), matches.includes(0));
  });

  it("know that the Kelvin sign is a k without regard to case, and neither k nor K", () => {
    const folded = globOf([{ kind: "text", text: "k" }], { ignoreCase: true });
    const found = classesOf([[folded], alone("k"), alone("K")]);
    assert.ok(found.classes.some(({ matches, witness }) => matches.join() === "0" && witness === "\u212a"));
  });

  it("take an escaped wildcard as the character itself", () => {
    const found = classesOf([alone("a${*}b"), alone("a*b")]);
    assert.deepEqual(
      found.classes.map(({ matches, witness }) => [matches.join(), witness]),
      [
        ["", "b"],
        ["1", "ab"],
        ["0,1", "a*b"],
      ],
    );
  });

  it("leave out the empty key, and keys of more than 1,024 bytes", () => {
    const long = "é".repeat(512);
    assert.deepEqual(
      classesOf([alone(""), alone(`${long}*`), alone(`${long}?*`)]).classes.map(({ matches }) =>
        matches.join(),
      ),
      ["", "1"],
    );
  });

  it("have a readable witness where there is one of that length", () => {
    assert.deepEqual(
      classesOf([alone("?*.txt"), alone("\u0001*")]).classes.map(({ witness }) => witness),
      ["a", "\u0001", "a.txt", "\u0001.txt"],
    );
  });
});

describe("the search for classes", () => {
  it("costs about the total length of a thousand prefixes, not its square", () => {
    for (const prefixOf of [
      (index: number) => `team-${index}/of-the-company/${index % 7}/*`,
      (index: number) => `${"a".repeat(index + 1)}*`,
      (index: number) => `shared/by/all/of/them/${index}*`,
    ]) {
      const patterns = Array.from({ length: 1000 }, (_, index) => prefixOf(index));
      const found = classesOf(patterns.map(alone));
      const total = patterns.join("").length;
      assert.equal(found.classes.length, 1001);
      assert.ok(found.steps <= 4 * total + 10_000, `${found.steps} steps for ${total} characters`);
    }
  });

  it("drops what is settled: many globs of one pattern stay few classes", () => {
    const group = Array.from({ length: 30 }, (_, index) => glob(`*-${index}-*`));
    assert.equal(classesOf([group]).classes.length, 2);
  });

  it("blames the patterns that multiply the classes, and not the prefixes beside them", () => {
    const patterns = [
      ...Array.from({ length: 50 }, (_, index) => `team-${index}/*`),
      ...Array.from({ length: 20 }, (_, index) => `*-${index}-*`),
    ];
    const result = textClasses(patterns.map(alone), OBJECT_KEYS);
    assert.ok(isTooMany(result), `${MAX_CLASSES} classes were not enough to be too many`);
    assert.ok(result.blame.length > 0);
    assert.deepEqual(
      result.blame.filter((place) => place < 50),
      [],
    );
  });

  it("gives up after the work that it is allowed", () => {
    const patterns = Array.from({ length: 100 }, (_, index) => alone(`prefix-${index}*`));
    assert.ok(isTooMany(textClasses(patterns, OBJECT_KEYS, 100)));
    assert.ok(!isTooMany(textClasses(patterns, OBJECT_KEYS, 10_000)));
  });
});

describe("what is left of a pattern after a fixed text", () => {
  it("matches just the texts that the pattern matches after it", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
    const fixed = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 });
    const rests = texts(["a", "b", "c"], 3);
    fc.assert(
      fc.property(piece, fixed, (pattern, text) => {
        const left: Glob | undefined = afterText(glob(pattern), text);
        for (const rest of rests) {
          assert.equal(
            left !== undefined && matchesGlob(left, rest),
            matchesPattern(pattern, text + rest),
            `${pattern} on ${text}|${rest}`,
          );
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is nothing where the text cannot begin a match", () => {
    assert.equal(afterText(glob("acme-other/*"), "acme-data/"), undefined);
  });
});
