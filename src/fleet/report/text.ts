/** A fleet for people: one table, the most harmful first, 80 columns wide, coloured on a terminal only. */
import { count, numeral } from "../../output/counts";
import { printable } from "../../output/printable";
import { size } from "../../output/size";
import { colors, columns, heading, minutes, section, sentences, wrap } from "../../output/textLayout";
import { grouped } from "../../util/grouping";
import type { AccountSummary, Earlier, FleetReport, Harm, PairReport } from "../meaning/report";
import { HARMS } from "../meaning/reportSchema";

/** More pairs of a harm are counted and not shown. */
const MOST_SHOWN: Readonly<Record<Harm, number>> = {
  broken: 200,
  failing: 200,
  unwatched: 50,
  unproven: 50,
  fine: 20,
};
/** Of a pair's problems. */
const MOST_PROBLEMS = 3;

export function renderFleet(report: FleetReport): string {
  const { accounts, pairs, notRead, notes } = report;
  const byHarm = grouped(pairs, ({ harm }) => harm);
  return [
    ...section("Accounts", renderAccounts(accounts)),
    ...(pairs.length === 0 ? [] : [heading("Pairs"), columns([HEADINGS.map(colors.dim)], WIDTHS)]),
    ...HARMS.flatMap((harm) => renderHarm(harm, byHarm.get(harm) ?? [])),
    ...(pairs.length === 0 ? [] : [""]),
    ...section("Worth knowing", sentences(notes)),
    ...section(
      "Not looked into, so nothing is proven of it",
      sentences(notRead.map(({ message }) => message)),
    ),
    renderVerdict(report),
    "",
  ].join("\n");
}

function renderAccounts(accounts: readonly AccountSummary[]): string[] {
  if (accounts.length === 0) return [];
  const rows = accounts.map(({ accountId, name, buckets, replicated }) => [
    accountId,
    printable(name ?? ""),
    buckets === undefined ? "buckets not listed" : `${count(buckets, "bucket")}, ${replicated} replicated`,
  ]);
  return [columns(rows, [14, 30, 34])];
}

const HEADINGS = ["harm", "source to destination", "failed", "waiting", "checked"];
const WIDTHS = [12, 37, 9, 9, 11];

const HARM_SIGNS: Readonly<Record<Harm, string>> = {
  broken: "✗",
  failing: "✗",
  unwatched: "!",
  unproven: "?",
  fine: "✓",
};

const COLOURS = {
  broken: colors.red,
  failing: colors.red,
  unwatched: colors.yellow,
  unproven: colors.yellow,
  fine: colors.green,
} as const;

function renderHarm(harm: Harm, pairs: readonly PairReport[]): string[] {
  const left = pairs.length - MOST_SHOWN[harm];
  return [
    ...pairs.slice(0, MOST_SHOWN[harm]).flatMap(renderPair),
    ...(left > 0 ? [`  and ${left} more ${harm}; --json has them all`] : []),
  ];
}

function renderPair(pair: PairReport): string[] {
  const { harm, source, destination, state, problems } = pair;
  const { failedOperations: failed, pending } = state;
  const row = columns(
    [
      [
        COLOURS[harm](`${HARM_SIGNS[harm]} ${harm}`),
        printable(`${source.bucketName} (${source.accountId})`),
        failed.lastDay === undefined ? "-" : `${failed.lastHour ?? 0} / ${failed.lastDay}`,
        pending.operations === undefined
          ? "-"
          : [numeral(pending.operations), ...(pending.bytes ? [size(pending.bytes)] : [])].join(", "),
        checkedOf(pair),
      ],
      [
        "",
        printable(`to ${destination.bucketName} (${destination.accountId ?? "account unknown"})`),
        "",
        "",
        "",
      ],
    ],
    WIDTHS,
  );
  const shown = problems.slice(0, MOST_PROBLEMS);
  const left = problems.length - shown.length;
  return [
    row,
    ...shown.flatMap(({ message }) => wrap(printable(withoutPair(message, pair)), 14)),
    ...(left > 0 ? [`${" ".repeat(14)}and ${left} more`] : []),
  ];
}

/** The table names the pair already. */
export function withoutPair(message: string, { source, destination }: PairReport): string {
  const name = `${source.bucketName} to ${destination.bucketName}: `;
  return message.startsWith(name) ? message.slice(name.length) : message;
}

/** When the pair was last reconciled or verified, whichever came later. */
function checkedOf({ lastReconciled, lastVerified }: PairReport): string {
  const [last] = [lastReconciled, lastVerified]
    .filter((each): each is Earlier => each !== undefined)
    .sort((one, other) => (one.at < other.at ? 1 : -1));
  return last === undefined ? "-" : minutes(last.at).slice(0, 10);
}

function renderVerdict(report: FleetReport): string {
  return `Fleet: ${COLOURS[report.verdict](colors.bold(report.verdict))} (${countsSaid(report)})`;
}

/** `2 broken, 4 fine, 1 not looked into` */
export function countsSaid({ counts, notRead }: FleetReport): string {
  const told = HARMS.filter((harm) => counts[harm] > 0).map((harm) => `${counts[harm]} ${harm}`);
  if (told.length === 0) told.push("no replicated bucket found");
  if (notRead.length > 0) told.push(`${notRead.length} not looked into`);
  return told.join(", ");
}
