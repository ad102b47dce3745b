/** A status for people: one screen a pair, 80 columns wide, coloured on a terminal only. */
import { count, numeral } from "../output/counts";
import { testEventsSaid } from "../failureEvents/messages";
import { parseArn } from "../naming/arn";
import { printable } from "../output/printable";
import { size } from "../output/size";
import { colors, columns, heading, minutes, section, sentences, wrap } from "../output/textLayout";
import type { AlarmStatus, EventReceiver, RuleStatus, StatusReport } from "./report";

/** More rules of a pair are counted and not shown, those first that something is to be said about. */
const MOST_RULES_SHOWN = 20;
const MOST_ALARMS_SHOWN = 10;

export function renderStatus(report: StatusReport): string {
  const { bucket, region, account, at, notes, wrong, unread } = report;
  return [
    ...wrap(printable(`${bucket} in ${region}, account ${account}, ${minutes(at)} UTC`), 0).map(heading),
    "",
    ...pairsOf(report.rules).flatMap(([destination, rules]) => renderPair(bucket, destination, rules)),
    ...section("Alarms", renderAlarms(report.alarms)),
    ...section("Failure events", report.failureEvents.flatMap(renderReceiver)),
    ...section("Last canary", renderLastCanary(report)),
    ...section("Worth knowing", sentences(notes)),
    ...section(
      "Not read",
      unread.flatMap(({ what, caller, action, resource, refused, reason }) =>
        sentences([
          refused
            ? `${what}: ${caller} needs ${action} on ${resource}`
            : `${what}: ${action} on ${resource} was not answered: ${reason}`,
        ]),
      ),
    ),
    ...section("Wrong", sentences(wrong)),
    renderVerdict(report),
    "",
  ].join("\n");
}

function pairsOf(rules: readonly RuleStatus[]): [string, RuleStatus[]][] {
  const names = [...new Set(rules.map(({ destination }) => destination))];
  return names.map((name) => [name, rules.filter(({ destination }) => destination === name)]);
}

const WIDTHS = [17, 5, 18, 12, 13, 13];

function renderPair(bucket: string, destination: string, rules: readonly RuleStatus[]): string[] {
  const shown = [...rules].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_RULES_SHOWN);
  const left = rules.length - shown.length;
  return [
    ...wrap(printable(`${bucket} to ${destination}`), 0).map(heading),
    columns(
      [
        ["rule", "prio", "objects", "failed", "latency", "waiting"].map(colors.dim),
        ["", "", "", "hour / day", "hour / day", "now"].map(colors.dim),
        ...shown.map(ruleRow),
      ],
      WIDTHS,
    ),
    ...(left > 0 ? [`  and ${left} more, of which there is less to say; --json has them all`] : []),
    "",
  ];
}

/** What failed comes first, then what waits, then what is on. */
function weight({ status, metrics }: RuleStatus): number {
  if (metrics === undefined) return status === "Enabled" ? 1 : 0;
  const { failedOperations, pending } = metrics;
  return (failedOperations.lastDay ?? 0) > 0 ? 3 : (pending.operations ?? 0) > 0 ? 2 : 1;
}

function ruleRow({ id, status, priority, prefix, tags, metrics, hasMetrics }: RuleStatus): string[] {
  const filter = [`${prefix}*`, ...tags.map(({ key, value }) => `${key}=${value}`)].join(" ");
  const row = [printable(id), String(priority ?? ""), printable(filter)];
  if (status === "Disabled") return [...row.map(colors.dim), colors.dim("disabled"), "", ""];
  if (metrics === undefined) return [...row, colors.yellow(hasMetrics ? "not read" : "no metrics"), "", ""];
  const { failedOperations, latencyInSeconds, pending } = metrics;
  const failed = pairOf(failedOperations, String);
  return [
    ...row,
    (failedOperations.lastHour ?? 0) > 0 ? colors.red(failed) : failed,
    pairOf(latencyInSeconds, duration),
    [
      pending.operations === undefined ? undefined : numeral(pending.operations),
      pending.bytes === undefined ? undefined : size(pending.bytes),
    ]
      .filter((part) => part !== undefined)
      .join(", ") || "-",
  ];
}

function pairOf(
  { lastHour, lastDay }: { readonly lastHour?: number; readonly lastDay?: number },
  show: (value: number) => string,
): string {
  const shown = (value: number | undefined) => (value === undefined ? "-" : show(value));
  return `${shown(lastHour)} / ${shown(lastDay)}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)}s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`;
}

const STATES = {
  OK: colors.green("✓ OK"),
  ALARM: colors.red("✗ ALARM"),
  INSUFFICIENT_DATA: colors.dim("- NO DATA"),
} as const;

function renderAlarms(alarms: readonly AlarmStatus[]): string[] {
  if (alarms.length === 0) return [];
  const order = ["ALARM", "OK", "INSUFFICIENT_DATA"];
  const shown = [...alarms]
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
    .slice(0, MOST_ALARMS_SHOWN);
  const left = alarms.length - shown.length;
  return [
    columns(
      shown.map(({ name, state, since }) => [
        STATES[state],
        printable(name),
        since === undefined ? "" : `since ${minutes(since)}`,
      ]),
      [11, 44, 23],
    ),
    ...(left > 0 ? [`  and ${left} more; --json has them all`] : []),
  ];
}

function renderReceiver({ arn, waiting, inFlight, isMissing, testEvents = 0 }: EventReceiver): string[] {
  const { service = "", resource = arn } = parseArn(arn) ?? {};
  const kind = { sqs: "queue", sns: "topic", lambda: "function" }[service] ?? "";
  const depth =
    waiting === undefined
      ? service === "sqs"
        ? isMissing === true
          ? ": there is no such queue"
          : ": not read"
        : ""
      : `: ${waiting} waiting, ${inFlight ?? 0} being looked at`;
  const tests = testEvents === 0 ? "" : `; ${testEventsSaid(testEvents, testEvents === waiting)}`;
  return sentences([`${kind} ${resource.replace(/^function:/, "")}${depth}${tests}`]);
}

function renderLastCanary({ bucket, lastCanary }: StatusReport): string[] {
  if (lastCanary === undefined) {
    return sentences([
      `not known: 'verify' cleans up after itself. Keep its report, 's3-replication verify ${bucket} --json > verify.json', and give it with --last-verify verify.json`,
    ]);
  }
  const { verdict, writtenAt, rules } = lastCanary;
  const verified = rules.filter(({ outcome }) => outcome === "verified");
  const slowest = Math.max(...verified.map(({ seconds }) => seconds ?? 0));
  const colour = { verified: colors.green, failed: colors.red, unfinished: colors.yellow }[verdict];
  const [first = "", ...rest] = wrap(
    `${verdict} at ${minutes(writtenAt)} UTC: ${verified.length} of ${count(rules.length, "rule")}${slowest > 0 ? `, the slowest in ${duration(slowest)}` : ""}`,
    2,
  );
  const others = rules.filter(({ outcome }) => outcome !== "verified").slice(0, MOST_RULES_SHOWN);
  return [
    first.replace(verdict, colour(verdict)),
    ...rest,
    ...sentences(others.map(({ rule, outcome, reason }) => `rule ${rule}: ${outcome}: ${reason}`)),
  ];
}

function renderVerdict({ verdict, wrong, unread }: StatusReport): string {
  const colour = { fine: colors.green, wrong: colors.red, unread: colors.yellow }[verdict];
  const counts = [
    [wrong.length, "wrong"],
    [unread.length, "not read"],
  ]
    .filter(([n]) => n !== 0)
    .map(([n, what]) => `${n} ${what}`)
    .join(", ");
  return `Status: ${colour(colors.bold(verdict))}${counts === "" ? "" : ` (${counts})`}`;
}
