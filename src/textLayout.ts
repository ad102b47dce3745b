/** Text for people: fits 80 columns, coloured on a terminal only. */
import Table from "cli-table3";
import { createColors } from "picocolors";

const WIDTH = 80;

/** On a terminal only: in a pipeline's log colours are noise. */
export const colors = createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);

export const heading = (text: string) => colors.bold(text);

/** Rows in columns without lines, two spaces from the left. */
export function columns(rows: readonly string[][], widths: readonly number[]): string {
  const none = Object.fromEntries(
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
      .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"])
      .map((part) => [part, ""]),
  );
  const table = new Table({
    chars: none,
    colWidths: [2, ...widths],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { "padding-left": 0, "padding-right": 1, head: [], border: [] },
  });
  table.push(...rows.map((row) => ["", ...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

export function indented(text: string, indent: number): string[] {
  return text.split("\n").map((line) => `${" ".repeat(indent)}${line}`);
}

/** Lines of at most 80 columns; a word that is longer than a line is broken. */
export function wrap(text: string, indent: number): string[] {
  const room = WIDTH - indent;
  const lines: string[] = [];
  let line = "";
  for (const word of text
    .split(" ")
    .flatMap((each) => each.match(new RegExp(`.{1,${room}}`, "gsu")) ?? [""])) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => `${" ".repeat(indent)}${each}`);
}
