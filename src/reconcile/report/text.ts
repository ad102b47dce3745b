/** A reconciliation for people: 80 columns wide, coloured on a terminal only. */
import { count, countWithMarkers, numeral } from "../../output/counts";
import { printable } from "../../output/printable";
import { size } from "../../output/size";
import { colors, columns, heading, minutes, section, sentences, wrap } from "../../output/textLayout";
import type { State } from "../meaning/causes";
import {
  byRule,
  byState,
  type CountReport,
  type DestinationReport,
  type Explanation,
  type ManifestReport,
  type ReconcileResult,
} from "../result";

export function renderReconciliation(result: ReconcileResult): string {
  const { source, destinations, versions, bytes, engine, listedAt, prefix } = result;
  const under = prefix === undefined ? "" : `, keys beginning with '${prefix}'`;
  return [
    ...wrap(
      printable(
        `${source.bucketName} in ${source.region}, account ${source.accountId}, ${minutes(listedAt)} UTC`,
      ),
      0,
    ).map(heading),
    ...wrap(printable(`${countWithMarkers(versions)}, ${size(bytes)}${under}`), 2),
    ...wrap(printable(`engine ${engine.name}: ${engine.because}`), 2),
    "",
    ...destinations.flatMap((destination) => renderDestination(source.bucketName, destination, result)),
    ...section("Held", result.held.flatMap(renderHeld)),
    ...section("To mend it", result.manifests.flatMap(renderManifest)),
    ...section("Not compared", sentences(result.notCompared)),
    ...section("Worth knowing", sentences(result.notes)),
    renderVerdict(result),
    "",
  ].join("\n");
}

const day = (time: string) => time.slice(0, 10);

const COLOURS: Readonly<Record<State, (text: string) => string>> = {
  "in place": colors.green,
  failed: colors.red,
  pending: colors.yellow,
  "never tried": colors.red,
  gone: colors.red,
  wrong: colors.red,
  undecided: colors.yellow,
  "left alone": colors.dim,
  "destination only": colors.dim,
};

function renderDestination(
  sourceName: string,
  { bucketName, counts }: DestinationReport,
  { explanations }: ReconcileResult,
): string[] {
  const ofThis = explanations.filter(({ destination }) => destination === bucketName);
  return [
    ...wrap(printable(`${sourceName} to ${bucketName}`), 0).map(heading),
    ...byRule(counts).flatMap(([rule, of]) => [
      ...wrap(rule === undefined ? "no rule" : printable(`rule ${rule}`), 2).map(colors.bold),
      ...of.flatMap((each) => renderCount(each, ofThis)),
    ]),
    ...(counts.length === 0 ? sentences(["nothing is there"]) : []),
    "",
  ];
}

/** State, versions, bytes and days. */
const WIDTHS = [18, 16, 12, 26];

function renderCount(each: CountReport, explanations: readonly Explanation[]): string[] {
  const { state, cause, rule, versions, bytes, oldest, newest, reason } = each;
  const days =
    oldest === undefined || newest === undefined
      ? ""
      : day(oldest) === day(newest)
        ? day(oldest)
        : `${day(oldest)} to ${day(newest)}`;
  const explained = explanations.find((other) => other.cause === cause && other.rule === rule);
  return [
    columns([["", COLOURS[state](state), numeral(versions), size(bytes), days]], [2, ...WIDTHS]),
    ...(cause === "in-place" ? [] : wrap(printable(reason), 6)),
    ...(state === "in place" ? [] : renderWhere(each)),
    ...(explained === undefined ? [] : renderExplanation(explained)),
  ];
}

function renderWhere({ prefixes, examples, versions }: CountReport): string[] {
  const named = prefixes.filter(({ prefix }) => prefix !== "").slice(0, 3);
  const [example] = examples;
  return [
    ...(named.length === 0 || versions === 1
      ? []
      : wrap(
          printable(`under ${named.map((each) => `${each.prefix} (${numeral(each.versions)})`).join(", ")}`),
          6,
        )),
    ...(example === undefined
      ? []
      : wrap(printable(`for example ${example.key}, version ${example.versionId}`), 6)),
  ];
}

function renderExplanation({ onPaper, reason, missing, key }: Explanation): string[] {
  const said = {
    COMPLETED: `by the settings of now ${key} would replicate`,
    FAILED: `by the settings of now it would fail: ${reason}`,
    NOT_REPLICATED: `by the settings of now it would not replicate: ${reason}`,
    UNPROVEN: `by the settings of now nobody can tell: ${reason}`,
  }[onPaper];
  return [...wrap(printable(said), 6), ...missing.flatMap((each) => wrap(printable(`missing: ${each}`), 8))];
}

function renderHeld({ status, versions, bytes }: ReconcileResult["held"][number]): string[] {
  return sentences([
    `${count(versions, "version")} (${size(bytes)}) ${versions === 1 ? "is" : "are"} ${status}: lifecycle neither expires nor moves ${versions === 1 ? "it" : "them"}`,
  ]);
}

function renderManifest({ files, versions, next, cause }: ManifestReport): string[] {
  const where = files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`;
  return [
    ...wrap(printable(`${numeral(versions)} ${cause}: ${where}`), 2),
    // What is there to be copied stays in one line.
    ...(next.startsWith("s3-replication ")
      ? next.split("\n").map((line) => `    ${printable(line.trim())}`)
      : wrap(printable(next), 4)),
  ];
}

/** Nothing of these is missing at any destination, and nobody knows what failed. */
function failedInPlace(counts: readonly CountReport[]): number {
  return counts.reduce((sum, { cause, versions }) => sum + (cause === "in-place-failed" ? versions : 0), 0);
}

function renderVerdict({ verdict, destinations, isWhole }: ReconcileResult): string {
  const counts = destinations.flatMap((destination) => destination.counts);
  const sums = byState(counts);
  const said = (["failed", "pending", "never tried", "gone", "wrong", "undecided"] as const)
    .filter((state) => (sums.get(state) ?? 0) > 0)
    .map((state) => `${numeral(sums.get(state) ?? 0)} ${state}`)
    .join(", ");
  const colour = { complete: colors.green, incomplete: colors.red, undecided: colors.yellow }[verdict];
  const detail =
    verdict === "complete"
      ? `${numeral(sums.get("in place") ?? 0)} in place`
      : said ||
        (isWhole
          ? `${numeral(failedInPlace(counts))} FAILED, though in place`
          : "not every version was looked at");
  const [first = "", ...rest] = wrap(`Reconciled: ${verdict}${detail === "" ? "" : ` (${detail})`}`, 0);
  return [first.replace(verdict, colour(colors.bold(verdict))), ...rest].join("\n");
}
