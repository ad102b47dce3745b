/** The patterns that an element of a statement compares the key or the tags of an object with. */
import { looseForms, parsePattern, type PatternPart, type PolicyVersion } from "../../iam";
import type { ParsedOperator } from "../../iam/operators";
import { type Glob, globOf } from "../../textClasses/glob";
import type { Pattern } from "../../textClasses/keyClasses";
import { resolutionsOf, type ValuesOf } from "./variables";
import type { PlacedStatement } from "./statements";

export interface Patterns {
  /** One for each thing that the comparison can answer. */
  readonly patterns: Pattern[];
  /** What no pattern says, and why. */
  readonly obstacles: readonly { readonly texts?: readonly string[]; readonly because: string }[];
}

/** A condition, as far as its patterns go. */
export interface ConditionTexts {
  readonly texts: readonly string[];
  readonly source: Pick<PlacedStatement, "document">;
}

export function patternsOfResources(
  texts: readonly string[],
  version: PolicyVersion,
  valuesOf: ValuesOf,
): Patterns {
  return globsOf(texts, valuesOf, (text) => ({ parts: parsePattern(text, { version }), form: "resource" }));
}

/** @param isARN Whether it is ARNs that are compared, and not the values or keys of tags. */
export function patternsOfCondition(
  { texts, source }: ConditionTexts,
  { base }: ParsedOperator,
  valuesOf: ValuesOf,
  isARN: boolean,
): Patterns {
  // Whether a key is there at all is a class of its own for tags, and no question for the key of an object.
  if (base.kind === "null") return { patterns: [], obstacles: [] };
  const { name, syntax, compares } = base;
  const { version } = source.document;
  switch (compares.with) {
    case "patterns":
      return globsOf(texts, valuesOf, (text) => ({
        parts: parsePattern(text, {
          version: syntax.variables ? version : WITHOUT_VARIABLES,
          wildcards: syntax.wildcards,
        }),
        form: "text",
        ignoreCase: compares.ignoreCase,
      }));
    case "ARN patterns": {
      const { patterns, obstacles } = globsOf(texts, valuesOf, (text) => arnValue(text, version));
      return { patterns: [ARN_SHAPE, ...patterns], obstacles };
    }
    case "words":
      return {
        patterns: compares.words.map((text) => [globOf([{ kind: "text", text }], { ignoreCase: true })]),
        obstacles: [],
      };
    case "values":
      return {
        patterns: [],
        obstacles:
          isARN && !compares.isARN ? [] : [{ because: `compares it by ${name}, which is no pattern` }],
      };
  }
}

const WITHOUT_VARIABLES: PolicyVersion = "2008-10-17";
const ARN_SHAPE: Pattern = [globOf(parsePattern("*:*:*:*:*:*"))];

interface ReadValue {
  readonly parts: readonly PatternPart[];
  readonly form: "text" | "ARN" | "resource";
  readonly ignoreCase?: boolean;
  /** Whether AWS does not say if a match is one. */
  readonly isVague?: boolean;
}

/** AWS compares six segments and does not say what becomes of a pattern that has fewer. */
function arnValue(text: string, version: PolicyVersion): ReadValue {
  const parts = parsePattern(text, { version });
  const colons = parts.reduce(
    (sum, part) => sum + (part.kind === "text" ? part.text.split(":").length - 1 : 0),
    0,
  );
  const isWhole = colons >= 5 || parts.some(({ kind }) => kind === "variable");
  return isWhole ? { parts, form: "ARN" } : { parts, form: "text", isVague: true };
}

/** Two patterns: where the element surely matches, and where it is undecided whether it does. */
function globsOf(texts: readonly string[], valuesOf: ValuesOf, read: (text: string) => ReadValue): Patterns {
  const sure: Glob[] = [];
  const open: Glob[] = [];
  const obstacles: Patterns["obstacles"][number][] = [];
  for (const text of texts) {
    const { parts, form, ignoreCase = false, isVague = false } = read(text);
    const resolutions = resolutionsOf(parts, valuesOf);
    if (resolutions === undefined) {
      obstacles.push({ texts: [text], because: "has policy variables with too many values" });
      continue;
    }
    for (const { parts: resolved, isOpen } of resolutions) {
      // An unknown value may hold colons, so that decisions do not look at segments then.
      const arn = form !== "text" && !isOpen;
      (isOpen || isVague ? open : sure).push(globOf(resolved, { arn, ignoreCase }));
      if (form === "resource" && !isOpen) {
        open.push(...looseForms(resolved).map((loose) => globOf(loose, { arn: true })));
      }
    }
  }
  return { patterns: [sure, open], obstacles };
}
