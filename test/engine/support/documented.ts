/** What pages say that commands print. */
import assert from "node:assert/strict";
import { type Code, page } from "../../docs/support/markdown";

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

/** Asserts that the output holds what a page shows in the block with these words, wherever lines are broken. */
export function assertSays(output: string, path: string, words: string): void {
  const blocks = page(path).blocks.filter(({ text }) => text.includes(words));
  assert.equal(blocks.length, 1, `${path} must have one block with '${words}', has ${blocks.length}`);
  const [said = "", shown = ""] = [output, blocks[0]?.text].map((text) =>
    text?.replaceAll(/\s+/g, " ").trim(),
  );
  assert.ok(said.includes(shown), `the output must hold what ${path} shows:\n${shown}\n\nbut is:\n${output}`);
}
