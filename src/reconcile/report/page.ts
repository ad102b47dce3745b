/** A reconciliation as one page that needs nothing else: the buckets, a bar for each rule, folders, causes. */
import { size } from "../../output/size";
import { pageDocument } from "../../rehearsal/report/html/document";
import { count, countWithMarkers, numeral } from "../../output/counts";
import { code, type Markup, markup, type Part } from "../../rehearsal/report/html/markup";
import { list, note, type Row, section, table } from "../../rehearsal/report/html/table";
import { MISSING_STATES, STATES, type State } from "../meaning/causes";
import {
  byRule,
  byState,
  type CountReport,
  type DestinationReport,
  type Explanation,
  type ReconcileResult,
} from "../result";
import { PAGE_STYLES } from "./pageStyles";

/** By which an earlier page is told from any other file. */
export const GENERATOR = "s3-replication reconcile";

/** The same for the same result. */
export function renderPage(result: ReconcileResult): string {
  return pageDocument({
    title: `${VERDICTS[result.verdict].word}: ${result.source.bucketName}, reconciled`,
    generator: GENERATOR,
    styles: PAGE_STYLES,
    sections: [
      verdictSection(result),
      section(
        "buckets",
        "Buckets",
        result.destinations.map((each) => pairOf(result, each)),
        legend(),
      ),
      ...result.destinations.flatMap((destination) => [
        rulesSection(destination),
        foldersSection(destination),
      ]),
      causesSection(result),
      mendingSection(result),
      textSection("not-compared", "Not compared", result.notCompared),
      textSection("notes", "Worth knowing", result.notes),
    ],
  });
}

const VERDICTS = {
  complete: {
    word: "Complete",
    style: "proven",
    sentence: "Every version is at its destinations as the rules want it.",
  },
  incomplete: {
    word: "Incomplete",
    style: "broken",
    sentence: "Versions that the rules want at a destination are not there as they should be.",
  },
  undecided: {
    word: "Undecided",
    style: "unproven",
    sentence: "Nothing is known to be missing, and not everything could be told.",
  },
} as const;

const day = (time: string) => time.slice(0, 10);
const minute = (time: string) => `${time.slice(0, 16).replace("T", " ")} UTC`;

function verdictSection({
  verdict,
  source,
  versions,
  bytes,
  engine,
  listedAt,
  prefix,
  held,
}: ReconcileResult): Markup {
  const { word, style, sentence } = VERDICTS[verdict];
  const under = prefix === undefined ? undefined : markup`, of keys that begin with ${code(prefix)}`;
  return markup`<div class="verdict ${style}">
<h1>${word}</h1>
<p>${sentence}</p>
<p>${countWithMarkers(versions)}, ${size(bytes)}${under}, of ${code(source.bucketName)} (account ${source.accountId}, ${source.region}), listed at ${minute(listedAt)}.</p>
<p class="note">Engine ${engine.name}: ${engine.because}.</p>
${held.map(
  ({ status, versions: waiting, bytes: kept }) =>
    markup`<p>${count(waiting, "version")} (${size(kept)}) ${waiting === 1 ? "is" : "are"} ${status}: lifecycle neither expires nor moves ${waiting === 1 ? "it" : "them"}.</p>`,
)}
</div>
`;
}

// ---- bars -------------------------------------------------------------------------------------------------------

/** Units that a bar is wide, and the least of them that a part of it takes: one failed version of a million is seen. */
const BAR_WIDTH = 1000;
const LEAST_WIDTH = 6;

const styleOf = (state: State) => state.replace(" ", "-");

/** Versions by state, side by side. @param whole Versions that the whole width stands for. */
function bar(counts: ReadonlyMap<State, number>, whole: number, style = "bar"): Markup {
  const parts = STATES.map((state) => ({ state, versions: counts.get(state) ?? 0 })).filter(
    ({ versions }) => versions > 0,
  );
  const least = parts.length * LEAST_WIDTH;
  let x = 0;
  const rects = parts.map(({ state, versions }) => {
    const width = LEAST_WIDTH + ((BAR_WIDTH - least) * versions) / Math.max(whole, 1);
    const rect = markup`<rect class="${styleOf(state)}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="20"><title>${numeral(versions)} ${state}</title></rect>`;
    x += width;
    return rect;
  });
  const said = parts.map(({ state, versions }) => `${numeral(versions)} ${state}`).join(", ");
  return markup`<div class="${style}"><svg viewBox="0 0 ${BAR_WIDTH} 20" preserveAspectRatio="none" role="img" aria-label="${said}"><rect class="frame" x="0" y="0" width="${BAR_WIDTH}" height="20"/>${rects}</svg></div>`;
}

function legend(): Markup {
  return markup`<ul class="legend">${STATES.map(
    (state) =>
      markup`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${styleOf(state)}" width="10" height="10"/></svg>${state}</li>`,
  )}</ul>`;
}

const sumOf = (counts: ReadonlyMap<State, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0);

/** The two buckets, and what of the one is in the other. */
function pairOf(
  { source, versions, bytes }: ReconcileResult,
  { bucketName, accountId, region, counts, listedAt }: DestinationReport,
): Markup {
  const states = byState(counts);
  const wanted = MISSING_STATES.reduce((sum, state) => sum + (states.get(state) ?? 0), 0);
  const inPlace = states.get("in place") ?? 0;
  const said =
    wanted + inPlace === 0
      ? "the rules want nothing there"
      : `${numeral(inPlace)} of ${numeral(inPlace + wanted)} that the rules want ${inPlace + wanted === 1 ? "is" : "are"} there (${percent(inPlace, inPlace + wanted)})`;
  return markup`<div class="pair">
<div class="bucket"><b>${code(source.bucketName)}</b>${source.region}, account ${source.accountId}<br>${countWithMarkers(versions)}, ${size(bytes)}</div>
<div class="bar">${bar(states, sumOf(states))}${said}</div>
<div class="bucket"><b>${code(bucketName)}</b>${region}${accountId === undefined ? undefined : `, account ${accountId}`}<br>listed at ${minute(listedAt)}</div>
</div>
`;
}

/** Rounded down: what is not all there is never shown as 100%. */
function percent(part: number, whole: number): string {
  return `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)}%`;
}

function rulesSection({ bucketName, counts }: DestinationReport): Markup | undefined {
  if (counts.length === 0) return undefined;
  const rows = byRule(counts).map(([rule, of]): Row => {
    const states = byState(of);
    return {
      cells: [
        rule === undefined ? note("no rule") : code(rule),
        bar(states, sumOf(states), "bar slim"),
        [...states].map(([state, versions]) => `${numeral(versions)} ${state}`).join(", "),
      ],
    };
  });
  return section(
    `rules-${bucketName}`,
    `Rules to ${bucketName}`,
    table(["rule", "by state", "numbers"], rows),
  );
}

/** Folders that are shown. */
const MOST_FOLDERS = 20;

/** Folders with what is missing in them, most missing first. */
function foldersSection({ bucketName, counts }: DestinationReport): Markup | undefined {
  const folders = new Map<string, { states: Map<State, number>; bytes: number }>();
  for (const { state, prefixes } of counts) {
    if (!MISSING_STATES.includes(state)) continue;
    for (const { prefix, versions, bytes } of prefixes) {
      const folder = folders.get(prefix) ?? { states: new Map<State, number>(), bytes: 0 };
      folder.states.set(state, (folder.states.get(state) ?? 0) + versions);
      folder.bytes += bytes;
      folders.set(prefix, folder);
    }
  }
  if (folders.size === 0) return undefined;
  const shown = [...folders]
    .map(([prefix, { states, bytes }]) => ({ prefix, states, bytes, missing: sumOf(states) }))
    .sort((one, other) => other.missing - one.missing)
    .slice(0, MOST_FOLDERS);
  const most = shown[0]?.missing ?? 1;
  const rows = shown.map(({ prefix, states, bytes, missing }): Row => ({
    cells: [
      prefix === "" ? note("keys without a folder") : code(prefix),
      numeral(missing),
      size(bytes),
      bar(states, most, "bar slim"),
    ],
  }));
  return section(
    `prefixes-${bucketName}`,
    `Where versions are missing in ${bucketName}`,
    table(["folder", "missing", "bytes", "by state"], rows),
  );
}

// ---- causes -----------------------------------------------------------------------------------------------------

function causesSection({ destinations, explanations }: ReconcileResult): Markup {
  const rows = destinations.flatMap(({ bucketName, counts }) =>
    counts.map((each): Row => ({
      cells: [
        each.state,
        numeral(each.versions),
        size(each.bytes),
        days(each),
        causeCell(bucketName, each, explanations),
      ],
    })),
  );
  return section("causes", "Causes", table(["state", "versions", "bytes", "written", "why"], rows));
}

function days({ oldest, newest }: CountReport): Part {
  if (oldest === undefined || newest === undefined) return undefined;
  return day(oldest) === day(newest) ? day(oldest) : markup`${day(oldest)}<br>to ${day(newest)}`;
}

function causeCell(bucketName: string, each: CountReport, explanations: readonly Explanation[]): Markup {
  const { reason, rule, examples, cause, state } = each;
  const explained = explanations.find(
    (other) => other.destination === bucketName && other.cause === cause && other.rule === rule,
  );
  const example = state === "in place" ? undefined : examples[0];
  return markup`<p>${reason}${rule === undefined ? undefined : markup` <span class="note">(rule ${code(rule)}, in ${code(bucketName)})</span>`}</p>
${example === undefined ? undefined : markup`<p class="note">for example ${code(example.key)}, version ${code(example.versionId)}</p>`}
${explained === undefined ? undefined : markup`<p>By the settings of now: ${explained.reason}.</p>${explained.missing.length === 0 ? undefined : list(explained.missing.map((what) => markup`missing: ${code(what)}`))}`}`;
}

function mendingSection({ manifests }: ReconcileResult): Markup | undefined {
  if (manifests.length === 0) return undefined;
  return section(
    "mending",
    "What mends it",
    manifests.map(
      ({ cause, versions, files, next }) => markup`<h3>${numeral(versions)} ${cause}</h3>
${list(files.map(code))}
${next.startsWith("s3-replication ") ? markup`<pre>${next}</pre>` : markup`<p>${next}.</p>`}`,
    ),
  );
}

function textSection(id: string, heading: string, texts: readonly string[]): Markup | undefined {
  return texts.length === 0 ? undefined : section(id, heading, list(texts));
}
