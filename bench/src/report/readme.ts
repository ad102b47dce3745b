/** Puts the table and the plot into README.md, between two marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");
const PLOT_FILE = "docs/bench.svg";
const BEGIN = "<!-- bench: written by npm run bench -- --readme -->";
const END = "<!-- /bench -->";

export function writeReadme(table: string, plot: string, when: string): void {
  const file = join(ROOT, "README.md");
  const readme = readFileSync(file, "utf8");
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md must hold the lines '${BEGIN}' and '${END}'`);
  const block = [
    BEGIN,
    `Measured on ${when}.`,
    "",
    table,
    "",
    `![Time and memory against size](${PLOT_FILE})`,
    "",
  ];
  writeFileSync(file, readme.slice(0, begin) + block.join("\n") + readme.slice(end));
  writeFileSync(join(ROOT, PLOT_FILE), plot);
}
