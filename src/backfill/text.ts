/** A backfill for people. */
import { numeral } from "../output/counts";
import { printable } from "../output/printable";
import { bucketNameOf } from "../naming/names";
import { colors, heading, wrap } from "../output/textLayout";
import type { Failure } from "./completionReport";
import type { BackfillResult, JobSummary } from "./result";

export function renderBackfill(result: BackfillResult): string {
  const { request, job, failures, notes } = result;
  return [
    ...(request === undefined ? [] : [...renderPlan(result), ""]),
    ...(job === undefined ? [] : [...renderJob(job), ""]),
    ...(failures.length === 0 ? [] : [heading("Why objects failed"), ...failures.flatMap(renderFailure), ""]),
    ...renderNotes(notes),
    ...renderOutcome(result),
    "",
  ].join("\n");
}

/** What people are asked about: a job to be made, or one that waits. */
export function renderShown(result: BackfillResult): string {
  const { job, costs, notes } = result;
  const lines = job === undefined ? renderPlan(result) : [...renderJob(job), ...hanging("costs", costs)];
  return `${[...lines, "", ...renderNotes(notes)].join("\n")}\n`;
}

function renderNotes(notes: readonly string[]): string[] {
  if (notes.length === 0) return [];
  return [heading("To know"), ...notes.flatMap((note) => hanging("", note, 2)), ""];
}

/** What the job is. */
function renderPlan({ source, rules, request, costs }: BackfillResult): string[] {
  const { bucketName, accountId, region } = source;
  const { Manifest, ManifestGenerator, Report, RoleArn = "", Priority } = request ?? {};
  const filter = ManifestGenerator?.S3JobManifestGenerator?.Filter;
  const { CreatedAfter, CreatedBefore, KeyNameConstraint, ObjectReplicationStatuses = [] } = filter ?? {};
  const objects =
    Manifest === undefined
      ? [
          `those that the rules take, replication status ${ObjectReplicationStatuses.join(" or ")}`,
          ...(CreatedAfter === undefined ? [] : [`created after ${CreatedAfter.toISOString()}`]),
          ...(CreatedBefore === undefined ? [] : [`created before ${CreatedBefore.toISOString()}`]),
          ...(KeyNameConstraint?.MatchAnyPrefix ?? []).map((prefix) => `keys beginning with '${prefix}'`),
        ].join(", ")
      : `those of the manifest ${Manifest.Location?.ObjectArn}`;
  const report =
    Report?.Bucket === undefined
      ? "none"
      : `s3://${bucketNameOf(Report.Bucket)}/${Report.Prefix ?? ""} (failed objects)`;
  return [
    ...wrap(printable(`Batch Replication job of ${bucketName} (account ${accountId}, ${region})`), 0).map(
      heading,
    ),
    ...hanging("rules", rules.join(", ")),
    ...hanging("objects", objects),
    ...hanging("role", RoleArn),
    ...hanging("report", report),
    ...hanging("priority", String(Priority)),
    ...hanging("costs", costs),
  ];
}

const LABEL = 9;

/** Lines that begin with a word and hang under their first one. */
function hanging(label: string, text: string, indent = LABEL + 2): string[] {
  const [first = "", ...rest] = wrap(printable(text), indent);
  return [`  ${label.padEnd(indent - 2)}${first.trimStart()}`, ...rest];
}

function renderJob({ id, status, created, ended, total, succeeded, failed, failureReasons }: JobSummary) {
  return [
    heading(printable(`Job ${id}`)),
    ...hanging("status", status ?? "not seen"),
    ...(created === undefined ? [] : hanging("created", created)),
    ...(ended === undefined ? [] : hanging("ended", ended)),
    ...(total === undefined
      ? []
      : hanging(
          "objects",
          `${numeral(total)}: ${numeral(succeeded ?? 0)} replicated, ${numeral(failed ?? 0)} failed`,
        )),
    ...failureReasons.flatMap((reason) => hanging("because", reason)),
  ];
}

function renderFailure({ cause, count: number, explanation, example }: Failure): string[] {
  const version = example.versionId === undefined ? "" : `, version ${example.versionId}`;
  const message = example.message === "" ? "" : `: ${example.message}`;
  return [
    ...wrap(
      printable(`${numeral(number)} ${cause}${explanation === undefined ? "" : `: ${explanation}`}`),
      2,
    ),
    ...wrap(printable(`for example ${example.key}${version}${message}`), 4),
  ];
}

function renderOutcome({ outcome, made, job }: BackfillResult): string[] {
  const [word, text, colour] = {
    planned: ["Planned", "nothing was made (--dry-run)", colors.yellow] as const,
    declined: ["Declined", "no job was made", colors.yellow] as const,
    replicated: [
      "Replicated",
      job?.total === 0 ? "no object was chosen" : `all ${numeral(job?.total ?? 0)} objects`,
      colors.green,
    ] as const,
    failed: [
      "Failed",
      job?.status === "Complete"
        ? `${numeral(job.failed ?? 0)} of ${numeral(job.total ?? 0)} objects`
        : `the job ended as ${job?.status}`,
      colors.red,
    ] as const,
    unfinished: ["Unfinished", made ? "the job was made, and goes on" : "see above", colors.yellow] as const,
  }[outcome];
  const [first = "", ...rest] = wrap(`${word}: ${printable(text)}`, 0);
  return [first.replace(word, colour(colors.bold(word))), ...rest];
}
