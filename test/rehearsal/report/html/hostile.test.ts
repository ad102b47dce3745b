import assert from "node:assert/strict";
import * as fc from "fast-check";
import { renderHtml } from "../../../../src/rehearsal/report/html/page";
import type { RehearsalResult } from "../../../../src/rehearsal/report/text";
import { Page, PAIR, resultOf } from "./results.test";

/** Names that want to be more than names. A bucket, a key or a tag can be called any of these in a snapshot file. */
export const HOSTILE = {
  script: `<script>document.title = "owned"</script>`,
  attribute: `" onmouseover="document.title='owned'" x='`,
  image: `"><img src=x onerror="document.title='owned'">`,
  closing: `</title></style></script></pre></code></svg></td></table><h1>owned</h1>`,
  comment: `--><!-- ]]> <![CDATA[`,
  entity: `&lt;script&gt; &amp; &#x3c;`,
  template: "${7*7} {{7*7}} `",
  css: `*{background:url(http://example.com/)}`,
  control: "a\u0000b\u0007c\u001b[31md\re\nf\tg\u007fh\u009b",
  turning: "a\u202egpj.exe\u2066\u200b\u2028b\u00ad\ufeff",
  halves: "a\ud800b\udc00c\uffff",
  long: "k".repeat(1024),
  wide: "字".repeat(300),
} as const;

/** Words that only we write and that the page goes by, and names that a pair has already given. */
const OURS = new Set(
  ["verdict", "outcome", "decision", "why", "where", "effect", "action", "missingIn", "accountId"].concat([
    "bucket",
    "destination",
    "rule",
    "key",
    "arn",
    "id",
    "resource",
  ]),
);

/** A result whose every text has something added to it, by its pair of buckets or afterwards. */
export function spoilt(hostile: string): RehearsalResult {
  const pair = { ...PAIR, from: `data${hostile}`, to: `copy${hostile}` };
  return withAdded(resultOf([pair], "denied"), hostile, "");
}

function withAdded<T>(value: T, hostile: string, name: string): T {
  if (typeof value === "string") return (OURS.has(name) ? value : `${value}${hostile}`) as T;
  if (Array.isArray(value)) return (value as unknown[]).map((each) => withAdded(each, hostile, name)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>).map(
    ([key, each]) => [key, withAdded(each, hostile, key)] as const,
  );
  return Object.fromEntries(entries) as T;
}

/** The elements of a page, without lines of text in the drawing: a long name has more of them. */
const skeletonOf = (html: string) =>
  new Page(html).elements.filter(({ tag }) => tag !== "text").map(({ tag }) => tag);

const SAFE = /^(#[a-z]+(-\d+)?|https:\/\/docs\.aws\.amazon\.com\/.*)$/;

const harmless = renderHtml(resultOf([PAIR], "denied"));

function check(hostile: string): void {
  const html = renderHtml(spoilt(hostile));
  const page = new Page(html);
  assert.deepEqual(skeletonOf(html), skeletonOf(harmless));
  assert.doesNotMatch(html, /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/u);
  const own = new Page(harmless);
  for (const tag of ["script", "style"]) assert.deepEqual(page.texts(tag), own.texts(tag));
  for (const { attributes } of page.elements) {
    for (const [name, value] of attributes) {
      assert.doesNotMatch(name, /^(on|style$|src)/);
      if (name === "href") assert.match(value, SAFE);
      if (name === "id" || name === "class") assert.match(value, /^[a-z -]+\d*$/);
    }
  }
}

describe("names on a page that want to be more than names", () => {
  for (const [what, hostile] of Object.entries(HOSTILE)) {
    it(`stay inert: ${what}`, () => check(hostile));
  }

  it("stay inert, whatever they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (hostile) => check(hostile)),
      { numRuns: 60 },
    );
  });

  it("are shown with escapes that a reader can tell apart", () => {
    const page = new Page(renderHtml(spoilt(HOSTILE.turning)));
    assert.match(page.texts("section").join(""), /dataa\\u202egpj\.exe\\u2066\\u200b\\u2028b\\u00ad\\ufeff/);
  });

  it("are what they were in a statement that is copied", () => {
    for (const hostile of Object.values(HOSTILE)) {
      const [statement = ""] = new Page(renderHtml(spoilt(hostile))).texts("pre");
      assert.deepEqual(JSON.parse(statement), spoilt(hostile).advice[0]?.statement);
    }
  });

  it("cannot make a second line of a command", () => {
    const commands = new Page(renderHtml(spoilt("\nrm -rf /"))).texts("pre");
    assert.ok(commands.includes("aws s3api put-bucket-policy\\u000arm -rf /"));
  });
});
