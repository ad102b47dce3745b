/** What findings about rules are called: in reports, in snapshots and on the command line. */
import { bucketNameOf } from "../naming/names";

export const FINDING_KINDS = [
  "sse-kms-not-selected",
  "covered-by-another-rule",
  "no-object-can-match",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** The id of a finding: `<kind>:<bucket name>/<rule>`. */
export function findingId(kind: FindingKind, bucketArn: string, rule: string): string {
  return `${kind}:${bucketNameOf(bucketArn)}/${rule}`;
}

/** Whether a text is the id of a finding, or a kind of findings. */
export function namesFinding(text: string): boolean {
  return FINDING_KINDS.some((kind) => text === kind || text.startsWith(`${kind}:`));
}
