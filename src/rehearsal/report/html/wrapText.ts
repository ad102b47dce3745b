/** Breaks text into lines of a width, since SVG does not. */
import { printable } from "../../../output/printable";

/** Letters of East Asian scripts and emoji take the room of two. */
const widthOf = (character: string) => (/[\u1100-\u{1ffff}]/u.test(character) ? 2 : 1);

/**
 * Notes joined with a dot between, in lines of so many letters; names without a blank are broken anywhere.
 * What does not fit ends in an ellipsis.
 */
export function wrapText(notes: readonly string[], width: number, maxLines: number): string[] {
  const lines: string[] = [];
  for (const note of notes.map(printable)) {
    const last = lines.at(-1);
    const extended = `${last} · ${note}`;
    if (last !== undefined && measure(extended) <= width) lines[lines.length - 1] = extended;
    else lines.push(...broken(note, width, maxLines + 1));
  }
  if (lines.length <= maxLines) return lines;
  const cut = lines.slice(0, maxLines);
  return [...cut.slice(0, -1), clip(`${cut.at(-1) ?? ""}…`, width)];
}

/** One line; what does not fit is left out. */
export function clip(text: string, width: number): string {
  const shown = printable(text);
  const [first = "", ...rest] = broken(shown, width, 2);
  return rest.length === 0 ? first : `${broken(shown, width - 1, 2)[0] ?? ""}…`;
}

function broken(text: string, width: number, maxLines: number): string[] {
  const lines = [""];
  let used = 0;
  for (const character of text) {
    const more = widthOf(character);
    if (used + more > width) {
      if (lines.length === maxLines) break;
      lines.push("");
      used = 0;
    }
    lines[lines.length - 1] += character;
    used += more;
  }
  return lines;
}

const measure = (text: string) => [...text].reduce((sum, character) => sum + widthOf(character), 0);
