/** The Markdown files of the repository as the docs tests read them: headings, links, code and generated parts. */
import { deepStrictEqual } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";
import { UPDATES } from "../../support/writtenFiles";

export const ROOT = join(__dirname, "..", "..", "..");

/** Folders that hold no pages of this repository. */
const WITHOUT_PAGES = new Set(["node_modules", "bin", "coverage", "src", "test", "sdks", "venv"]);

export interface Code {
  /** What stands behind the opening fence, such as `sh`; empty for code within a line. */
  readonly language: string;
  readonly text: string;
}

export interface Page {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly source: string;
  /** Anchors of the headings, as GitHub makes them. */
  readonly anchors: readonly string[];
  readonly links: readonly string[];
  /** Blocks of code, in their order. */
  readonly blocks: readonly Code[];
  /** Code within lines. */
  readonly spans: readonly string[];
}

/** Every page of the repository. */
export function pages(): Page[] {
  return filesIn(ROOT)
    .map((file) => relative(ROOT, file))
    .sort()
    .map(page);
}

export function page(path: string): Page {
  const source = readFileSync(join(ROOT, path), "utf8");
  const tokens = new MarkdownIt({ html: true }).parse(source, {});
  const inline = tokens.flatMap((token) => token.children ?? []);
  const slugger = new GithubSlugger();
  const anchors = tokens.flatMap((token, index) => {
    if (token.type !== "heading_open") return [];
    const text = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
    return [slugger.slug(text)];
  });
  const links = inline.flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? []);
  const blocks = tokens
    .filter(({ type }) => type === "fence" || type === "code_block")
    .map(({ info, content }) => ({ language: info.trim(), text: content }));
  const spans = inline.filter(({ type }) => type === "code_inline").map(({ content }) => content);
  return { path, source, anchors, links, blocks, spans };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return entry.name.endsWith(".md") ? [path] : [];
    const isSkipped =
      WITHOUT_PAGES.has(entry.name) || (entry.name.startsWith(".") && entry.name !== ".github");
    return entry.isDirectory() && !isSkipped ? filesIn(path) : [];
  });
}

/**
 * Asserts that the part of a page between its two marks is the given text, which is made from the code.
 * With UPDATE_SCHEMAS=1 the part is written anew.
 */
export function assertGenerated(path: string, part: string, text: string): void {
  const begin = `<!-- ${part}: written by UPDATE_SCHEMAS=1 npx mocha test/docs/*.test.ts -->\n`;
  const end = `<!-- /${part} -->`;
  const { source } = page(path);
  const from = source.indexOf(begin);
  const to = source.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} must hold the lines '${begin.trim()}' and '${end}'`);
  const current = `\n${text.trim()}\n\n`;
  if (UPDATES) {
    writeFileSync(join(ROOT, path), `${source.slice(0, from + begin.length)}${current}${source.slice(to)}`);
  }
  const { source: written } = page(path);
  deepStrictEqual(written.slice(written.indexOf(begin) + begin.length, written.indexOf(end)), current);
}

/** Text as a page shows it: angle brackets are no HTML. */
export function plain(text: string): string {
  return text.replaceAll("<", "&lt;");
}

/** A table; cells may hold line breaks and bars, which are written so that they stay in their cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("\n", " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
