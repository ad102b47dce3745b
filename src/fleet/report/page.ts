/** A fleet as one page that needs nothing else: the accounts with their arrows, and every pair by harm. */
import { size } from "../../output/size";
import { minutes } from "../../output/textLayout";
import { pageDocument } from "../../rehearsal/report/html/document";
import { drawingSection } from "../../rehearsal/report/html/drawingSection";
import { count, numeral } from "../../output/counts";
import { code, Markup, markup, type Part } from "../../rehearsal/report/html/markup";
import { badge, type Status } from "../../rehearsal/report/html/status";
import { STYLES } from "../../rehearsal/report/html/styles";
import { groupedTable, list, note, type Row, section, table } from "../../rehearsal/report/html/table";
import { grouped } from "../../util/grouping";
import type { Earlier, FleetReport, Harm, PairReport } from "../meaning/report";
import { HARMS } from "../meaning/reportSchema";
import { mapOfFleet, STATUSES } from "./map";
import { withoutPair } from "./text";

/** By which an earlier page is told from any other file. */
export const GENERATOR = "s3-replication fleet";

/** The same for the same report. */
export function renderFleetPage(report: FleetReport): string {
  return pageDocument({
    title: `${WORDS[report.verdict].word}: S3 replication of ${count(report.pairs.length, "pair")}`,
    generator: GENERATOR,
    styles: PAGE_STYLES,
    sections: [
      verdictSection(report),
      listSection("not-read", "Not looked into, so nothing is proven of it", report.notRead.map(messageOf)),
      drawing(report),
      pairsSection(report.pairs),
      accountsSection(report),
      listSection("notes", "Worth knowing", report.notes),
    ],
  });
}

const PAGE_STYLES = new Markup(`${STYLES.text}
#pairs th:nth-child(1), #pairs th:nth-child(2) { width: 21%; }
#pairs th:nth-child(3) { width: 19%; }
#accounts th:nth-child(1) { width: 11rem; }
#accounts th:nth-child(3), #accounts th:nth-child(4) { width: 8rem; }
td p:first-child { margin-top: 0; }
td p:last-child { margin-bottom: 0; }
`);

const WORDS: Readonly<Record<Harm, { readonly word: string; readonly sentence: string }>> = {
  broken: {
    word: "Broken",
    sentence: "S3 would not replicate everything as the rules of these buckets say.",
  },
  failing: { word: "Failing", sentence: "Replication fails now." },
  unproven: { word: "Unproven", sentence: "Nothing is known to fail, but not everything could be decided." },
  unwatched: {
    word: "Unwatched",
    sentence: "Everything is proven, and somewhere nobody would notice a failure.",
  },
  fine: { word: "Fine", sentence: "Every pair is proven, does well and is watched." },
};

const messageOf = ({ message }: { readonly message: string }) => message;

function verdictSection({ verdict, counts, pairs, accounts }: FleetReport): Markup {
  const { word, sentence } = WORDS[verdict];
  return markup`<header class="verdict ${STATUSES[verdict]}">
<p class="what">S3 replication of many accounts</p>
<h1>${word}</h1>
<p>${pairs.length === 0 ? "No replicated bucket was found." : sentence}</p>
<ul class="counts">
${HARMS.filter((harm) => counts[harm] > 0).map(
  (harm) => markup`<li>${badge(STATUSES[harm], `${numeral(counts[harm])} ${harm}`)}</li>
`,
)}<li>${count(pairs.length, "pair")}</li>
<li>${count(accounts.length, "account")}</li>
</ul>
</header>
`;
}

function drawing({ pairs }: FleetReport): Markup | undefined {
  return pairs.length === 0 ? undefined : drawingSection(mapOfFleet(pairs), [], LEGEND);
}

const LEGEND: Readonly<Record<Status, string>> = {
  proven: "fine",
  broken: "broken or failing",
  unproven: "unwatched or unproven",
  idle: "nothing asked",
};

function pairsSection(pairs: readonly PairReport[]): Markup | undefined {
  if (pairs.length === 0) return undefined;
  const groups = [...grouped(pairs, ({ harm }) => harm)].map(([harm, members]) => ({
    heading: badge(STATUSES[harm], harm),
    rows: members.map(rowOf),
  }));
  return section(
    "pairs",
    "The pairs",
    groupedTable(["From", "To", "How it does", "What is to be said"], groups),
  );
}

function rowOf(pair: PairReport): Row {
  const { source, destination, rules, problems, harm } = pair;
  const said = problems.map((problem) => withoutPair(problem.message, pair));
  return {
    cells: [
      [code(source.bucketName), note(`${source.accountId}, ${source.region}`)],
      [
        code(destination.bucketName),
        note(
          [
            destination.accountId ?? "account unknown",
            ...(destination.region === undefined ? [] : [destination.region]),
          ].join(", "),
        ),
        note(`${count(rules.length, "rule")}: ${rules.join(", ")}`),
      ],
      facts(pair).map((fact) => markup`<p class="fact">${fact}</p>`),
      said.length === 0 ? note(harm === "fine" ? "Nothing." : "") : list(said),
    ],
  };
}

function facts({ verdict, state, lastReconciled, lastVerified }: PairReport): Part[] {
  const { failedOperations: failed, latencyInSeconds: latency, pending, alarms, failureEvents } = state;
  const ringing = alarms.filter((alarm) => alarm.state === "ALARM").length;
  const waiting = failureEvents.reduce((total, receiver) => total + (receiver.waiting ?? 0), 0);
  return [
    `proof: ${verdict}`,
    ...(failed.lastDay === undefined
      ? []
      : [`failed: ${failed.lastHour ?? 0} in an hour, ${failed.lastDay} in a day`]),
    ...(latency.lastDay === undefined ? [] : [`longest latency of a day: ${latency.lastDay} s`]),
    ...(pending.operations === undefined
      ? []
      : [`waiting: ${numeral(pending.operations)}, ${size(pending.bytes ?? 0)}`]),
    `${count(alarms.length, "alarm")}${ringing === 0 ? "" : `, ${ringing} in ALARM`}`,
    failureEvents.length === 0 ? "no failure events" : `failure events: ${waiting} waiting`,
    ...earlierSaid("reconciled", lastReconciled),
    ...earlierSaid("verified", lastVerified),
  ];
}

function earlierSaid(what: string, earlier: Earlier | undefined): string[] {
  return earlier === undefined ? [] : [`${what} ${minutes(earlier.at)} UTC: ${earlier.verdict}`];
}

function accountsSection({ accounts }: FleetReport): Markup | undefined {
  if (accounts.length === 0) return undefined;
  return section(
    "accounts",
    "Accounts that were looked into",
    table(
      ["Account", "Name", "Buckets", "Replicated"],
      accounts.map(({ accountId, name, buckets, replicated }) => ({
        cells: [accountId, name ?? "", buckets === undefined ? "not listed" : numeral(buckets), replicated],
      })),
    ),
  );
}

function listSection(id: string, heading: string, sentences: readonly string[]): Markup | undefined {
  return sentences.length === 0 ? undefined : section(id, heading, list(sentences));
}
