/** A reconciliation as text and as a page: what hostile keys cannot do, and what is seen. */
import { strict as assert } from "node:assert";
import { GENERATOR, renderPage } from "../../../src/reconcile/report/page";
import { type Tally, verdictOf } from "../../../src/reconcile/meaning/tally";
import { renderReconciliation } from "../../../src/reconcile/report/text";
import type { CountReport, ReconcileResult } from "../../../src/reconcile/result";
import { CONTROL, width } from "../../support/cli";
import { RECONCILIATION } from "../../docs/support/samples";

const HOSTILE = `<script>alert(1)</script>"'&\u001b[2J\r\n\u202eabc,=cmd()${"x".repeat(900)}`;

/** Every name of a listing is hostile. */
function hostile(): ReconcileResult {
  const [destination] = RECONCILIATION.destinations;
  const counts = destination!.counts.map((count): CountReport => ({
    ...count,
    rule: HOSTILE,
    prefixes: [{ prefix: `${HOSTILE}/`, versions: count.versions, bytes: count.bytes }],
    examples: [{ key: HOSTILE, versionId: HOSTILE }],
  }));
  return {
    ...RECONCILIATION,
    prefix: HOSTILE,
    destinations: [{ ...destination!, counts }],
    explanations: RECONCILIATION.explanations.map((each) => ({ ...each, rule: HOSTILE, key: HOSTILE })),
    notes: [HOSTILE],
  };
}

describe("reconcile: text", () => {
  it("fits 80 columns, and lets no name of a listing act on the terminal", () => {
    const text = renderReconciliation(hostile());
    assert.equal(CONTROL.exec(text), null);
    const withoutCommands = text.split("\n").filter((line) => !line.includes("s3-replication backfill"));
    assert.ok(width(withoutCommands.join("\n")) <= 80);
    assert.ok(!text.includes("\u202e"));
  });

  it("prints each command of a list in several files in a line of its own", () => {
    const [list] = RECONCILIATION.manifests;
    const next =
      "s3-replication backfill a --manifest 's3://d/1'\n    s3-replication backfill a --manifest 's3://d/2'";
    const text = renderReconciliation({ ...RECONCILIATION, manifests: [{ ...list!, next }] });
    assert.match(
      text,
      /\n {4}s3-replication backfill a --manifest 's3:\/\/d\/1'\n {4}s3-replication backfill a --manifest 's3:\/\/d\/2'\n/,
    );
  });

  it("names the state, the number, and the permission that is missing beside it", () => {
    const text = renderReconciliation(RECONCILIATION);
    assert.match(text, /\n {4}failed {12}4,127 +18\.1 GB {5}2026-06-02 to 2026-11-20\n/);
    assert.match(text, /missing: kms:GenerateDataKey in destination key policy/);
  });
});

describe("reconcile: one version", () => {
  const [destination] = RECONCILIATION.destinations;
  const [inPlace] = destination!.counts;
  const one: ReconcileResult = {
    ...RECONCILIATION,
    versions: 1,
    bytes: 10,
    held: [{ status: "FAILED", versions: 1, bytes: 10 }],
    destinations: [{ ...destination!, counts: [{ ...inPlace!, versions: 1 }] }],
  };

  it("is no plural in the text", () => {
    const text = renderReconciliation(one);
    assert.match(text, /\n {2}1 version or delete marker, 10 B\n/);
    assert.match(text, /\n {2}1 version \(10 B\) is FAILED: lifecycle neither expires nor moves it\n/);
  });

  it("is no plural on the page", () => {
    const page = renderPage(one);
    assert.match(page, /<p>1 version or delete marker, 10 B, of /);
    assert.match(page, /<br>1 version or delete marker, 10 B</);
    assert.match(page, />1 of 1 that the rules want is there \(100\.0%\)</);
    assert.match(page, /<p>1 version \(10 B\) is FAILED: lifecycle neither expires nor moves it\./);
  });
});

describe("reconcile: the verdict", () => {
  it("is not complete where S3 says FAILED of what is missing at no destination, and says so", () => {
    const [destination] = RECONCILIATION.destinations;
    const [inPlace] = destination!.counts;
    const failed = { ...inPlace!, cause: "in-place-failed" as const, versions: 1_234 };
    const destinations = [destination!, destination!].map((each) => ({
      ...each,
      destinationArn: "",
      counts: [inPlace!, failed],
    }));
    const tally = { ...RECONCILIATION, destinations } as unknown as Tally;
    assert.equal(verdictOf(tally), "undecided");
    const text = renderReconciliation({ ...RECONCILIATION, destinations, verdict: "undecided" });
    assert.match(text, /\nReconciled: undecided \(2,468 FAILED, though in place\)\n$/);
  });
});

describe("reconcile: the page", () => {
  it("holds no element that a name of a listing made, loads nothing, and runs nothing", () => {
    const page = renderPage(hostile());
    assert.ok(!/<script/i.test(page) && CONTROL.exec(page) === null && !page.includes("\u202e"));
    assert.match(page, /content="default-src &#39;none&#39;; style-src &#39;sha256-/);
    assert.doesNotMatch(page, / style="| on\w+="|https?:\/\/(?!docs\.aws|aws\.)/);
    assert.match(page, new RegExp(`content="${GENERATOR}"`));
  });

  it("shows a few failures among a million versions as a part of the bar that can be seen", () => {
    const [destination] = RECONCILIATION.destinations;
    const [inPlace, failed] = destination!.counts;
    const counts = [
      { ...inPlace!, versions: 1_000_000 },
      { ...failed!, versions: 1 },
    ];
    const page = renderPage({ ...RECONCILIATION, destinations: [{ ...destination!, counts }] });
    const widths = [...page.matchAll(/<rect class="failed" x="([\d.]+)" y="0" width="([\d.]+)"/g)];
    assert.ok(widths.length >= 2 && widths.every(([, , size]) => Number(size) >= 5));
    assert.ok(widths.every(([, x, size]) => Number(x) + Number(size) <= 1000.5));
    assert.match(page, /1,000,000 of 1,000,001 that the rules want are there \(99\.9%\)/);
  });

  it("shows the folders with most missing first", () => {
    const page = renderPage(RECONCILIATION);
    const folders = page.slice(page.indexOf('id="prefixes-'), page.indexOf('id="causes"'));
    assert.ok(folders.indexOf("documents/2024/") < folders.indexOf("documents/2026/"));
    assert.ok(folders.indexOf("documents/2026/") < folders.indexOf("documents/imports/"));
  });
});
