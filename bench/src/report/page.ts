/** Puts the table into docs/benchmarks.md, between two marks, and the plot beside it. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");
const PAGE_FILE = "docs/benchmarks.md";
const PLOT_FILE = "docs/bench.svg";
const BEGIN = "<!-- bench: written by npm run bench -- --page -->";
const END = "<!-- /bench -->";

export function writePage(table: string, plot: string, when: string): void {
  const file = join(ROOT, PAGE_FILE);
  const page = readFileSync(file, "utf8");
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE_FILE} must hold the lines '${BEGIN}' and '${END}'`);
  const block = [
    BEGIN,
    `Measured on ${when}.`,
    "",
    table,
    "",
    `![Time and memory against size](${basename(PLOT_FILE)})`,
    "",
  ];
  writeFileSync(file, page.slice(0, begin) + block.join("\n") + page.slice(end));
  writeFileSync(join(ROOT, PLOT_FILE), plot);
}
