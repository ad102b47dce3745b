/** Patterns of documents, as advice and unused grants compare them with what is asked for. */
import { compilePattern, type Pattern, testPattern } from "../../iam/pattern";

/** Whether an action is one of those that a pattern names. */
export function actionMatcher(pattern: string): (action: string) => boolean {
  return matcher(compilePattern(pattern, { version: "2008-10-17", ignoreCase: true }));
}

/** Escapes stand for their characters; what hangs on a policy variable matches nothing for certain. */
export function resourceMatcher(pattern: string): (resource: string) => boolean {
  return matcher(compilePattern(pattern));
}

function matcher(pattern: Pattern): (text: string) => boolean {
  return (text) => testPattern(pattern, text, () => ({ state: "absent" })) === true;
}
