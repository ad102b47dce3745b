/** Pairs, accounts and what was not read, put together to one report in an order of its own. */
import type { AccountSummary, FleetProblem, FleetReport, Harm, PairReport } from "./report";
import { HARMS } from "./reportSchema";

export interface FleetParts {
  readonly accounts: readonly AccountSummary[];
  readonly pairs: readonly PairReport[];
  readonly notRead: readonly FleetProblem[];
  readonly notes: readonly string[];
}

export function summariseFleet({ accounts, pairs, notRead, notes }: FleetParts): FleetReport {
  const counts = Object.fromEntries(
    HARMS.map((harm) => [harm, pairs.filter((pair) => pair.harm === harm).length]),
  ) as Record<Harm, number>;
  return {
    verdict: verdictOf(counts, pairs, notRead),
    counts,
    accounts: inOrder(accounts, ({ accountId }) => [accountId]),
    pairs: inOrder(pairs, ({ harm, source, destination }) => [
      String(HARMS.indexOf(harm)),
      source.accountId,
      source.bucketName,
      destination.bucketName,
    ]),
    notRead: inOrder(notRead, ({ message }) => [message]),
    notes: [...notes].sort(),
  };
}

/** An unwatched pair that is unproven as well is no proof, and neither is a fleet of no pair. */
function verdictOf(
  counts: Readonly<Record<Harm, number>>,
  pairs: readonly PairReport[],
  notRead: readonly FleetProblem[],
): Harm {
  if (counts.broken > 0) return "broken";
  if (counts.failing > 0) return "failing";
  const isUnproven = ({ problems, verdict }: PairReport) =>
    verdict === "unproven" || problems.some(({ level }) => level === "unproven");
  if (pairs.length === 0 || notRead.length > 0 || pairs.some(isUnproven)) return "unproven";
  return counts.unwatched > 0 ? "unwatched" : "fine";
}

function inOrder<T>(values: readonly T[], keyOf: (value: T) => readonly string[]): T[] {
  const keyed = values.map((value) => ({ value, key: keyOf(value).join("\0") }));
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ value }) => value);
}

/** Every problem of a report, those of the accounts last. */
export function problemsOfFleet({
  pairs,
  notRead,
}: {
  readonly pairs: readonly { readonly problems: readonly FleetProblem[] }[];
  readonly notRead: readonly FleetProblem[];
}): FleetProblem[] {
  return [...pairs.flatMap(({ problems }) => problems), ...notRead];
}
