/** The drawing for Markdown: buckets, roles and keys in their accounts, and what S3 does between them. */
import { mapOf, type Place, type PlaceMap } from "../report/html/map";
import { labelOf } from "../report/html/drawing";
import { collapse } from "../report/html/collapse";
import { isProblem, SIGNS } from "../report/html/status";
import type { RehearsalResult } from "../report/text";
import { grouped } from "../../util/grouping";

export function renderMermaid(result: RehearsalResult): string {
  return mermaidOf(mapOf(result));
}

/** Lines of a Mermaid flow chart. @see https://mermaid.js.org/syntax/flowchart.html */
export function mermaidOf(map: PlaceMap): string {
  const { places, flows } = collapse(map);
  const names = new Map(places.map(({ id }, index) => [id, `p${index}`]));
  const accounts = grouped(places, ({ accountId }) => accountId);
  return [
    "flowchart LR",
    ...(flows.some(({ from }) => from === undefined) ? ["  s3([S3])"] : []),
    ...[...accounts].flatMap(([accountId, members], index) => [
      `  subgraph a${index}["${label(accountId === "" ? "account unknown" : `account ${accountId}`)}"]`,
      ...members.map((place) => `    ${names.get(place.id)}["${label(titleOf(place))}"]`),
      "  end",
    ]),
    ...flows.map((flow) => {
      const from = flow.from === undefined ? "s3" : names.get(flow.from);
      return `  ${from} -->|"${label(`${SIGNS[flow.status]} ${labelOf(flow)}`)}"| ${names.get(flow.to)}`;
    }),
    ...flows.flatMap(({ status }, index) =>
      isProblem(status) ? [`  linkStyle ${index} stroke:${status === "broken" ? "#c62828" : "#b26a00"}`] : [],
    ),
  ].join("\n");
}

function titleOf({ title, status }: Place): string {
  return isProblem(status) ? `${SIGNS[status]} ${title}` : title;
}

/** What would end a label, or be markup in it, is written as its entity. */
function label(text: string): string {
  return text.replace(/[^\w .,:;/✓✗?–-]/g, (letter) => `#${letter.codePointAt(0)};`);
}
