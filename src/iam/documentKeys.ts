/** What a document reads: condition keys, and the patterns that cut the space of their values into classes. */
import { parseOperator } from "./operators";
import { parsePattern } from "./pattern";
import type { PatternPart, PolicyVersion } from "./pattern";
import { unique } from "./truth";
import type { PolicyDocument, Statement } from "./types";

/** A pattern of a document, as plain data. */
export interface DocumentPattern {
  /** As the document writes it. */
  readonly text: string;
  readonly parts: readonly PatternPart[];
  /** Operator of the condition, as written; absent for resources. */
  readonly operator?: string;
  /** Place of the statement in the document, from 0. */
  readonly index: number;
}

export interface DocumentPatterns {
  /** Of Resource and NotResource. */
  readonly resources: readonly DocumentPattern[];
  /** Of the conditions on the key that was asked for. */
  readonly values: readonly DocumentPattern[];
}

/**
 * The resource patterns of a document, and the patterns that its conditions compare a condition key with.
 *
 * @example
 * patternsOf(document, "kms:EncryptionContext:aws:s3:arn").values.map(({ text }) => text);
 */
export function patternsOf(document: PolicyDocument, conditionKey: string): DocumentPatterns {
  const { version } = document;
  const lowerKey = conditionKey.toLowerCase();
  const resources: DocumentPattern[] = [];
  const values: DocumentPattern[] = [];
  for (const statement of document.statements) {
    const { index } = statement;
    for (const text of resourcesOf(statement)) {
      resources.push({ text, parts: parsePattern(text, { version }), index });
    }
    for (const { operator, key, values: texts } of statement.conditions) {
      if (key.toLowerCase() === lowerKey) {
        for (const text of texts) {
          values.push({ text, parts: valueParts(text, operator, version), operator, index });
        }
      }
    }
  }
  return { resources, values };
}

const keysByDocument = new WeakMap<PolicyDocument, readonly string[]>();

/** Every condition key that a document reads, in conditions and in policy variables, as it writes them. */
export function conditionKeysOf(document: PolicyDocument): readonly string[] {
  let keys = keysByDocument.get(document);
  if (keys === undefined) {
    keys = unique(document.statements.flatMap((statement) => keysOfStatement(statement, document.version)));
    keysByDocument.set(document, keys);
  }
  return keys;
}

function keysOfStatement(statement: Statement, version: PolicyVersion): readonly string[] {
  const parts = [
    ...resourcesOf(statement).flatMap((text) => parsePattern(text, { version })),
    ...statement.conditions.flatMap(({ operator, values }) =>
      values.flatMap((text) => valueParts(text, operator, version)),
    ),
  ];
  return [
    ...statement.conditions.map(({ key }) => key),
    ...parts.flatMap((part) => (part.kind === "variable" ? [part.key] : [])),
  ];
}

function resourcesOf({ resources, notResources }: Statement): readonly string[] {
  return resources ?? notResources ?? [];
}

function valueParts(text: string, operator: string, version: PolicyVersion): readonly PatternPart[] {
  const base = parseOperator(operator)?.base;
  const { wildcards, variables } =
    base?.kind === "comparison" ? base.syntax : { wildcards: false, variables: false };
  return variables ? parsePattern(text, { version, wildcards }) : [{ kind: "text", text }];
}
