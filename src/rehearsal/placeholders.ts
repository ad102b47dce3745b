/**
 * Takes placeholders out of decisions. A placeholder is a document that stands for one which nobody read. People see
 * what was not read instead.
 */
import type { Decision, StatementReference } from "../iam";
import { isPlaceholder, whyUnread } from "../snapshot/unread";

export function withoutPlaceholders(decision: Decision): Decision {
  const { obstacles } = decision;
  if (![decision.decidingKeys, ...obstacles.map(({ keys }) => keys)].some(areUnread)) return decision;
  // A document without a name of its own is one of the other side, and what was not read says which.
  const documents = (key: string) =>
    obstacles
      .filter(({ keys }) => keys.includes(key))
      .flatMap(({ statements }) => statements.filter(({ sid }) => isPlaceholder(sid)))
      .map(({ policy }) => policy);
  const told = (keys: readonly string[]) => inWords(keys, documents);
  return {
    ...decision,
    decidedBy: written(decision.decidedBy),
    decidingKeys: told(decision.decidingKeys),
    obstacles: obstacles.map((obstacle) =>
      areUnread(obstacle.keys)
        ? { ...obstacle, kind: "unread", statements: written(obstacle.statements), keys: told(obstacle.keys) }
        : obstacle,
    ),
  };
}

function areUnread(keys: readonly string[]): boolean {
  return keys.some((key) => whyUnread(key) !== undefined);
}

function written(statements: readonly StatementReference[]): StatementReference[] {
  return statements.filter(({ sid }) => !isPlaceholder(sid));
}

function inWords(keys: readonly string[], documentsOf: (key: string) => readonly string[]): string[] {
  if (!areUnread(keys)) return [...keys];
  return [
    ...new Set(
      keys.map((key) => {
        const why = whyUnread(key);
        if (why === undefined) return key;
        const documents = [...new Set(documentsOf(key))];
        return documents.length === 0
          ? `what was not read (${why})`
          : `the ${documents.join(" and the ")} (${why})`;
      }),
    ),
  ];
}
