/** What the page of a reconciliation adds to the styles of all reports: bars and their legend. */
import { Markup } from "../../rehearsal/report/html/markup";
import { STYLES } from "../../rehearsal/report/html/styles";

const BARS = `
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(10rem, 2fr) minmax(0, 1fr); gap: 1rem; align-items: center; margin: 0 0 1rem; }
.bucket { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; overflow-wrap: anywhere; }
.bucket b { display: block; }
.bar svg { display: block; width: 100%; height: 1.4rem; }
.bar.slim svg { height: .9rem; }
.pair .bar { text-align: center; color: var(--soft); font-size: .87rem; }
svg .in-place { fill: var(--proven); }
svg .failed { fill: var(--broken); }
svg .pending { fill: var(--unproven); }
svg .never-tried { fill: #7b4fb8; }
svg .gone { fill: #1c2430; }
svg .wrong { fill: #c2569b; }
svg .undecided { fill: #c9a227; }
svg .left-alone { fill: var(--line); }
svg .destination-only { fill: var(--idle); }
svg rect.frame { fill: var(--surface); }
td p:first-child { margin-top: 0; }
td p:last-child { margin-bottom: 0; }
.legend li svg { width: .8rem; height: .8rem; vertical-align: -1px; margin-right: .35rem; }
#causes th:nth-child(1) { width: 9rem; }
#causes th:nth-child(2), #causes th:nth-child(3) { width: 6.5rem; }
#causes th:nth-child(4) { width: 8rem; }
[id^=prefixes] th:nth-child(1) { width: 34%; }
[id^=prefixes] th:nth-child(2) { width: 7rem; }
[id^=prefixes] th:nth-child(3) { width: 7rem; }
@media (prefers-color-scheme: dark) { svg .gone { fill: #e6eaf0; } svg .never-tried { fill: #b693f0; } svg .wrong { fill: #ef8fcb; } }
@media (max-width: 44rem) { .pair { grid-template-columns: 1fr; } }
@media print { .bar svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;

export const PAGE_STYLES = new Markup(`${STYLES.text}${BARS}`);
