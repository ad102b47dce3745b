/** Where advice gives more than is missing: grants that the report calls needless, and Denies that spare too many. */
import { isDeepStrictEqual } from "node:util";
import { findStatement } from "../../src/rehearsal/advice/pointers";
import type { Snapshot } from "../../src/snapshot/snapshot";
import type { Advice, Report } from "../../src/rehearsal/report/report";

interface StatementJson {
  readonly Effect?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A set-up, and what is reported of it. */
export interface Reported {
  readonly snapshot: Snapshot;
  readonly report: Report;
}

/** @returns What is given beyond need by the advice of a report, a line each. */
export function widenings({ snapshot, report }: Reported, mended: Reported): string[] {
  const written = everyStatement(snapshot);
  // Of a document that AWS does not store, statements go that deny nothing.
  const refused = new Set(report.refusals.flatMap(({ where }) => where ?? []));
  const rewritten = report.advice.filter(({ where }) => !refused.has(where));
  const { unusedGrants, otherGrants } = mended.report;
  return [
    ...report.advice.flatMap(allowsForEverybody),
    ...rewritten.flatMap((each) => sparedTooMuch(snapshot, each)),
    ...[...unusedGrants, ...otherGrants]
      .filter(({ where, resource, statement }) => {
        const found = findStatement(mended.snapshot, where, resource, statement);
        return found !== undefined && !written.some((each) => isNoWider(found.statement, each));
      })
      .map(
        ({ where, resource, grant, reason }) => `it adds ${grant} to the ${where} of ${resource}: ${reason}`,
      ),
  ];
}

/** Statements of all documents. */
function everyStatement(value: unknown): StatementJson[] {
  if (typeof value === "string" && value.startsWith("{")) return everyStatement(JSON.parse(value));
  if (typeof value !== "object" || value === null) return [];
  return "Effect" in value ? [value as StatementJson] : Object.values(value).flatMap(everyStatement);
}

/** Whether a statement is one that was there before, with more conditions at most. */
function isNoWider(statement: StatementJson, before: StatementJson): boolean {
  const isSame = isDeepStrictEqual({ ...statement, Condition: {} }, { ...before, Condition: {} });
  const conditions = conditionsOf(statement);
  return isSame && conditionsOf(before).every((line) => conditions.includes(line));
}

/** RCPFullAWSAccess allows everything already. An Allow of a policy that binds everybody is never what is missing. */
function allowsForEverybody({ where, statement, change }: Advice): string[] {
  if (where !== "resource control policy") return [];
  const written = [statement, ...(change === undefined ? [] : statementsOf(change.value))];
  return written.some((each) => each?.Effect === "Allow")
    ? ["it writes an Allow into a resource control policy"]
    : [];
}

/** A rewritten Deny keeps every word of its own, and gets one exemption more. */
function sparedTooMuch(snapshot: Snapshot, { change, where }: Advice): string[] {
  if (change === undefined) return [];
  const before = statementsOf(valueAt(snapshot, change.path));
  const after = statementsOf(change.value);
  return before.flatMap((old, index) => {
    const rewritten = after[index];
    if (old.Effect !== "Deny" || isDeepStrictEqual(old, rewritten)) return [];
    if (rewritten === undefined) return [`it takes a Deny out of the ${where}`];
    const isSame = isDeepStrictEqual(
      { ...old, Condition: undefined },
      { ...rewritten, Condition: undefined },
    );
    const added = conditionsOf(rewritten).filter((line) => !conditionsOf(old).includes(line));
    const lost = conditionsOf(old).filter((line) => !conditionsOf(rewritten).includes(line));
    return isSame && lost.length === 0 && added.every((line) => EXEMPTION.test(line))
      ? []
      : [`it changes a Deny of the ${where} by ${added.join(", ")} ${lost.join(", ")}`];
  });
}

/** The role, the service that assumes it, or services where a statement cannot tell which one calls. */
const EXEMPTION =
  /^(ArnNotEquals aws:PrincipalArn arn:[\w-]+:iam::\d{12}:role\/[^*?]+|StringNotEquals aws:PrincipalServiceName [\w.]+|BoolIfExists aws:PrincipalIsAWSService false)$/;

function conditionsOf({ Condition = {} }: StatementJson): string[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      [values].flat().map((value) => `${operator} ${key} ${String(value)}`),
    ),
  );
}

function statementsOf(value: unknown): StatementJson[] {
  if (typeof value === "string" && value.startsWith("{")) return statementsOf(JSON.parse(value));
  if (typeof value !== "object" || value === null) return [];
  if ("Statement" in value) return [value.Statement].flat() as StatementJson[];
  return "Effect" in value ? [value as StatementJson] : [];
}

function valueAt(snapshot: Snapshot, path: string): unknown {
  return path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], snapshot);
}
