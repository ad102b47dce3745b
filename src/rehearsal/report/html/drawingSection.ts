/** The drawing with its legend, and the table of its arrows below it. */
import type { AccountReport } from "../accounts";
import { draw, type NumberedFlow, reasonsOf } from "./drawing";
import type { PlaceMap } from "./map";
import { type Markup, markup, type Part } from "./markup";
import { badge, SIGNS, type Status } from "./status";
import { section, table } from "./table";

/** @param legend What each status of an arrow means. */
export function drawingSection(
  map: PlaceMap,
  accounts: readonly AccountReport[],
  legend: Readonly<Record<Status, string>>,
): Markup {
  const { svg, flows } = draw(map, accounts);
  return section(
    "drawing",
    "The accounts",
    markup`<div class="drawing" tabindex="0">${svg}</div>
<ul class="legend">${(["proven", "broken", "unproven", "idle"] as const).map(
      (status) =>
        markup`<li><svg class="sample" viewBox="0 0 40 8" width="40" height="8" aria-hidden="true"><g class="flow ${status}"><path class="line" d="M 0 4 H 40"/></g></svg> ${SIGNS[status]} ${legend[status]}</li>`,
    )}</ul>
<h3>The arrows</h3>`,
    table(
      ["Arrow", "From", "To", "Stands for"],
      flows.map((numbered) => ({ id: `arrow-${numbered.number}`, cells: arrowCells(numbered) })),
    ),
  );
}

function arrowCells({ number, flow, from, to }: NumberedFlow): Part[] {
  return [
    badge(flow.status, String(number)),
    from,
    to,
    // The sign stays with its first word.
    reasonsOf(flow).map((reason) => markup`<p class="fact">${reason.replace(" ", "\u00a0")}</p>`),
  ];
}
