/** The style sheet of the page, for screen and paper. What a colour says, a sign or a dash pattern says too. */
import { Markup } from "./markup";

/** Greens, reds and ambers that stay apart for who cannot tell red from green: they differ in lightness and blue. */
const LIGHT = `
  --paper: #ffffff; --surface: #f6f7f9; --raised: #ffffff; --ink: #1c2430; --soft: #5a6675; --line: #d5dae1;
  --proven: #00705a; --broken: #b3261e; --unproven: #8a5a00; --idle: #5f6a77;
  --proven-tint: #e3f4ef; --broken-tint: #fdeae7; --unproven-tint: #fff3d6; --idle-tint: #eef0f3;
  --link: #1f5fbf;`;

const DARK = `
  --paper: #12161c; --surface: #1a2029; --raised: #222a35; --ink: #e6eaf0; --soft: #a0abb8; --line: #36404d;
  --proven: #4cc9a6; --broken: #ff8a7a; --unproven: #f0b94a; --idle: #93a0ae;
  --proven-tint: #14342c; --broken-tint: #43211d; --unproven-tint: #3d2f10; --idle-tint: #262e39;
  --link: #8ab8ff;`;

const PAGE = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
section { margin-top: 3rem; }
h1 { margin: 0; font-size: 2.25rem; line-height: 1.2; font-weight: 650; }
h2 { margin: 0 0 1rem; font-size: 1.3rem; line-height: 1.3; font-weight: 650; }
h3 { margin: 1.75rem 0 .5rem; font-size: .95rem; font-weight: 600; }
p { margin: .5rem 0; }
ul, ol { margin: .5rem 0; padding-left: 1.4rem; }
a { color: var(--link); text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
/* Names in other scripts keep to themselves. */
code { font-size: .87em; unicode-bidi: isolate; }
.note { color: var(--soft); font-weight: 400; }
.what { color: var(--soft); margin: 0 0 .35rem; font-size: .87rem; }
.proven { --status: var(--proven); --tint: var(--proven-tint); }
.broken { --status: var(--broken); --tint: var(--broken-tint); }
.unproven { --status: var(--unproven); --tint: var(--unproven-tint); }
.idle { --status: var(--idle); --tint: var(--idle-tint); }
.badge { color: var(--status); background: var(--tint); border-radius: 99px; padding: .1rem .6rem; font-size: .87rem; font-weight: 600; white-space: nowrap; }
.sign { font-weight: 700; }
.fact { margin: 0 0 .2rem; padding-left: 1.1em; text-indent: -1.1em; }
.verdict { border-left: 6px solid var(--status); background: var(--tint); border-radius: 8px; padding: 1.4rem 1.6rem; }
.verdict h1 { color: var(--status); }
.counts { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; list-style: none; padding: 0; margin: .9rem 0 0; }
.counts .badge { background: var(--paper); }
`;

const TABLES = `
table { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: .93rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
th[scope=rowgroup] { color: var(--ink); font-size: .93rem; padding-top: 1.5rem; }
tbody:first-of-type th[scope=rowgroup] { padding-top: .9rem; }
#drawing th:nth-child(1) { width: 5rem; }
#drawing th:nth-child(2), #drawing th:nth-child(3) { width: 21%; }
#objects th:nth-child(1), #objects th:nth-child(2) { width: 20%; }
#objects th:nth-child(3) { width: 8.5rem; }
#objects th:nth-child(5) { width: 21%; }
#missing th:nth-child(1) { width: 8.5rem; }
#missing th:nth-child(2), #missing th:nth-child(3) { width: 25%; }
#permissions th:nth-child(1) { width: 8.5rem; }
#permissions th:nth-child(2) { width: 32%; }
#permissions th:nth-child(4) { width: 8rem; }
tr:target td { background: var(--unproven-tint); }
details { border: 1px solid var(--line); border-radius: 8px; margin: .6rem 0; padding: 0 1rem; }
details[open] { padding-bottom: .6rem; }
details.many > .rule { border: 0; border-top: 1px solid var(--line); border-radius: 0; margin: 0; padding: 0; }
summary { padding: .6rem 0; cursor: pointer; }
summary .badge { margin-right: .5rem; padding: .1rem .45rem; }
details tbody tr:last-child td { border-bottom: 0; }
.advice > li { margin: 0 0 2rem; padding-left: .3rem; }
pre { margin: 0 0 1rem; padding: .8rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; font-size: .83rem; line-height: 1.5; overflow-x: auto; }
p.what { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
button { font: inherit; font-size: .8rem; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 5px; padding: .1rem .6rem; cursor: pointer; white-space: nowrap; }
.search { display: block; margin: 0 0 1rem; color: var(--soft); }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 5px; padding: .2rem .5rem; }
.pages { font-size: .9rem; }
@media (max-width: 44rem) {
  main { padding: 1.25rem 1rem 3rem; }
  thead { display: none; }
  table, tbody, tr, td, th[scope=rowgroup] { display: block; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td, th[scope=rowgroup] { border: 0; padding: .12rem 0; }
  th[scope=rowgroup] { min-width: 100%; }
  /* The label is beside the text, and the cell is as high as the higher one of both. */
  td { display: flow-root; padding-left: 6.8rem; }
  td::before { content: attr(data-label); float: left; width: 6.3rem; margin-left: -6.8rem; color: var(--soft); font-size: .82rem; }
  td:empty { display: none; }
}
`;

const DRAWING = `
.drawing { overflow-x: auto; }
.drawing svg { display: block; width: 100%; min-width: 58rem; height: auto; }
svg text { fill: var(--ink); font-size: 12px; }
svg .account > rect { fill: var(--surface); stroke: var(--line); }
svg .account-title { font-size: 13px; font-weight: 650; }
svg .place > rect { fill: var(--raised); stroke: var(--line); stroke-width: 1.2; }
svg .place.broken > rect, svg .place.unproven > rect { stroke: var(--status); stroke-width: 2; }
svg text.kind { fill: var(--soft); font-size: 11px; }
svg text.name { font: 600 11.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; unicode-bidi: isolate; }
svg text.note { fill: var(--soft); font-size: 11.5px; }
svg text.problem { fill: var(--status); font-size: 11.5px; font-weight: 650; }
.flow { text-decoration: none; }
.flow .line { fill: none; stroke: var(--status); stroke-width: 2; }
.flow.broken .line { stroke-dasharray: 8 4; stroke-width: 2.4; }
.flow.unproven .line { stroke-dasharray: 2 4; stroke-width: 2.6; }
.flow.idle .line { stroke-width: 1; }
.flow .reach { fill: none; stroke: transparent; stroke-width: 14; }
.flow .head { fill: var(--status); }
.flow text { fill: var(--status); font-weight: 600; font-size: 11.5px; }
.flow .number { fill: var(--soft); font-weight: 400; font-size: 10px; }
a.flow:hover .line, .flow:focus-visible .line { stroke-width: 4; }
.flow:focus-visible text, a.flow:hover text { text-decoration: underline; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; list-style: none; padding: 0; margin: .9rem 0 0; color: var(--soft); font-size: .87rem; }
.sample { vertical-align: middle; }
`;

const PRINT = `
@page { size: landscape; margin: 12mm; }
@media print {
  :root {${LIGHT}
  }
  html { font-size: 13px; }
  body { font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  section { margin-top: 1.6rem; }
  .verdict, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  button, .search { display: none; }
  h2, h3, summary, .what, .advice p { break-after: avoid; }
  tr, pre, .drawing svg { break-inside: avoid; }
  .advice > li { margin-bottom: 1rem; }
  .drawing { overflow: visible; }
  .drawing svg { min-width: 0; max-height: 175mm; }
  pre { white-space: pre-wrap; }
  details { border: 0; padding: 0; }
  summary { list-style: none; }
}
`;

export const STYLES = new Markup(`
:root { color-scheme: light dark;${LIGHT}
}
@media (prefers-color-scheme: dark) {
  :root {${DARK}
  }
}
${PAGE}${TABLES}${DRAWING}${PRINT}`);
