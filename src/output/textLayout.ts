/** Text for people: fits 80 columns, but for what is there to be copied; coloured on a terminal only. */
import cliui from "cliui";
import { createColors } from "picocolors";
import wrapAnsi from "wrap-ansi";
import { printable } from "./printable";

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

/** Lines under a heading, with an empty line behind them; nothing where there are none. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines, ""];
}

/** Sentences of others, two spaces from the left. */
export function sentences(texts: readonly string[]): string[] {
  return texts.flatMap((text) => wrap(printable(text), 2));
}

/** A time of ISO 8601 to the minute: seconds mean nothing to who reads it. */
export function minutes(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}

/** Lines of at most 80 columns; a word that is longer than a line is broken. */
export function wrap(text: string, indent: number): string[] {
  const width = WIDTH - indent;
  const wrapped = PLAIN.test(text) ? wrapPlain(text, width) : wrapAnsi(text, width, { hard: true });
  return indented(wrapped, indent);
}

/** Each character is a column, and none is a colour. */
const PLAIN = /^[\n -~]*$/;

/**
 * What wrap-ansi makes of it, which looks at each character by itself: thousands of long names take seconds there. No
 * library stands for it: fast-wrap-ansi gives the same, and is an ES module, which Node.js before 20.19 cannot require.
 */
function wrapPlain(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, width))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  const rows: string[] = [];
  let row = "";
  for (const word of line.split(" ")) {
    // A word that is broken does not begin behind another one where it takes no fewer lines there.
    const gap = row === "" ? 0 : 1;
    const room = width - row.length - gap;
    if (word.length > width) {
      const here = 1 + Math.floor((word.length - room - 1) / width);
      const below = Math.floor((word.length - 1) / width);
      const isBelow = below < here;
      if (isBelow) rows.push(row);
      const kept = isBelow ? "" : row + " ".repeat(gap);
      const parts = piecesOf(word, width, width - kept.length);
      rows.push(...parts.slice(0, -1).map((part, index) => (index === 0 ? kept + part : part)));
      row = parts.length === 1 ? kept + word : (parts.at(-1) ?? "");
    } else if (word !== "" && word.length > room && row !== "") {
      rows.push(row);
      row = word;
    } else if (word !== "" || row !== "") {
      row += " ".repeat(gap) + word;
    }
  }
  return [...rows, row].map((each) => each.replace(/ +$/, "")).join("\n");
}

/** @param first Characters of the first piece; the others are as wide as a line. */
function piecesOf(word: string, width: number, first: number): string[] {
  const pieces = [word.slice(0, first)];
  for (let start = first; start < word.length; start += width) pieces.push(word.slice(start, start + width));
  return pieces;
}
