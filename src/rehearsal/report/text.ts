/** A report for people: fits 80 columns, coloured on a terminal only. */
import { parseArn } from "../../iam";
import { count } from "../../output/counts";
import { printable } from "../../output/printable";
import { bucketNameOf } from "../../naming/names";
import { observationSentence } from "../../replication/evidence";
import { ruleTitle } from "../../replication/rules";
import { colors, columns, heading, indented, wrap } from "../../output/textLayout";
import type { AccountReport } from "./accounts";
import { placeWithin } from "../advice/pointers";
import type { RuleFinding } from "../ruleFindings";
import { grouped, unique } from "../../util/grouping";
import { type PermissionReport, standing } from "./permissions";
import { type Advice, EVERY_RULE_IS_OFF, type ObjectReport, type Report, type UnusedGrant } from "./report";

/** Everything that is printed. */
export interface RehearsalResult extends Report {
  readonly accounts: readonly AccountReport[];
  readonly permissions: readonly PermissionReport[];
}

export function renderText(result: RehearsalResult): string {
  return [...renderSections(result), ...renderVerdict(result), ""].join("\n");
}

/** Everything but the verdict, in lines. */
export function renderSections(result: RehearsalResult): string[] {
  return [
    ...result.accounts.flatMap((account) => [...renderAccount(account), ""]),
    ...(result.refusals.length > 0
      ? [
          heading("AWS refuses"),
          ...result.refusals.flatMap(({ bucket, message, grade, source }) => [
            ...wrap(printable(`${bucketNameOf(bucket)}: ${message}`), 2),
            ...wrap(printable(`${grade}: ${source}`), 4),
          ]),
          "",
        ]
      : []),
    ...renderFindings(result.findings),
    ...(result.objects.length > 0 ? [heading("Objects"), renderObjects(result.objects), ""] : []),
    ...renderReasons(result.objects),
    ...(result.permissions.length > 0
      ? [heading("What S3 asks for as the replication role"), renderPermissions(result.permissions), ""]
      : []),
    ...renderAdvice(result.advice),
    ...renderGrants("Granted, and not needed", result.unusedGrants),
    ...renderGrants("Let in beside replication", result.otherGrants),
    ...(result.warnings.length > 0
      ? [
          colors.yellow(heading("Take care")),
          ...result.warnings.flatMap((text) => wrap(printable(text), 2)),
          "",
        ]
      : []),
    ...(result.unread.length > 0
      ? [
          heading("Not read, so nothing that depends on it is proven"),
          ...result.unread.flatMap((text) => wrap(printable(text), 2)),
          "",
        ]
      : []),
    ...renderObservations(result),
    ...(result.assumptions.length > 0
      ? [
          heading("Assumed, as no page of AWS says it"),
          ...result.assumptions.flatMap((text) => wrap(text, 2)),
          "",
        ]
      : []),
  ];
}

function renderAccount(account: AccountReport): string[] {
  const stacks = [...new Set(account.resources.map(({ stack }) => stack))];
  const gets =
    account.resources.length === 0
      ? ""
      : ` gets ${count(account.resources.length, "resource")} (stack ${stacks.join(", ")})`;
  return [
    ...wrap(printable(`Account ${account.accountId}${gets}`), 0).map(heading),
    ...account.buckets.flatMap((bucket) => [
      ...labelled("bucket", `${bucketNameOf(bucket.arn)} in ${bucket.region}: ${bucket.settings.join(", ")}`),
      ...bucket.rules.flatMap((rule) => labelled("rule", `${rule.id}: ${rule.description}`)),
      ...(bucket.existingObjects === undefined ? [] : labelled("batch", bucket.existingObjects)),
    ]),
    ...account.keys.flatMap((arn) => labelled("key", shortArn(arn))),
    ...account.roles.flatMap((arn) => labelled("role", shortArn(arn))),
  ];
}

function renderObservations({ evidence, observations }: RehearsalResult): string[] {
  if (evidence === "documented") {
    return [heading("Decided by AWS's pages alone (--evidence documented)"), ""];
  }
  if (observations.length === 0) return [];
  return [
    heading("Observed in the field, where AWS's pages leave it open"),
    ...observations.flatMap((each) => wrap(observationSentence(each), 2)),
    "",
  ];
}

function renderFindings(findings: readonly RuleFinding[]): string[] {
  const [meant, open] = [true, false].map((isMeant) =>
    findings.filter(({ acceptedBy }) => (acceptedBy !== undefined) === isMeant),
  ) as [RuleFinding[], RuleFinding[]];
  return [
    ...(open.length === 0
      ? []
      : [
          colors.red(heading("Rules that take nothing of what is written by default")),
          ...open.flatMap(({ id, reason, mends }) => [
            ...wrap(printable(reason), 2),
            ...wrap(printable(`${capital(mends.join(", or "))}. If it is meant so: --accept '${id}'`), 4),
          ]),
          "",
        ]),
    ...(meant.length === 0
      ? []
      : [
          heading("Meant so"),
          ...meant.flatMap(({ reason, acceptedBy }) =>
            wrap(printable(`${reason} (said by ${acceptedBy})`), 2),
          ),
          "",
        ]),
  ];
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

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
  const titleOf = ({ bucket, key, rule, destination }: ObjectReport) =>
    rule === undefined || destination === undefined
      ? `${bucketNameOf(bucket)}: ${key === "*" ? "all rules" : "no rule"}`
      : `${bucketNameOf(bucket)}: ${ruleTitle(rule)} to ${bucketNameOf(destination)}`;
  return [...grouped(objects, titleOf)]
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

function renderOutcome({ outcome, lost }: ObjectReport): string {
  return lost === undefined ? OUTCOMES[outcome] : colors.red(`✗ ${lost.join(", ").toUpperCase()} LOST`);
}

/** Why objects that are not replicated are not, each reason once. */
function renderReasons(objects: readonly ObjectReport[]): string[] {
  const reasons = grouped(
    objects.filter(({ outcome, lost }) => outcome !== "COMPLETED" || lost !== undefined),
    ({ key, failureReason, reason }) =>
      [failureReason, reason]
        .filter((word) => word !== undefined)
        .join(": ")
        .replaceAll(`/${key}`, "/*"),
  );
  if (reasons.size === 0) return [];
  return [
    heading("Why"),
    ...[...reasons].flatMap(([text, of]) =>
      wrap(printable(`${of.map(nameWithTags).join(", ")}: ${text}`), 2),
    ),
    "",
  ];
}

/** An object as it can be put to try it out. */
function nameWithTags({ key, tags }: ObjectReport): string {
  const pairs = Object.entries(tags ?? {}).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? key : `${key} (${pairs.join(", ")})`;
}

/** What to do, each piece ready to paste. */
function renderAdvice(advice: readonly Advice[]): string[] {
  return advice.flatMap((each, index) => [
    ...(index === 0 ? [heading("What mends it")] : []),
    ...wrap(printable(`${index + 1}. ${each.reason}`), 2),
    ...renderCode(each),
    ...[...renderChange(each), ...[each.command ?? []].flat().map(printable)].flatMap((text) =>
      indented(text, 5),
    ),
    "",
  ]);
}

/** Where it is to be done in the user's code, and how that is written there. */
function renderCode({ place, code }: Advice): string[] {
  if (place === undefined) return [];
  const { address, file, line } = place;
  const where = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
  const lines = code === undefined ? [] : code.text.split("\n").map(printable);
  return [...wrap(printable(`at ${address}${where}`), 5), ...lines.flatMap((text) => indented(text, 5))];
}

function renderChange({ where, resource, statement, change }: Advice): string[] {
  if (statement !== undefined) {
    return [printable(`add to the ${where} of ${resource}:`), ...jsonLines(statement)];
  }
  if (change === undefined) return [];
  const place = placeWithin(change.path, resource);
  if (change.value === undefined) return [printable(`take ${place} out of ${resource}`)];
  const what = printable(`set ${place} of ${resource} to`);
  const value = jsonLines(change.value);
  return typeof change.value === "object" ? [`${what}:`, ...value] : [`${what} ${value.join("")}`];
}

function jsonLines(value: unknown): string[] {
  return JSON.stringify(value, undefined, 2).split("\n").map(printable);
}

function renderGrants(title: string, grants: readonly UnusedGrant[]): string[] {
  if (grants.length === 0) return [];
  return [
    heading(title),
    ...grants.flatMap(({ where, resource, statement, grant, principal, reason }) =>
      wrap(
        printable(
          `${where === "role policy" ? statement.policy : where} of ${shortArn(resource)}, ${statement.sid ?? `statement ${statement.index}`}: ${grant}${principal === undefined ? "" : ` to ${principal}`}: ${reason}`,
        ),
        2,
      ),
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
  return [...grouped(permissions, ({ resource }) => resource)]
    .map(([resource, members]) =>
      [
        ...wrap(`${printable(shortArn(resource))}:`, 2),
        columns(
          members.map(({ action, decision, statements, missingIn }) => [
            DECISIONS[decision],
            action,
            // The heading says which bucket or key it is.
            [
              ...missingIn.map((where) => colors.bold(`${standing({ decision, statements })} the ${where}`)),
              ...statements.map(printable),
            ]
              .map((line) => line.replace(/\b(source|destination) (?=bucket|key)/, ""))
              .join("\n"),
          ]),
          [2, 36, 41],
        ),
      ].join("\n"),
    )
    .join("\n");
}

const NOTHING_TO_PROVE = "no bucket has a replication configuration, so there is nothing to prove";

export function renderVerdict({ verdict, objects, findings }: RehearsalResult): string[] {
  const count = (outcome: ObjectReport["outcome"]) =>
    objects.filter((object) => object.outcome === outcome).length;
  const lossy = objects.filter(({ lost }) => lost !== undefined);
  const lost = unique(lossy.flatMap((object) => object.lost ?? [])).join(" or ");
  const isOpen = ({ outcome, reason }: ObjectReport) =>
    outcome !== "NOT_REPLICATED" && reason !== EVERY_RULE_IS_OFF;
  const isOff = verdict === "unproven" && objects.length > 0 && !objects.some(isOpen);
  const idle = findings.filter(({ acceptedBy }) => acceptedBy === undefined).length;
  const counts = [
    [idle, idle === 1 ? "rule takes nothing" : "rules take nothing"],
    [count("COMPLETED") - lossy.length, "replicated"],
    [lossy.length, `replicated without ${lost}`],
    [count("NOT_REPLICATED"), "left alone, as the rules say"],
    [count("FAILED"), "failed"],
    [count("UNPROVEN"), "unproven"],
  ]
    .filter(([n]) => n !== 0)
    .map(([n, what]) => `${n} ${what}`)
    .join(", ");
  const said = counts === "" ? NOTHING_TO_PROVE : isOff ? EVERY_RULE_IS_OFF : counts;
  const colour = { proven: colors.green, broken: colors.red, unproven: colors.yellow }[verdict];
  const [first = "", ...rest] = wrap(`Verdict: ${verdict} (${said})`, 0);
  return [first.replace(verdict, colour(colors.bold(verdict))), ...rest];
}

/** What tells one resource from another in a narrow column. */
function shortArn(text: string): string {
  const arn = parseArn(text);
  if (arn === undefined) return text;
  return arn.service === "kms" ? `${arn.resource} ${arn.region}` : arn.resource;
}
