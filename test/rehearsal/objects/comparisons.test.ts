/** What each condition operator says that it compares with, held against its decisions: one class, one decision. */
import { deepStrictEqual } from "node:assert";
import {
  type ComparisonOperator,
  OPERATOR_NAMES,
  parseOperator,
  type ValueTest,
} from "../../../src/iam/operators";
import type { Truth } from "../../../src/iam/truth";
import { patternsOfCondition } from "../../../src/rehearsal/objects/patterns";
import { matchesGlob } from "../../../src/textClasses/glob";

/** As a policy states them. */
const STATED = ["", "a", "ab", "A*", "a?", "*", "true", "3", "arn:aws:s3:::a*", "arn:aws:s3:::a/b"];
/** As a request has them: near to what is stated, one change each. */
const TEXTS = [
  ...["", "a", "A", "b", "ab", "aB", "abc", "ba", "A*", "a?", "*", "true", "TRUE", "truely", "3", "31"],
  ...["arn:aws:s3:::a", "arn:aws:s3:::ab", "arn:aws:s3:::a/b", "arn:aws:s3:::a/bc", "arn:aws:s3:x::a"],
];
const VERSION = "2012-10-17";

/** What was decided about the first text of a class. */
interface Decided {
  readonly first: string;
  readonly truth: Truth;
}

/** Which patterns of the stated value match the text; undefined where the operator says that no pattern describes it. */
function classesBy(base: ComparisonOperator, stated: string): ((text: string) => string) | undefined {
  const { patterns, obstacles } = patternsOfCondition(
    { texts: [stated], source: { document: { version: VERSION, statements: [] } } },
    { base, ifExists: false },
    () => [],
    false,
  );
  if (obstacles.length > 0) return undefined;
  return (text) => patterns.map((globs) => globs.some((glob) => matchesGlob(glob, text))).join();
}

describe("texts that the patterns of a condition do not tell apart are decided alike", () => {
  for (const name of OPERATOR_NAMES) {
    const base = parseOperator(name)?.base;
    if (base?.kind !== "comparison") continue;
    it(`by ${name}`, () => {
      for (const stated of STATED) {
        const classOf = classesBy(base, stated);
        if (classOf === undefined) continue;
        const decide: ValueTest = base.compile(stated, "key", VERSION);
        const decided = new Map<string, Decided>();
        for (const text of TEXTS) {
          const truth: Truth = decide(text, () => ({ state: "absent" }));
          const ofClass: Decided = decided.get(classOf(text)) ?? { first: text, truth };
          decided.set(classOf(text), ofClass);
          deepStrictEqual(truth, ofClass.truth, `'${stated}' tells '${text}' from '${ofClass.first}'`);
        }
      }
    });
  }
});
