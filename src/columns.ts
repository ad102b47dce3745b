/** Text in columns, without lines around it. */
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** Characters that surely take one place each. */
const NARROW = /^[\x20-\x7e✓✗]*$/;

/**
 * Rows in columns, two spaces from the left. What is longer than its column goes on below.
 * @param widths Of each column, with the space that follows it.
 */
export function columns(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return rows
    .flatMap((row) => {
      const cells = row.map((cell, index) => linesOf(cell, (widths[index] ?? 0) - 1));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, at) =>
        `  ${cells.map((lines, index) => padded(lines[at] ?? "", widths[index] ?? 0)).join("")}`.trimEnd(),
      );
    })
    .join("\n");
}

/** A line in colour that does not fit goes on without it. */
function linesOf(cell: string, room: number): string[] {
  return cell.split("\n").flatMap((line) => {
    if (line.length <= room) return [line];
    const plain = stripVTControlCharacters(line);
    if (plain.length <= room) return [line];
    return plain.match(new RegExp(`.{1,${room}}`, "gs")) ?? [];
  });
}

function padded(line: string, width: number): string {
  return line + " ".repeat(Math.max(0, width - widthOf(line)));
}

/** Places that a text takes on a terminal. */
function widthOf(line: string): number {
  if (NARROW.test(line)) return line.length;
  const plain = stripVTControlCharacters(line);
  return NARROW.test(plain) ? plain.length : stringWidth(plain);
}
