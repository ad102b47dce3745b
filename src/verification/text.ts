/** A verification for people: fits 80 columns, coloured on a terminal only. */
import { renderDiagnosis } from "../doctor/text";
import { printable } from "../output/printable";
import { describeObject } from "../rehearsal/objects/objects";
import { bucketNameOf } from "../naming/names";
import { colors, heading, wrap } from "../output/textLayout";
import type { Check, RuleVerification, VerificationReport } from "./report";

/** What is left is listed one by one so far; all of it is in the JSON document. */
const MOST_LEFT = 10;

export function renderVerification(report: VerificationReport): string {
  const { bucket, region, account, rules, notes } = report;
  return [
    heading(printable(`Canaries in bucket ${bucket} (${region}), put by account ${account}`)),
    ...rules.flatMap(renderRule),
    "",
    ...notes.flatMap((note) => wrap(printable(note), 0)),
    ...(notes.length > 0 ? [""] : []),
    ...(report.diagnosis === undefined
      ? []
      : [heading("What the doctor says"), "", renderDiagnosis(report.diagnosis)]),
    renderVerdict(report),
    "",
  ].join("\n");
}

const OUTCOMES = {
  verified: colors.green("✓ verified"),
  failed: colors.red("✗ FAILED"),
  wrong: colors.red("✗ wrong replica"),
  unfinished: colors.yellow("? unfinished"),
  skipped: colors.yellow("? skipped"),
  refused: colors.yellow("? refused"),
  shadowed: colors.dim("- shadowed"),
} as const;

const RESULTS = { right: colors.green("✓"), wrong: colors.red("✗"), unread: colors.yellow("?") } as const;

function renderRule(verification: RuleVerification): string[] {
  const { rule, destination, outcome, reason, canary, checks, notes, left, removedLeftovers } = verification;
  const time = canary?.seconds === undefined ? "" : ` in ${canary.seconds} s`;
  const details = [
    ...(outcome === "verified" ? [] : [reason]),
    ...(canary === undefined ? [] : describeCanary(canary)),
    ...checks.flatMap(({ name, result, reason: why }) =>
      result === "right" ? [] : [`${name} ${result === "wrong" ? "is wrong" : "was not checked"}: ${why}`],
    ),
    ...notes,
    ...(removedLeftovers === 0
      ? []
      : [`removed what earlier runs had left: ${removedLeftovers} versions and delete markers`]),
    ...left
      .slice(0, MOST_LEFT)
      .map(
        (each) =>
          `LEFT ${each.bucket}/${each.key}${each.versionId === undefined ? "" : ` version ${each.versionId}`}: ${each.reason}`,
      ),
    ...(left.length > MOST_LEFT ? [`and ${left.length - MOST_LEFT} more are LEFT`] : []),
  ];
  return [
    `  ${printable(`rule ${rule} to ${bucketNameOf(destination)}`)}  ${OUTCOMES[outcome]}${time}`,
    ...(checks.length === 0 ? [] : [`    ${checks.map(renderCheck).join("  ")}`]),
    // A key is to be copied: it stays in one piece.
    ...(canary === undefined ? [] : [`    ${printable(canary.key)}`]),
    ...details.flatMap((detail) => wrap(printable(detail), 4)),
  ];
}

function renderCheck({ name, result }: Check): string {
  return `${RESULTS[result]} ${name}`;
}

function describeCanary({
  key,
  tags,
  encryption,
  deleteMarkerSeconds,
}: NonNullable<RuleVerification["canary"]>): string[] {
  if (encryption === undefined) return [];
  const marker =
    deleteMarkerSeconds === undefined ? "" : `; its delete marker arrived in ${deleteMarkerSeconds} s`;
  return [`${describeObject({ bucket: "", key, tags, encryption })}${marker}`];
}

function renderVerdict({ verdict, rules }: VerificationReport): string {
  const counts = (Object.keys(OUTCOMES) as RuleVerification["outcome"][]).flatMap((outcome) => {
    const count = rules.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const colour = { verified: colors.green, failed: colors.red, unfinished: colors.yellow }[verdict];
  return colour(colors.bold(`Verdict: ${verdict} (${counts.join(", ") || "no rule is enabled"})`));
}
