/** Shell blocks of the pages, as somebody runs them who reads on. */
import assert from "node:assert/strict";
import { type Code, page, type Page } from "../../docs/support/markdown";

/** A first word that tells a command from what commands print. */
const COMMAND = /^\s*(npm|npx|pulumi|tar|cp|git|aws|s3-replication) /;

/** Blocks that a reader copies into a shell, whether or not the fence says so. */
export function shellBlocks({ blocks }: Page): string[] {
  return blocks
    .filter(({ language, text }) => language === "sh" || (language === "" && COMMAND.test(text)))
    .map(({ text }) => text);
}

/** The only shell block of a page that holds these words, without the comments of its lines. */
export function shellBlock(path: string, words: string): string {
  const found = shellBlocks(page(path)).filter((text) => text.includes(words));
  assert.equal(found.length, 1, `${path} must have one shell block with '${words}', has ${found.length}`);
  return found[0] ?? "";
}

/** What a page says that the commands of a block print: the next block, which is text. */
export function sampleAfter(path: string, command: string): string {
  const { blocks } = page(path);
  const at = blocks.findIndex(({ text }) => text === command);
  const sample: Code | undefined = blocks[at + 1];
  assert.ok(
    sample !== undefined && ["", "text"].includes(sample.language),
    `${path}: no sample output follows '${command.trim()}'`,
  );
  return sample.text;
}

/** What differs from run to run. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?/g, "<time>"],
  [/\b\d+(\.\d+)? ?(ms|s|seconds?)\b/g, "<duration>"],
];

function lines(text: string): string {
  return VARYING.reduce((masked, [form, name]) => masked.replaceAll(form, name), text)
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Asserts that the output holds all lines of the sample in their order. A line `...` stands for what is left out. */
export function assertPrinted(output: string, sample: string): void {
  let rest = lines(output);
  for (const part of lines(sample).split(/^\.\.\.\n/m)) {
    const text = part.trim();
    const at = rest.indexOf(text);
    assert.ok(
      at >= 0,
      `the output must hold what the page shows:\n${text}\n\nbut the rest of it is:\n${rest}`,
    );
    rest = rest.slice(at + text.length);
  }
}
