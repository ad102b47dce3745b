/** Takes one thing out of the policies of an example, and tells which objects fare differently then. */
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { ObjectReport, Report } from "../../src/rehearsal/report/report";
import { documentsOf, EXAMPLES, type FoundDocument, snapshotOf, statementKind } from "./examples";
import type { StatementJson } from "./program";

/** What was taken out of an example, and what became of its objects. */
export interface Removal {
  readonly example: string;
  /** `<kind of document>: <Sid>`, with `: <action>` where only that action was taken. */
  readonly id: string;
  readonly before: Report;
  readonly after: Report;
  /** Objects that fare differently, as they are after. */
  readonly changed: readonly ObjectReport[];
  /** Objects for which the report says that what was taken decided, as they were before. */
  readonly affected: readonly ObjectReport[];
}

/** Every statement of every document of every example, removed one at a time. */
export function removeStatements(): Promise<Removal[]> {
  return removeAll((statement) => [
    { name: undefined, from: (statements) => statements.splice(statements.indexOf(statement), 1) },
  ]);
}

/** Every action of every statement that has several, removed one at a time. */
export function removeActions(): Promise<Removal[]> {
  return removeAll(({ Sid, Action }) =>
    typeof Action === "string"
      ? []
      : Action.map((action) => ({
          name: action,
          from: (statements) => {
            for (const statement of statements.filter((candidate) => candidate.Sid === Sid)) {
              statement.Action = [statement.Action].flat().filter((other) => other !== action);
            }
          },
        })),
  );
}

interface Taking {
  /** The action; undefined for the whole statement. */
  readonly name: string | undefined;
  readonly from: (statements: StatementJson[]) => unknown;
}

async function removeAll(takings: (statement: StatementJson) => Taking[]): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const example of EXAMPLES) {
    const whole = await snapshotOf(example);
    const before = rehearse(whole);
    const documents = documentsOf(whole);
    documents.forEach((document, place) => {
      document.document.Statement.forEach((statement, index) => {
        takings(statement).forEach((_, which) => {
          const snapshot = structuredClone(whole);
          const found = documentsOf(snapshot)[place]?.document.Statement ?? [];
          const taken = found[index];
          const taking = taken && takings(taken)[which];
          if (taken === undefined || taking === undefined) throw new Error("a statement is gone");
          const id = [`${document.kind}: ${statementKind(taken)}`, taking.name].filter(Boolean).join(": ");
          taking.from(found);
          const bucket = snapshot.buckets[document.owner];
          // S3 stores no policy without statements.
          if (found.length === 0 && bucket !== undefined) bucket.policy = null;
          const after = rehearse(snapshot);
          removals.push({
            example,
            id,
            before,
            after,
            changed: after.objects.filter((object) => fate(object) !== fate(sameIn(before, object))),
            affected: before.objects.filter(
              (object) =>
                // Nobody is known to write annotations where no policy speaks of them any more.
                sameIn(after, object) !== undefined && uses(whole, object, document, statement, taking.name),
            ),
          });
        });
      });
    });
  }
  return removals;
}

function sameIn({ objects }: Report, { bucket, key, rule, destination }: ObjectReport) {
  return objects.find(
    (each) =>
      each.bucket === bucket && each.key === key && each.rule === rule && each.destination === destination,
  );
}

/** Outcome and what is missing, without the requests that led there. */
function fate(object: ObjectReport | undefined): string {
  return JSON.stringify([object?.outcome, object?.failureReason, object?.missing]);
}

/** Whether the report says of an object that a statement decided for it. */
function uses(
  snapshot: Snapshot,
  { bucket, outcome, requests }: ObjectReport,
  found: FoundDocument,
  { Sid }: StatementJson,
  action: string | undefined,
): boolean {
  if (outcome !== "COMPLETED") return false;
  // A bucket of both directions has one policy, which reports call by the side that it is asked as.
  const titles = [found.title, found.title.replace("source", "destination")];
  const source = snapshot.buckets[bucket];
  const roles = [source?.replication?.Role, source?.batchReplication?.role];
  return requests.some(
    (request) =>
      titles.some((title) => request.statements.includes(`${title}: ${Sid}`)) &&
      (action === undefined || request.action === action) &&
      [...roles, request.resource, request.resource.split("/")[0]].includes(found.owner),
  );
}
