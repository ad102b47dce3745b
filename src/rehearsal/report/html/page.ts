/** A report as one page that needs nothing else: it can be attached to a ticket, printed, and opened years later. */
import type { RehearsalResult } from "../text";
import { accountsSection } from "./accounts";
import { adviceSection, findingsSection, missingSection, refusalsSection } from "./advice";
import { drawingSection } from "./drawingSection";
import { mapOf } from "./map";
import { pageDocument } from "./document";
import { count, numeral } from "../../../output/counts";
import { type Markup, markup } from "./markup";
import { objectsSection, outcomeOf } from "./objects";
import { otherGrantsSection, permissionsSection, unusedGrantsSection } from "./permissions";
import { SCRIPT } from "./script";
import { badge, SIGNS, type Status, statusOfObject } from "./status";
import { STYLES } from "./styles";
import { list, note, section } from "./table";

/** By which an earlier report is told from any other file. */
export const GENERATOR = "s3-replication rehearse";

/** The same for the same report. */
export function renderHtml(result: RehearsalResult): string {
  const sections = [
    verdictSection(result),
    refusalsSection(result.refusals),
    findingsSection(result.findings),
    drawing(result),
    objectsSection(result.objects),
    warningsSection(result.warnings),
    unreadSection(result.unread),
    missingSection(result),
    adviceSection(result),
    permissionsSection(result.permissions),
    unusedGrantsSection(result.unusedGrants),
    otherGrantsSection(result.otherGrants),
    observationsSection(result),
    assumptionsSection(result.assumptions),
    accountsSection(result.accounts),
  ];
  return pageDocument({
    title: `${VERDICTS[result.verdict].word}: S3 replication, rehearsed`,
    generator: GENERATOR,
    styles: STYLES,
    script: SCRIPT,
    sections,
  });
}

// ---- the verdict ------------------------------------------------------------------------------------------------

const VERDICTS = {
  proven: { word: "Proven", sentence: "Every request that S3 makes to replicate these objects is allowed." },
  broken: { word: "Broken", sentence: "S3 would not replicate everything as the rules say." },
  unproven: { word: "Unproven", sentence: "Nothing is known to fail, but not everything could be decided." },
} as const;

function verdictSection(result: RehearsalResult): Markup {
  const { verdict, objects, refusals, findings, advice } = result;
  const idle = findings.filter(({ acceptedBy }) => acceptedBy === undefined).length;
  const { word, sentence } = VERDICTS[verdict];
  const outcomes = new Map<string, { status: Status; n: number }>();
  for (const object of objects) {
    const outcome = outcomeOf(object);
    outcomes.set(outcome, { status: statusOfObject(object), n: (outcomes.get(outcome)?.n ?? 0) + 1 });
  }
  const rules = result.accounts.flatMap(({ buckets }) => buckets.flatMap((bucket) => bucket.rules)).length;
  return markup`<header class="verdict ${verdict}">
<p class="what">S3 replication, rehearsed</p>
<h1><span class="sign">${SIGNS[verdict]}</span> ${word}</h1>
<p>${objects.length === 0 && verdict === "unproven" ? "Nothing was rehearsed: there is no enabled rule, or no object." : sentence}</p>
<ul class="counts">
${[...outcomes].map(
  ([outcome, { status, n }]) => markup`<li>${badge(status, `${numeral(n)} ${outcome}`)}</li>
`,
)}${refusals.length > 0 ? markup`<li>${badge("broken", count(refusals.length, "refusal"))}</li>` : undefined}${idle > 0 ? markup`<li>${badge("broken", `${count(idle, "rule")} for nothing`)}</li>` : undefined}<li>${count(rules, "rule")}</li>
<li>${count(result.accounts.length, "account")}</li>
${advice.length > 0 ? markup`<li><a href="#advice">${count(advice.length, "thing")} to do</a></li>` : undefined}
</ul>
</header>
`;
}

// ---- the drawing ------------------------------------------------------------------------------------------------

function drawing(result: RehearsalResult): Markup {
  const map = mapOf(result);
  if (map.places.length === 0) return section("drawing", "The accounts", note("There is no rule to draw."));
  return drawingSection(map, result.accounts, LEGEND);
}

const LEGEND: Readonly<Record<Status, string>> = {
  proven: "allowed",
  broken: "in the way of replication",
  unproven: "cannot be decided",
  idle: "nothing asked",
};

function warningsSection(warnings: readonly string[]): Markup | undefined {
  return warnings.length === 0 ? undefined : section("warnings", "Take care", list(warnings));
}

function unreadSection(unread: readonly string[]): Markup | undefined {
  return unread.length === 0
    ? undefined
    : section("unread", "Not read, so nothing that depends on it is proven", list(unread));
}

function observationsSection({ evidence, observations }: RehearsalResult): Markup {
  const heading = "Observed in the field, where AWS's pages leave it open";
  if (evidence === "documented") {
    return section(
      "observations",
      heading,
      note("Left aside: AWS's pages alone decide (--evidence documented)."),
    );
  }
  if (observations.length === 0) return section("observations", heading, note("Nothing that decides here."));
  return section(
    "observations",
    heading,
    list(observations.map(({ statement, link }) => markup`${statement}: ${linkTo(link)}`)),
  );
}

function assumptionsSection(assumptions: readonly string[]): Markup {
  return section(
    "assumptions",
    "Assumed, as no page of AWS says it",
    assumptions.length === 0 ? note("Nothing.") : list(assumptions.map(withLinks)),
  );
}

const linkTo = (page: string): Markup => markup`<a href="${page}" rel="noreferrer">${page}</a>`;

/** Pages that a sentence ends with become links. */
function withLinks(sentence: string): Markup {
  const parts = sentence.split(/(https:\/\/[^\s,()]+)/);
  return markup`${parts.map((part, index) => (index % 2 === 1 ? linkTo(part) : part))}`;
}
