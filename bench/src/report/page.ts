/** Puts tables into docs/benchmarks.md, each between two marks, and the plot beside it. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");
const PAGE_FILE = "docs/benchmarks.md";
const PLOT_FILE = "docs/bench.svg";
const END = "<!-- /bench -->";

/** A part of the page, by the options that write it. */
const EVERYTHING = "--page";
const PREVIEWS = "--previews --page";

export function writePage(table: string, plot: string, when: string): void {
  writePart(EVERYTHING, table, when, `![Time and memory against size](${basename(PLOT_FILE)})`);
  writeFileSync(join(ROOT, PLOT_FILE), plot);
}

export function writePreviews(table: string, when: string): void {
  writePart(PREVIEWS, table, when);
}

function writePart(options: string, table: string, when: string, ...more: readonly string[]): void {
  const file = join(ROOT, PAGE_FILE);
  const page = readFileSync(file, "utf8");
  const beginning = `<!-- bench: written by npm run bench -- ${options} -->`;
  const begin = page.indexOf(beginning);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < begin)
    throw new Error(`${PAGE_FILE} must hold the lines '${beginning}' and '${END}'`);
  const block = [`${beginning}\nMeasured on ${when}.`, table, ...more, ""].join("\n\n");
  writeFileSync(file, page.slice(0, begin) + block.trimEnd() + "\n" + page.slice(end));
}
