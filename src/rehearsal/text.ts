/** A report for people: fits 80 columns, coloured on a terminal only. */
import Table from "cli-table3";
import colors from "picocolors";
import { parseArn } from "../iam";
import { bucketNameOf } from "../replication/names";
import type { AccountReport } from "./accounts";
import type { PermissionReport } from "./permissions";
import type { ObjectReport, Report } from "./report";

/** Everything that is printed. */
export interface RehearsalResult extends Report {
  readonly accounts: readonly AccountReport[];
  readonly permissions: readonly PermissionReport[];
}

const WIDTH = 80;

export function renderText(result: RehearsalResult): string {
  return [
    ...result.accounts.flatMap((account) => [...renderAccount(account), ""]),
    ...(result.refusals.length > 0
      ? [
          heading("S3 refuses"),
          ...result.refusals.flatMap(({ bucket, message }) =>
            wrap(printable(`${bucketNameOf(bucket)}: ${message}`), 2),
          ),
          "",
        ]
      : []),
    ...(result.objects.length > 0 ? [heading("Objects"), renderObjects(result.objects), ""] : []),
    ...renderReasons(result.objects),
    ...(result.permissions.length > 0
      ? [heading("What S3 asks for as the replication role"), renderPermissions(result.permissions), ""]
      : []),
    ...(result.assumptions.length > 0
      ? [
          heading("Assumed, as no page of AWS says it"),
          ...result.assumptions.flatMap((text) => wrap(text, 2)),
          "",
        ]
      : []),
    renderVerdict(result),
    "",
  ].join("\n");
}

const heading = (text: string) => colors.bold(text);

function renderAccount(account: AccountReport): string[] {
  const stacks = [...new Set(account.resources.map(({ stack }) => stack))];
  const gets =
    account.resources.length === 0
      ? ""
      : ` gets ${account.resources.length} resources (stack ${stacks.join(", ")})`;
  return [
    heading(`Account ${account.accountId}${gets}`),
    ...account.buckets.flatMap((bucket) => [
      ...labelled("bucket", `${bucketNameOf(bucket.arn)} in ${bucket.region}: ${bucket.settings.join(", ")}`),
      ...bucket.rules.flatMap((rule) => labelled("rule", `${rule.id}: ${rule.description}`)),
    ]),
    ...account.keys.flatMap((arn) => labelled("key", shortArn(arn))),
    ...account.roles.flatMap((arn) => labelled("role", shortArn(arn))),
  ];
}

/** Lines that begin with a word and hang under their first one. */
function labelled(label: string, text: string): string[] {
  const [first = "", ...rest] = wrap(printable(text), 9);
  return [`  ${label.padEnd(7)}${first.trimStart()}`, ...rest];
}

const OUTCOMES = {
  COMPLETED: colors.green("✓ COMPLETED"),
  FAILED: colors.red("✗ FAILED"),
  NOT_REPLICATED: colors.dim("- NOT REPLICATED"),
  UNPROVEN: colors.yellow("? UNPROVEN"),
} as const;

/** Objects under the rule that takes them, in the order of the rules. */
function renderObjects(objects: readonly ObjectReport[]): string {
  const groups = new Map<string, ObjectReport[]>();
  for (const object of objects) {
    const { rule, destination } = object;
    const title =
      rule === undefined || destination === undefined
        ? `${bucketNameOf(object.bucket)}: no rule`
        : `${bucketNameOf(object.bucket)}: rule ${rule} to ${bucketNameOf(destination)}`;
    groups.set(title, [...(groups.get(title) ?? []), object]);
  }
  return [...groups]
    .map(([title, members]) =>
      [
        ...wrap(`${printable(title)}:`, 2),
        columns(
          members.map((object) => [printable(object.key), object.kind, renderOutcome(object)]),
          [26, 31, 19],
        ),
      ].join("\n"),
    )
    .join("\n");
}

function renderOutcome({ outcome, missing }: ObjectReport): string {
  return outcome === "COMPLETED" && missing.length > 0 ? colors.red("✗ TAGS LOST") : OUTCOMES[outcome];
}

/** Why objects that are not replicated are not, each reason once. */
function renderReasons(objects: readonly ObjectReport[]): string[] {
  const reasons = new Map<string, ObjectReport[]>();
  for (const object of objects) {
    if (object.outcome === "COMPLETED" && object.missing.length === 0) continue;
    const words = [object.failureReason, object.reason].filter((word) => word !== undefined).join(": ");
    const text = words.replaceAll(`/${object.key}`, "/*");
    reasons.set(text, [...(reasons.get(text) ?? []), object]);
  }
  if (reasons.size === 0) return [];
  return [
    heading("Why"),
    ...[...reasons].flatMap(([text, of]) =>
      wrap(printable(`${of.map(({ key }) => key).join(", ")}: ${text}`), 2),
    ),
    "",
  ];
}

const DECISIONS = {
  allowed: colors.green("✓"),
  denied: colors.red("✗"),
  unproven: colors.yellow("?"),
} as const;

/** Actions under the resource that they are on. */
function renderPermissions(permissions: readonly PermissionReport[]): string {
  const groups = new Map<string, PermissionReport[]>();
  for (const permission of permissions) {
    const { resource } = permission;
    groups.set(resource, [...(groups.get(resource) ?? []), permission]);
  }
  return [...groups]
    .map(([resource, members]) =>
      [
        ...wrap(`${printable(shortArn(resource))}:`, 2),
        columns(
          members.map(({ action, decision, statements }) => [
            `${DECISIONS[decision]} ${action}`,
            // The heading says which bucket or key it is.
            statements.map((text) => printable(text.replace(/^(source|destination) /, ""))).join("\n") ||
              "nothing allows it",
          ]),
          [38, 41],
        ),
      ].join("\n"),
    )
    .join("\n");
}

function renderVerdict({ verdict, objects }: RehearsalResult): string {
  const count = (outcome: ObjectReport["outcome"]) =>
    objects.filter((object) => object.outcome === outcome).length;
  const counts = [
    [count("COMPLETED"), "replicated"],
    [count("NOT_REPLICATED"), "left alone, as the rules say"],
    [count("FAILED"), "failed"],
    [count("UNPROVEN"), "unproven"],
  ]
    .filter(([n]) => n !== 0)
    .map(([n, what]) => `${n} ${what}`)
    .join(", ");
  const colour = { proven: colors.green, broken: colors.red, unproven: colors.yellow }[verdict];
  return `Verdict: ${colour(colors.bold(verdict))}${counts === "" ? "" : ` (${counts})`}`;
}

/** What tells one resource from another in a narrow column. */
function shortArn(text: string): string {
  const arn = parseArn(text);
  if (arn === undefined) return text;
  return arn.service === "kms" ? `${arn.resource} ${arn.region}` : arn.resource;
}

/** Rows in columns without lines, two spaces from the left. */
function columns(rows: readonly string[][], widths: readonly number[]): string {
  const none = Object.fromEntries(
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
      .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"])
      .map((part) => [part, ""]),
  );
  const table = new Table({
    chars: none,
    colWidths: [2, ...widths],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { "padding-left": 0, "padding-right": 1, head: [], border: [] },
  });
  table.push(...rows.map((row) => ["", ...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Names that came from input, without characters that a terminal would act on. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
}

function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => `${" ".repeat(indent)}${each}`);
}
