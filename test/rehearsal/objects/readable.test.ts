import * as assert from "node:assert/strict";
import { parsePattern } from "../../../src/iam";
import { globOf } from "../../../src/textClasses/glob";
import { isTooMany, OBJECT_KEYS, textClasses } from "../../../src/textClasses/keyClasses";
import { readableKey } from "../../../src/rehearsal/objects/readable";

/** Names of the class whose keys all patterns match, for two kinds of objects. */
function names(...patterns: string[]): [string, string] {
  const found = textClasses(
    patterns.map((pattern) => [globOf(parsePattern(pattern))]),
    OBJECT_KEYS,
  );
  assert.ok(!isTooMany(found));
  const all = found.classes.find(({ matches }) => matches.length === patterns.length);
  assert.ok(all !== undefined);
  const name = (kind: string) => readableKey(all, kind, (key) => found.includes(all, key));
  return [name("plain"), name("kms")];
}

describe("a readable key", () => {
  const cases: [title: string, patterns: string[], plain: string, kms: string][] = [
    ["is the kind alone where every key is in the class", ["*"], "plain", "kms"],
    ["is the kind in the folder", ["documents/*"], "documents/plain", "documents/kms"],
    ["has a folder, where the pattern begins with a slash", ["*/secret*"], "plain/secret", "kms/secret"],
    ["is the kind with the extension", ["?*.txt"], "plain.txt", "kms.txt"],
    ["is the kind in the folder with the extension", ["a/*", "*.txt"], "a/plain.txt", "a/kms.txt"],
    ["is the special name itself, and that with the kind", ["a/*", "*/secret*"], "a/secret", "a/secret-kms"],
    ["has the kind before an extension that has to stay", ["secret*.txt"], "secret.txt", "secret-kms.txt"],
    ["is the only key of a class", ["documents/index"], "documents/index", "documents/index"],
    ["is the shortest key where no word fits", ["??", "*"], "aa", "aa"],
  ];
  for (const [title, patterns, plain, kms] of cases) {
    it(title, () => assert.deepEqual(names(...patterns), [plain, kms]));
  }
});
