/** How rules about replication walk through what they judge. */
import { Statement, readDocument } from "./resources/policyDocument";
import { ReplicationRule, readReplication } from "./resources/replication";
import { Resource } from "./resources/resource";
import { Field, Unknown, Unreadable, describe } from "./resources/values";
import { Findings } from "./rule";

/** Judges each replication rule that is enabled, and says which could not be read. */
export function eachEnabledRule(
  resource: Resource,
  findings: Findings,
  judge: (rule: ReplicationRule) => void,
): void {
  const replication = readReplication(resource);
  if (replication === undefined) return;
  const { rules } = replication;
  if (!Array.isArray(rules)) {
    if (rules.unknown) findings.notYet(resource, rules.unknown);
    else findings.unreadable(resource, rules.path, describe(rules.value));
    return;
  }
  for (const rule of rules) {
    const { enabled } = rule;
    if (enabled instanceof Unknown) findings.notYet(resource, enabled);
    else if (enabled) judge(rule);
  }
}

/** Judges each statement of a policy that allows something, and says what could not be read. */
export function eachAllow(
  resource: Resource,
  policy: Field,
  findings: Findings,
  judge: (statement: Statement) => void,
): void {
  const statements = readDocument(policy);
  if (statements === undefined) return;
  if (statements instanceof Unknown) return findings.notYet(resource, statements);
  if (statements instanceof Unreadable)
    return findings.unreadable(resource, statements.path, statements.found);
  for (const statement of statements) {
    const { effect } = statement;
    if (effect.unknown) findings.notYet(resource, effect.unknown);
    else if (effect.value === "Allow") judge(statement);
    else if (effect.value !== "Deny") findings.unreadable(resource, effect.path, describe(effect.value));
  }
}

/** The texts of a list of a statement; what is not known or not text is said. */
export function knownTexts(
  resource: Resource,
  fields: readonly Field[],
  findings: Findings,
): [string, Field][] {
  return fields.flatMap((field): [string, Field][] => {
    if (field.text !== undefined) return [[field.text, field]];
    if (field.unknown) findings.notYet(resource, field.unknown);
    else findings.unreadable(resource, field.path, describe(field.value));
    return [];
  });
}
