/** What a proof comes to where the policies of an organization could not be read, which most callers may not. */
import type { Snapshot } from "../snapshot/snapshot";
import type { ReportVerdict } from "../rehearsal/report/report";

/** What has to be so for a proof, where everything but the policies of the organization was read. */
export const PROVEN_IF =
  "no service or resource control policy of the organization stands in the way; they could not be read (--organization-profile names who may read them, --assume-organization-allows leaves them out)";

/** @param rehearse The verdict on a snapshot. @returns What makes an unproven snapshot a proven one, where that is all. */
export function provenIf(
  snapshot: Snapshot,
  verdict: ReportVerdict,
  rehearse: (snapshot: Snapshot) => ReportVerdict,
): { readonly provenIf?: string } {
  if (verdict !== "unproven" || rehearse(withoutUnreadOrganizations(snapshot)) !== "proven") return {};
  return { provenIf: PROVEN_IF };
}

export function withoutUnreadOrganizations(snapshot: Snapshot): Snapshot {
  const accounts = Object.entries(snapshot.accounts).map(([id, { scps, rcps, ...rest }]) => [
    id,
    { ...rest, ...(scps === null ? {} : { scps }), ...(rcps === null ? {} : { rcps }) },
  ]);
  return { ...snapshot, accounts: Object.fromEntries(accounts) as Snapshot["accounts"] };
}
