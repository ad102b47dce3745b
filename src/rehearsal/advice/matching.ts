/** Patterns of documents, as advice and unused grants compare them with what is asked for. */
import { matchesPattern } from "../../iam";
import { compilePattern, testPattern } from "../../iam/pattern";

export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}

/** Escapes stand for their characters; what hangs on a policy variable matches nothing for certain. */
export function matchesResource(pattern: string, resource: string): boolean {
  return testPattern(compilePattern(pattern), resource, () => ({ state: "absent" })) === true;
}
