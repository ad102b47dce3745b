/** Names of advised statements, each once in its document: IAM refuses a policy that has one twice. */
import { writtenPolicy } from "../../iam";
import type { Snapshot } from "../../snapshot/snapshot";
import type { Advice } from "../report/report";
import { documentsAt } from "./pointers";

export function withFreeSids(snapshot: Snapshot, advice: readonly Advice[]): Advice[] {
  const takenAt = new Map<string, Set<string>>();
  return advice.map((each) => {
    const { where, resource, statement } = each;
    if (statement === undefined) return each;
    const place = `${where} ${resource}`;
    const taken = takenAt.get(place) ?? new Set(documentsAt(snapshot, where, resource).flatMap(sidsOf));
    takenAt.set(place, taken);
    return { ...each, statement: { ...statement, Sid: free(statement.Sid, taken) } };
  });
}

function sidsOf(document: unknown): string[] {
  return [writtenPolicy(document)?.Statement].flat().flatMap((statement) => {
    const { Sid: sid } = (statement ?? {}) as { Sid?: unknown };
    return typeof sid === "string" ? [sid] : [];
  });
}

function free(sid: string, taken: Set<string>): string {
  let name = sid;
  for (let number = 2; taken.has(name); number += 1) name = `${sid}${number}`;
  taken.add(name);
  return name;
}
