/** Headings, tables and rows, of which every section of the page is made. */
import { type Markup, markup, type Part } from "./markup";

export interface Row {
  /** What links lead to. Ours, never from input. */
  readonly id?: string;
  readonly cells: readonly Part[];
}

/** Rows under a heading of their own. */
export interface RowGroup {
  readonly heading?: Part;
  readonly rows: readonly Row[];
}

/** On a narrow screen each row is a card, and each cell says what it is. */
export function table(headings: readonly string[], rows: readonly Row[]): Markup {
  return groupedTable(headings, [{ rows }]);
}

export function groupedTable(headings: readonly string[], groups: readonly RowGroup[]): Markup {
  return markup`<table><thead><tr>${headings.map((heading) => markup`<th scope="col">${heading}</th>`)}</tr></thead>
${groups.map(
  ({ heading, rows }) => markup`<tbody>
${heading === undefined ? undefined : markup`<tr><th scope="rowgroup" colspan="${headings.length}">${heading}</th></tr>\n`}${rows.map((row) => renderRow(headings, row))}</tbody>
`,
)}</table>`;
}

function renderRow(headings: readonly string[], { id, cells }: Row): Markup {
  return markup`<tr${id === undefined ? undefined : markup` id="${id}"`}>${cells.map(
    (cell, index) => markup`<td data-label="${headings[index]}">${cell}</td>`,
  )}</tr>
`;
}

export function section(id: string, heading: string, ...content: readonly Part[]): Markup {
  return markup`<section id="${id}">
<h2>${heading}</h2>
${content}
</section>
`;
}

export function foldable(summary: Part, content: Part, open: boolean, style?: string): Markup {
  return markup`<details${style === undefined ? undefined : markup` class="${style}"`}${open ? markup` open` : undefined}><summary>${summary}</summary>
${content}
</details>
`;
}

export const list = (items: readonly Part[]): Markup =>
  markup`<ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;

export const note = (text: Part): Markup => markup`<p class="note">${text}</p>`;
