/** First deployments, as the engine previews them: the fixtures are what it printed, without traces of its program. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePreview } from "../../../src/readers/engine/fromPreview";
import { parseState } from "../../../src/readers/engine/fromState";
import { snapshotOfStacks } from "../../../src/readers/engine/fromStacks";
import type { StackFile } from "../../../src/readers/engine/writtenResources";
import { permissionTable } from "../../../src/rehearsal/report/permissions";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { snapshotOf } from "../../support/examples";
import { FIXTURES } from "../support";

type Json = Record<string, unknown>;

const read = (file: string): Json =>
  JSON.parse(readFileSync(join(FIXTURES, "previews", `${file}.json`), "utf8")) as Json;

const preview = (file: string, change: (text: string) => string = (text) => text): StackFile =>
  parsePreview(JSON.parse(change(JSON.stringify(read(file)))), `--preview ${file}.json`);

/** The documents of the roles that the preview does not know, without the ids of keys: the accounts tell these apart. */
function roleDocuments({ accounts }: Snapshot): string[] {
  return Object.values(accounts)
    .flatMap(({ roles }) => Object.entries(roles))
    .flatMap(([arn, { trust, policies }]) =>
      [trust, ...policies].map((document) => {
        const text = typeof document === "string" ? document : JSON.stringify(document);
        return `${arn} ${text.replace(/key\/[0-9a-f-]{36}/g, "key/ID")}`;
      }),
    )
    .filter((text) => text.includes("kms:"))
    .sort();
}

describe("the preview of a first deployment with the components", () => {
  it("of both sides in one stack is proven, with nothing left open", () => {
    const report = rehearse(snapshotOfStacks([preview("one-stack")]).snapshot);
    deepStrictEqual([report.verdict, report.unread, report.unusedGrants], ["proven", [], []]);
  });

  it("in Python, where a contract within the stack is unknown as a whole, is proven too", () => {
    const { snapshot } = snapshotOfStacks([preview("python")]);
    const report = rehearse(snapshot);
    deepStrictEqual([report.verdict, report.unread, report.unusedGrants], ["proven", [], []]);
  });

  it("shows the roles with the very policies of keys that the update puts", async () => {
    const seen = snapshotOfStacks([preview("one-stack")]).snapshot;
    deepStrictEqual(roleDocuments(seen), roleDocuments(await snapshotOf("one-stack")));
  });

  it("of a source beside a destination that is deployed already is proven", () => {
    const destination = parseState(read("destination.state"), "--state destination.json");
    const report = rehearse(snapshotOfStacks([destination, preview("source")]).snapshot);
    deepStrictEqual([report.verdict, report.unread, report.unusedGrants], ["proven", [], []]);
  });

  it("of a source alone is unproven, and names the destination that was not read", () => {
    const report = rehearse(snapshotOfStacks([preview("source")]).snapshot);
    strictEqual(report.verdict, "unproven");
    match(reasonsOf(report), /the destination bucket is not in the snapshot/);
  });

  it("of a component of another release, whose arguments nobody here knows, is unproven", () => {
    const other = preview("one-stack", (text) =>
      text.replaceAll('"rules":[{"deleteMarkerReplication":true', '"rule":[{"x":1'),
    );
    strictEqual(rehearse(snapshotOfStacks([other]).snapshot).verdict, "unproven");
  });

  it("of two destinations in one stack, of which a contract may be either's, is unproven", () => {
    const steps = read("one-stack").steps as { urn: string; newState: Json }[];
    const twice = steps
      .filter(({ urn }) => urn.includes("ReplicationDestination"))
      .map(
        (step) =>
          JSON.parse(
            JSON.stringify(step)
              .replaceAll(/(ReplicationDestination[^"]*)::destination\b/g, "$1::second")
              .replaceAll("one-stack-replicas", "second-replicas"),
          ) as (typeof steps)[number],
      );
    const both = JSON.parse(JSON.stringify({ steps: [...twice, ...steps] })) as { steps: typeof steps };
    for (const { newState } of both.steps) {
      const { destinations } = (newState.propertyDependencies ?? {}) as { destinations?: string[] };
      destinations?.push(...twice.map(({ urn }) => urn));
    }
    strictEqual(rehearse(snapshotOfStacks([parsePreview(both, "--preview x")]).snapshot).verdict, "unproven");
  });
});

describe("the preview of a first deployment of a program by hand", () => {
  const { snapshot } = snapshotOfStacks([preview("by-hand")]);
  const report = rehearse(snapshot);

  it("is unproven, and names each document that is known only after the deployment", () => {
    strictEqual(report.verdict, "unproven");
    deepStrictEqual(
      report.unread.map((sentence) => sentence.replace(/-[0-9a-f]{7}\b/g, "")),
      [
        "'policy reads' of the role arn:aws:iam::111111111111:role/replication could not be read",
        "'policy' of the bucket arn:aws:s3:::archive could not be read",
      ],
    );
    match(reasonsOf(report), /it hangs on the role policy 'reads-\w+' \(known only after the deployment\)/);
  });

  it("matches buckets and role that have no names yet to what refers to them", () => {
    const [data = ""] = Object.keys(snapshot.buckets).filter((arn) => arn.includes("data"));
    strictEqual(snapshot.buckets[data]?.versioning, "Enabled");
    ok(snapshot.buckets[data]?.replication?.Rules[0]?.Destination.Bucket.startsWith("arn:aws:s3:::archive-"));
  });

  it("says of no permission that it is missing", () => {
    deepStrictEqual(
      new Set(permissionTable(report).map(({ decision }) => decision)),
      new Set(["allowed", "unproven"]),
    );
    deepStrictEqual(report.advice, []);
  });

  it("shows nothing that nobody wrote: no statement and no condition key of ours", () => {
    doesNotMatch(JSON.stringify(report), /Unread(Allow|Deny)|unread:|o-unread|PrincipalOrgID/);
  });

  it("counts no grant as needless that a document hides which was not read", () => {
    strictEqual(
      report.unusedGrants.some(({ statement }) => /reads/.test(statement.policy)),
      false,
    );
  });
});

function reasonsOf({ objects }: Report): string {
  return objects.map(({ reason }) => reason).join("\n");
}
