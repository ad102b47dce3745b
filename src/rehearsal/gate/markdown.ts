/** A result as Markdown for the comment of a pull request. */
import { observationSentence } from "../../replication/evidence";
import { count, numeral } from "../../output/counts";
import { grouped } from "../../util/grouping";
import type { RehearsalResult } from "../report/text";
import { renderMermaid } from "./mermaid";
import type { Level, Problem } from "./problems";

/** GitHub takes 65,536 characters in a comment; some are left for what a pipeline adds. */
const LONGEST = 65_000;

/** Items of a list, so that there is room for what comes after it. */
const MOST_PROBLEMS = 40;
/** Each of them may have a statement in two languages. */
const MOST_MENDS = 10;

const TITLES: Readonly<Record<Level, string>> = {
  broken: "Broken",
  unproven: "Unproven",
  unwatched: "Unwatched",
  unused: "Granted, and not needed",
  note: "Take care",
};

export const SIGNS = { proven: "✅", broken: "❌", unproven: "❔" } as const;

/** @param known Problems that were there before; the others are told first. */
export function renderMarkdown(
  result: RehearsalResult,
  fresh: readonly Problem[],
  known: readonly Problem[] = [],
): string {
  return markdownOf({
    heading: `${SIGNS[result.verdict]} S3 replication: ${result.verdict}`,
    summary: summaryOf(result, fresh, known),
    drawing: renderMermaid(result),
    fresh,
    known,
    lists: {
      "Not read": result.unread,
      "Observed in the field, where AWS's pages leave it open": result.observations.map(observationSentence),
      "Assumed, as no page of AWS says it": result.assumptions,
    },
  });
}

export interface MarkdownParts {
  readonly heading: string;
  readonly summary: string;
  /** In the language of Mermaid. */
  readonly drawing: string;
  readonly fresh: readonly Problem[];
  readonly known: readonly Problem[];
  /** Sentences by their title. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** A comment that is never longer than GitHub takes. */
export function markdownOf({ heading, summary, drawing, fresh, known, lists }: MarkdownParts): string {
  const sections = [
    `## ${heading}\n\n${summary}`,
    ...sectionsOf(fresh.filter(isWrong), false),
    ...mendsOf(fresh),
    ...sectionsOf(
      fresh.filter((problem) => !isWrong(problem)),
      false,
    ),
    `<details><summary>Drawing</summary>\n\n\`\`\`mermaid\n${drawing}\n\`\`\`\n\n</details>`,
    ...(known.length === 0 ? [] : [folded("There before", sectionsOf(known, true).join("\n\n"))]),
    ...Object.entries(lists).flatMap(([title, sentences]) => foldedList(title, sentences)),
  ];
  return shortened(sections);
}

const isWrong = ({ level }: Problem) => level === "broken" || level === "unproven";

function summaryOf(
  { objects }: RehearsalResult,
  fresh: readonly Problem[],
  known: readonly Problem[],
): string {
  const replicated = objects.filter(
    ({ outcome, missing }) => outcome === "COMPLETED" && missing.length === 0,
  ).length;
  const are = objects.length === 1 ? "is" : "are";
  const kinds = `${replicated} of ${count(objects.length, "kind")} of objects ${are} replicated for sure`;
  const broken = fresh.filter(({ level }) => level === "broken").length;
  const open = fresh.filter(({ level }) => level === "unproven").length;
  const [problems, before] =
    known.length === 0 ? ["Problems", ""] : ["New problems", `; ${known.length} were there before`];
  return `${kinds}. ${problems}: ${broken} broken, ${open} unproven${before}.`;
}

function sectionsOf(problems: readonly Problem[], isInner: boolean): string[] {
  return [...grouped(problems, ({ level }) => level)]
    .sort(([one], [other]) => Object.keys(TITLES).indexOf(one) - Object.keys(TITLES).indexOf(other))
    .map(([level, members]) => {
      const items = listed(members.map(itemOf), MOST_PROBLEMS);
      return level === "unused" || level === "note" || isInner
        ? folded(`${TITLES[level]} (${members.length})`, items)
        : `### ${TITLES[level]}\n\n${items}`;
    });
}

function itemOf({ message, place }: Problem): string {
  const where = place === undefined ? "" : `${code(place.address)}${fileOf(place)}: `;
  return `- ${where}${text(message)}`;
}

/** The first of them, and how many are left out. */
function listed(items: readonly string[], most: number): string {
  const left = items.length - most;
  return [
    ...items.slice(0, most),
    ...(left > 0 ? [`- *and ${numeral(left)} more, in the whole report*`] : []),
  ].join("\n");
}

/** What mends the problems, each piece once. */
function mendsOf(problems: readonly Problem[]): string[] {
  const once = new Map(
    problems.flatMap(({ mends }) => mends.map((mend) => [JSON.stringify(mend), mend] as const)),
  );
  return once.size === 0
    ? []
    : [`### What mends it\n\n${listed([...once.values()].map(mendOf), MOST_MENDS)}`];
}

function fileOf({ file, line }: NonNullable<Problem["place"]>): string {
  if (file === undefined) return "";
  return ` (${code(line === undefined ? file : `${file}:${line}`)})`;
}

function mendOf({
  reason,
  where,
  resource,
  statement,
  change,
  command,
  code: own,
}: Problem["mends"][number]): string {
  const blocks = [
    ...(own === undefined ? [] : [fence(own.language, own.text)]),
    ...(statement === undefined
      ? []
      : [
          folded(
            `as JSON, for the ${where} of ${resource}`,
            fence("json", JSON.stringify(statement, undefined, 2)),
          ),
        ]),
    ...(own === undefined && change !== undefined
      ? [fence("json", JSON.stringify({ [change.path]: change.value }, undefined, 2))]
      : []),
    ...(command === undefined ? [] : [fence("sh", command)]),
  ];
  return [`- ${text(reason)}`, ...blocks.map((block) => indented(block, "  "))].join("\n\n");
}

function foldedList(title: string, sentences: readonly string[]): string[] {
  if (sentences.length === 0) return [];
  return [
    folded(`${title} (${sentences.length})`, sentences.map((sentence) => `- ${text(sentence)}`).join("\n")),
  ];
}

function folded(title: string, body: string): string {
  return `<details><summary>${escapedHtml(title)}</summary>\n\n${body}\n\n</details>`;
}

/** Names that others gave must be neither markup nor mention anybody. */
function text(written: string): string {
  return escapedHtml(written.replaceAll(/\s+/g, " "))
    .replaceAll(/[\\`*_{}[\]()#+!|~]/g, (letter) => `\\${letter}`)
    .replaceAll("@", "&#64;");
}

function code(written: string): string {
  return written.includes("`") ? `\`\` ${written.replaceAll("``", "")} \`\`` : `\`${written}\``;
}

/** A fence that is longer than any within. */
function fence(language: string, body: string): string {
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${body}\n${ticks}`;
}

function indented(block: string, by: string): string {
  return block.replaceAll(/^(?=.)/gm, by);
}

function escapedHtml(written: string): string {
  return written.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Whole sections as long as there is room; what is left out is said. */
function shortened(sections: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const section of sections) {
    if (length + section.length + 200 > LONGEST) {
      const cut = kept.length < 2 ? wholeLines(section, LONGEST - length - 200) : "";
      return `${[...kept, ...(cut === "" ? [] : [cut])].join("\n\n")}\n\n*More is in the whole report; this comment is as long as GitHub takes.*\n`;
    }
    kept.push(section);
    length += section.length + 2;
  }
  return `${kept.join("\n\n")}\n`;
}

/** The beginning of a list, up to an item that still fits as a whole. */
function wholeLines(section: string, room: number): string {
  const end = section.lastIndexOf("\n- ", Math.max(0, room));
  return end < 0 ? "" : section.slice(0, end);
}
