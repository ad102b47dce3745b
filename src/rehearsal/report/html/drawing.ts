/** The drawing: an SVG whose arrows lead to the rows of the table below it. */
import type { AccountReport } from "../accounts";
import { collapse } from "./collapse";
import { grouped } from "../../../util/grouping";
import { layOut, type PlacedAccount, type PlacedFlow, type PlacedPlace, TEXT } from "./layout";
import type { Flow, PlaceMap } from "./map";
import { count, numeral } from "../../../output/counts";
import { joined, lines, type Markup, markup } from "./markup";
import { badness, isProblem, SIGNS, type Status } from "./status";
import { clip } from "./wrapText";

/** An arrow with the number that it has in the drawing and in the table. */
export interface NumberedFlow {
  readonly number: number;
  readonly flow: Flow;
  readonly from: string;
  readonly to: string;
}

export interface Drawing {
  readonly svg: Markup;
  readonly flows: readonly NumberedFlow[];
}

export function draw(everything: PlaceMap, accounts: readonly AccountReport[]): Drawing {
  const map = collapse(everything);
  const layout = layOut(map);
  const names = new Map(map.places.map((place) => [place.id, place.title]));
  const numbered = layout.flows.map(({ flow }, index) => ({
    number: index + 1,
    flow,
    from: flow.from === undefined ? "S3" : (names.get(flow.from) ?? ""),
    to: names.get(flow.to) ?? "",
  }));
  const { width, height } = layout;
  const svg = markup`<svg viewBox="0 0 ${width} ${Math.ceil(height)}" width="${width}" height="${Math.ceil(height)}" role="group" aria-label="Drawing of the accounts">
${joined(
  [
    ...layout.accounts.map((account) => drawAccount(account, accounts)),
    ...layout.places.map(drawPlace),
    // Problems last, so that they are on top where lines cross.
    ...layout.flows
      .map((placed, index) => ({ placed, number: index + 1 }))
      .sort((one, other) => badness(other.placed.flow.status) - badness(one.placed.flow.status))
      .map(({ placed, number }) => drawFlow(placed, number)),
  ],
  "\n",
)}
</svg>`;
  return { svg, flows: numbered };
}

function drawAccount(
  { accountId, side, x, y, width, height }: PlacedAccount,
  accounts: readonly AccountReport[],
): Markup {
  const title = /^\d+$/.test(accountId)
    ? `Account ${accountId}`
    : accountId === ""
      ? "Account unknown"
      : accountId;
  const resources = accounts.find((account) => account.accountId === accountId)?.resources.length ?? 0;
  const note = [side, ...(resources === 0 ? [] : [`gets ${count(resources, "resource")}`])].join(", ");
  return markup`<g class="account"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/><text class="account-title" x="${x + 16}" y="${y + 22}">${clip(title, 24)}</text><text class="note" x="${x + 16}" y="${y + 39}">${note}</text></g>`;
}

function drawPlace({ place, name, notes, x, y, width, height }: PlacedPlace): Markup {
  const left = x + TEXT.padding;
  const first = y + TEXT.padding + 6;
  const text = [
    ...name.map((line) => ({ line, style: "name" })),
    ...notes.map((line) => ({ line, style: "note" })),
  ].map(
    ({ line, style }, index) =>
      markup`<text class="${style}" x="${left}" y="${first + TEXT.kind - 2 + TEXT.line * index}">${line}</text>`,
  );
  const { kind, status, reasons } = place;
  const problem = isProblem(status) ? drawProblem(status, x + width - TEXT.padding, first) : undefined;
  const title = lines([place.title, ...shortened(reasons)]);
  return markup`<g class="place ${kind} ${isProblem(status) ? status : ""}"><title>${title}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/><text class="kind" x="${left}" y="${first}">${kind}</text>${problem}${text}</g>`;
}

/** A mark on a bucket or key that is in the way by its own settings. */
const drawProblem = (status: Status, x: number, y: number) =>
  markup`<text class="problem ${status}" x="${x}" y="${y}" text-anchor="end">${SIGNS[status]} ${status === "broken" ? "settings" : "unproven"}</text>`;

function drawFlow({ flow, path, tip, label }: PlacedFlow, number: number): Markup {
  const { x, y } = tip;
  const sign = SIGNS[flow.status];
  const title = lines([`${sign} ${labelOf(flow)}`, ...reasonsOf(flow)]);
  return markup`<a class="flow ${flow.status}" href="#arrow-${number}"><title>${title}</title><path class="reach" d="${path}"/><path class="line" d="${path}"/><path class="head" d="M ${x} ${y} l -9 -5 v 10 z"/><text x="${label.x}" y="${label.y}"><tspan class="sign">${sign}</tspan> ${clip(labelOf(flow), LABEL_LETTERS[flow.kind === "replicate" ? "rule" : "request"])} <tspan class="number">${number}</tspan></text></a>`;
}

const LABEL_LETTERS = { rule: 18, request: 20 } as const;

const REQUESTS: Readonly<Record<Exclude<Flow["kind"], "replicate">, string>> = {
  assume: "S3 assumes",
  read: "reads objects",
  decrypt: "uses key",
  write: "writes replicas",
  encrypt: "uses key",
};

/** What an arrow stands for, in few words. */
export function labelOf({ kind, facts }: Flow): string {
  if (kind !== "replicate") return REQUESTS[kind];
  const [only, ...others] = facts;
  if (only !== undefined && others.length === 0) return only.name;
  const problems = facts.filter(({ status }) => isProblem(status)).length;
  return problems === 0 || problems === facts.length
    ? count(facts.length, "rule")
    : `${numeral(problems)} of ${count(facts.length, "rule")}`;
}

/** What an arrow stands for, worst first; of what is told of several, each is told once. */
export function reasonsOf({ facts }: Flow): string[] {
  const worstFirst = [...facts].sort((one, other) => badness(one.status) - badness(other.status));
  const alike = grouped(worstFirst, ({ status, text }) => `${SIGNS[status]} ${text}`);
  return shortened(
    [...alike.values()].map((members) => {
      const [first] = members;
      const names = shortened(counted(members.map(({ name }) => name))).join(", ");
      return first === undefined ? "" : `${SIGNS[first.status]} ${names}: ${first.text}`;
    }),
  );
}

/** Each name once, such as that of a rule which many buckets have. */
function counted(names: readonly string[]): string[] {
  return [...grouped(names, (name) => name)].map(([name, { length }]) =>
    length === 1 ? name : `${name} (${numeral(length)} times)`,
  );
}

const MOST_REASONS = 8;

function shortened(texts: readonly string[]): string[] {
  if (texts.length <= MOST_REASONS) return [...texts];
  const rest = texts.length - MOST_REASONS;
  return [...texts.slice(0, MOST_REASONS), `and ${numeral(rest)} more`];
}
