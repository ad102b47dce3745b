/** What the policy variables of a pattern can stand for, so that every pattern that a decision tests cuts the classes. */
import type { ContextValue, PatternPart, Request } from "../../iam";
import { callerOf, derivedContext, lookupIn } from "../../iam/context";

/** What is known of a condition key in each world of a request. */
export type ValuesOf = (key: string) => readonly ContextValue[];

/** A pattern with its variables put in. */
export interface Resolution {
  readonly parts: readonly PatternPart[];
  /** Whether a variable has a value that nobody knows: `*` stands in its place. */
  readonly isOpen: boolean;
}

/** More resolutions than this are no longer enumerated. */
const MAX_RESOLUTIONS = 256;

/** The values that a key has in the worlds of a request. */
export function valuesIn(request: Request): ValuesOf {
  const { principal, shared = [], context: own } = request;
  const base = lookupIn(derivedContext(request, callerOf(principal)), ...shared, own);
  const contexts = (request.alternatives ?? []).flatMap(({ options }) =>
    options.map(({ context }) => context),
  );
  return (key) => {
    const lower = key.toLowerCase();
    const given = contexts.flatMap((context) =>
      Object.entries(context).flatMap(([name, value]) => (name.toLowerCase() === lower ? [value] : [])),
    );
    return [base(key), ...given];
  };
}

/**
 * Every form that a pattern takes in some world. A variable of unknown value becomes `*`, which is just how decisions
 * treat it: no match with `*` is no match, and a match with `*` is undecided, whatever the value. The decision hangs on
 * the key of an object only through that one match, so that classes cut by it are fine enough; leaving the pattern out
 * would not be, because keys that it does not touch would speak for keys that it does.
 *
 * Undefined where the forms are too many.
 */
export function resolutionsOf(
  parts: readonly PatternPart[],
  valuesOf: ValuesOf,
): readonly Resolution[] | undefined {
  let resolutions: Resolution[] = [{ parts: [], isOpen: false }];
  for (const part of parts) {
    const choices = part.kind === "variable" ? choicesFor(part, valuesOf) : [part];
    resolutions = resolutions.flatMap((resolution) =>
      choices.map((choice) => ({
        parts: [...resolution.parts, choice],
        isOpen: resolution.isOpen || (part.kind === "variable" && choice.kind === "any"),
      })),
    );
    if (resolutions.length > MAX_RESOLUTIONS) return undefined;
  }
  return resolutions;
}

/** Without a value and without a default there is no choice: such a pattern matches nothing. */
function choicesFor(
  { key, default: fallback }: Extract<PatternPart, { kind: "variable" }>,
  valuesOf: ValuesOf,
): PatternPart[] {
  // A name without a service prefix is no condition key, so that it never has a value.
  const found: readonly ContextValue[] = key.includes(":") ? valuesOf(key) : [{ state: "absent" }];
  const texts = new Set<string>();
  let isOpen = false;
  for (const value of found) {
    if (value.state === "unknown") {
      isOpen = true;
      continue;
    }
    const [text, ...others] = value.state === "known" ? value.values : [];
    const chosen = text === undefined || others.length > 0 ? fallback : text;
    if (chosen !== undefined) texts.add(chosen);
  }
  return [
    ...[...texts].map((text): PatternPart => ({ kind: "text", text })),
    ...(isOpen ? [{ kind: "any" } as const] : []),
  ];
}
