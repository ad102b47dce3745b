/** Text for people: fits 80 columns, coloured on a terminal only. */
import { stripVTControlCharacters } from "node:util";
import { createColors } from "picocolors";
import stringWidth from "string-width";

const WIDTH = 80;

/** On a terminal only: in a pipeline's log colours are noise. */
export const colors = createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);

export const heading = (text: string) => colors.bold(text);

/** Rows in columns without lines, two spaces from the left. A cell is coloured as a whole or not at all. */
export function columns(rows: readonly string[][], widths: readonly number[]): string {
  return rows
    .flatMap((row) => {
      const cells = row.map((cell, column) => cellLines(cell, widths[column] ?? WIDTH));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, line) =>
        cells.map((lines, column) => lines[line] ?? " ".repeat(widths[column] ?? 0)).join(""),
      );
    })
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}

/** As wide as the column, one space to the next one included; what is longer is broken wherever its words end. */
function cellLines(cell: string, width: number): string[] {
  return cell.split("\n").flatMap((line) => {
    const left = width - stringWidth(line);
    if (left > 0) return [`${line}${" ".repeat(left)}`];
    const plain = stripVTControlCharacters(line);
    return pieces(plain, width - 1).map((piece) => line.replace(plain, () => piece.padEnd(width)));
  });
}

/** A text in pieces of as many characters. */
function pieces(text: string, length: number): string[] {
  return text.match(new RegExp(`.{1,${length}}`, "gsu")) ?? [""];
}

export function indented(text: string, indent: number): string[] {
  return text.split("\n").map((line) => `${" ".repeat(indent)}${line}`);
}

/** Lines of at most 80 columns; a word that is longer than a line is broken. */
export function wrap(text: string, indent: number): string[] {
  const room = WIDTH - indent;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, room))) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => `${" ".repeat(indent)}${each}`);
}
