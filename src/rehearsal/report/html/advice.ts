/** What is missing, each thing once whatever the objects were, and what mends it, ready to be copied. */
import { placeWithin } from "../../advice/pointers";
import type { RuleFinding } from "../../ruleFindings";
import type { Advice, Missing, ObjectReport, Refusal } from "../report";
import { bucketNameOf, withoutObjectKey } from "../../../naming/names";
import type { RehearsalResult } from "../text";
import { grouped, unique } from "../../../util/grouping";
import { count, numeral } from "../../../output/counts";
import { code, joined, json, lines, type Markup, markup, type Part } from "./markup";
import { badge, isProblem, type Status, statusOfObject } from "./status";
import { foldable, list, note, section, table } from "./table";

/** Beyond so many, advice is folded. */
const OPEN_ADVICE = 20;

export function refusalsSection(refusals: readonly Refusal[]): Markup | undefined {
  if (refusals.length === 0) return undefined;
  return section(
    "refusals",
    "AWS refuses this",
    list(refusals.map(({ bucket, message }) => markup`${code(bucketNameOf(bucket))}: ${message}`)),
  );
}

/** Rules that take nothing, and those of which somebody says that they are meant so. */
export function findingsSection(findings: readonly RuleFinding[]): Markup | undefined {
  if (findings.length === 0) return undefined;
  return section(
    "findings",
    "Rules that take nothing of what is written by default",
    table(
      ["Rule", "Why", "What mends it", "Meant so"],
      findings.map(({ id, bucket, rule, reason, mends, acceptedBy }) => ({
        cells: [
          markup`${badge(acceptedBy === undefined ? "broken" : "idle", rule)} ${code(bucketNameOf(bucket))}`,
          reason,
          mends.map((mend) => markup`<p class="fact">${mend}</p>`),
          acceptedBy === undefined
            ? markup`<span class="note">nobody says so (${code(`--accept '${id}'`)})</span>`
            : `says ${acceptedBy}`,
        ],
      })),
    ),
  );
}

export function missingSection({ objects }: RehearsalResult): Markup | undefined {
  const found = objects.flatMap((object) => object.missing.map((missing) => ({ object, missing })));
  if (found.length === 0) return undefined;
  const groups = grouped(found, ({ object, missing }) =>
    JSON.stringify([
      missing.action ?? whyOf(object, missing),
      withoutObjectKey(missing.resource),
      missing.where,
      missing.why,
      missing.keys,
      missing.statements,
    ]),
  );
  return section(
    "missing",
    "What is missing",
    table(
      ["Missing", "What", "On", "Where", "Objects"],
      [...groups.values()].flatMap((members) => {
        const [first] = members;
        if (first === undefined) return [];
        const { missing, object } = first;
        return [
          {
            cells: [
              badge(statusOfMissing(missing), missing.why),
              missing.action === undefined ? whyOf(object, missing) : code(missing.action),
              code(withoutObjectKey(missing.resource)),
              markup`${missing.where}${detailsOf(missing)}`,
              examples(unique(members.map((member) => member.object.key))),
            ],
          },
        ];
      }),
    ),
  );
}

/** What is wrong with a setting. */
function whyOf(object: ObjectReport, missing: Missing): string {
  return missing.reason ?? object.reason;
}

function statusOfMissing({ why }: Missing): Status {
  return why === "undecided" || why === "unread" ? "unproven" : "broken";
}

/** The Deny in the way, or the condition that does not hold. */
function detailsOf({ action, keys, statements }: Missing): Part {
  const places = statements.map(
    ({ policy, sid, index, effect }) => markup`${effect} in ${policy}: ${code(sid ?? `statement ${index}`)}`,
  );
  // Of a setting, the key is the setting's name, which the reason says.
  const conditions = action === undefined ? [] : keys.map((key) => markup`hangs on ${code(key)}`);
  const all = [...places, ...conditions];
  return all.length === 0 ? undefined : markup`<br>${joined(all, "<br>")}`;
}

function examples(keys: readonly string[]): Part {
  const shown = keys.slice(0, 3).map(code);
  const rest = keys.length - shown.length;
  return markup`${joined(shown, ", ")}${rest > 0 ? ` and ${numeral(rest)} more` : undefined}`;
}

export function adviceSection({ advice, objects, refusals }: RehearsalResult): Markup | undefined {
  if (advice.length === 0) {
    return refusals.length > 0 || objects.some((object) => isProblem(statusOfObject(object)))
      ? section(
          "advice",
          "What to do",
          note("Nothing can be advised about what could not be read or decided."),
        )
      : undefined;
  }
  const items = advice.map(
    (each, index) => markup`<li value="${index + 1}" id="advice-${index + 1}">${describe(each)}</li>
`,
  );
  const [first, rest] = [items.slice(0, OPEN_ADVICE), items.slice(OPEN_ADVICE)];
  return section(
    "advice",
    "What to do",
    note(`${count(advice.length, "thing")}, in any order.`),
    markup`<ol class="advice">${first}</ol>
`,
    rest.length === 0
      ? undefined
      : foldable(count(rest.length, "more thing"), markup`<ol class="advice">${rest}</ol>`, false),
  );
}

function describe({ where, resource, statement, change, command, reason }: Advice): Markup {
  return markup`<p><strong>${headingOf({ statement, change }, where)}</strong> ${resource === "" ? undefined : code(resource)}</p>
${note(reason)}
${statement === undefined ? undefined : block("Statement to add", json(statement))}
${change === undefined ? undefined : describeChange(change, resource)}
${command === undefined ? undefined : block("Command", lines([command]))}`;
}

function headingOf(
  { statement, change }: Pick<Advice, "statement" | "change">,
  where: Advice["where"],
): string {
  if (statement !== undefined) return `Add a statement to the ${where} of`;
  return change === undefined ? `Make what the ${where} asks for:` : `Change the ${where} of`;
}

function describeChange({ path, value }: NonNullable<Advice["change"]>, resource: string): Markup {
  const place = code(placeWithin(path, resource));
  return value === undefined ? markup`<p>Remove ${place}</p>` : block(markup`Set ${place} to`, json(value));
}

/** Something to copy. */
const block = (what: Part, content: Markup) => markup`<p class="what"><span>${what}</span></p>
<pre tabindex="0">${content}</pre>`;
