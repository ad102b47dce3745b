/** What S3 does as it was told, and hardly as anybody meant it. */
import type { RuleFinding } from "../ruleFindings";

/** A sentence each. @param accept Findings that the caller accepts, by id or kind. */
export function warningsOf(findings: readonly RuleFinding[], accept: readonly string[]): string[] {
  return accept.flatMap((accepted) => {
    const isFound = findings.some(({ id, kind }) => accepted === id || accepted === kind);
    return isFound ? [] : [`'--accept ${accepted}' accepts nothing, as there is no such finding`];
  });
}
