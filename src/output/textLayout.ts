/** Text for people: fits 80 columns, but for what is there to be copied; coloured on a terminal only. */
import cliui from "cliui";
import { createColors } from "picocolors";
import wrapAnsi from "wrap-ansi";

const WIDTH = 80;

/** On a terminal only: in a pipeline's log colours are noise. */
export const colors = createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);

export const heading = (text: string) => colors.bold(text);

/** Rows in columns without lines, two spaces from the left. A cell that is too wide is wrapped. */
export function columns(rows: readonly string[][], widths: readonly number[]): string {
  const layout = cliui({ width: WIDTH, wrap: true });
  for (const row of rows) {
    const cells = row.map((text, column) => ({ text, width: widths[column], padding: [0, 1, 0, 0] }));
    layout.div({ text: "", width: 2, padding: [0, 0, 0, 0] }, ...cells);
  }
  return layout.toString();
}

/** What is there to be copied, in its own lines. */
export function indented(text: string, indent: number): string[] {
  return text.split("\n").map((line) => `${" ".repeat(indent)}${line}`);
}

/** Lines of at most 80 columns; a word that is longer than a line is broken. */
export function wrap(text: string, indent: number): string[] {
  return indented(wrapAnsi(text, WIDTH - indent, { hard: true }), indent);
}
