/** Markup that escapes whatever it is given, unless that is markup itself. */
import escapeHtml from "escape-html";
import { printable } from "../../../output/printable";

export class Markup {
  constructor(readonly text: string) {}
}

export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * Template tag: what is put in is escaped, lists are joined, undefined is left out.
 *
 * @example
 * markup`<b>${"<script>"}</b>`.text; // "<b>&lt;script&gt;</b>"
 */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(
    strings.map((text, index) => text + (index < parts.length ? render(parts[index]) : "")).join(""),
  );
}

export function joined(parts: readonly Part[], separator: string): Markup {
  return new Markup(parts.map(render).join(separator));
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return escapeHtml(printable(part));
  if (typeof part === "number") return String(part);
  return part.map(render).join("");
}

/** A name of AWS or of the user. */
export const code = (text: string) => markup`<code>${text}</code>`;

/** Lines that are broken where they are, each escaped by itself: a line break inside a name does not make a line. */
export const lines = (texts: readonly string[]) => joined(texts, "\n");

export const json = (value: unknown) =>
  lines((JSON.stringify(value, undefined, 2) ?? "undefined").split("\n"));
