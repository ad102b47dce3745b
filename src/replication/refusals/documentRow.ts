/** What a row of the table of refused policy documents says, and what it is asked about. */
import type { StatementJson } from "../policies";
import type { RefusalGrade } from "./refusal";

/** What a document is for; `identity` is a policy of a role. */
export type StoredDocument = "bucket" | "key" | "trust" | "identity" | "scp" | "rcp";

/** A statement as it is written. */
export type WrittenStatement = Readonly<Record<string, unknown>>;

/** A document, and what it is attached to. */
export interface DocumentPut {
  readonly kind: StoredDocument;
  /** ARN of the bucket, key or role; of a policy of an organization, the account id. */
  readonly owner: string;
  readonly version: unknown;
  /** Those of which nothing is unread. */
  readonly statements: readonly WrittenStatement[];
  /** Whether nothing of the document is unread. */
  readonly isWhole: boolean;
  /** Characters without white space between elements. */
  readonly size: number;
  /** ARNs that nothing has. */
  readonly absent: readonly string[];
}

export interface DocumentRow {
  readonly kinds: readonly StoredDocument[];
  /** AWS's code and sentence: `MalformedPolicy: Policy has invalid resource`. */
  readonly message: string;
  readonly isRefused: (put: DocumentPut) => boolean;
  /** What stays of a statement that is refused; undefined: nothing. Left out: only a person can choose. */
  readonly keep?: (statement: WrittenStatement, put: DocumentPut) => WrittenStatement | undefined;
  /** A statement that the document lacks. Left out: none. */
  readonly add?: (put: DocumentPut) => StatementJson;
  readonly mend: string;
  readonly grade: RefusalGrade;
  readonly source: string;
}

export const textsOf = (value: unknown): string[] =>
  [value].flat().filter((text): text is string => typeof text === "string");

export const some =
  (isRefused: (statement: WrittenStatement, put: DocumentPut) => boolean): DocumentRow["isRefused"] =>
  (put) =>
    put.statements.some((statement) => isRefused(statement, put));

/** Without the values that do not fit; undefined where none is left. */
export function kept(
  statement: WrittenStatement,
  element: string,
  fits: (text: string) => boolean,
): WrittenStatement | undefined {
  if (statement[element] === undefined) return statement;
  const values = textsOf(statement[element]).filter(fits);
  return values.length === 0 ? undefined : { ...statement, [element]: values };
}

/** The values of a condition that are text, each with its operator and its key as they are written. */
export function conditionValues({
  Condition,
}: WrittenStatement): { operator: string; key: string; value: string }[] {
  return Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([operator, keys]) =>
      Object.entries(keys).flatMap(([key, values]) =>
        textsOf(values).map((value) => ({ operator, key, value })),
      ),
  );
}
