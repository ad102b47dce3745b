/** The mutation run on small examples, and its own judgement on mutations that it must not let pass. */
import { deepStrictEqual, ok, strictEqual } from "node:assert";
import * as fc from "fast-check";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Report } from "../../src/rehearsal/report/report";
import { applyAdvice } from "../proof/applyAdvice";
import { snapshotOf } from "../support/examples";
import type { PolicyDocumentJson } from "../support/program";
import { judge } from "./judge";
import { type Mutation, withValue } from "./mutation";
import { mutationsOf } from "./mutationsOf";
import { scoreOf } from "./main";
import { widenings } from "./widening";

describe("mutations", () => {
  for (const example of ["plain-objects", "delete-markers"]) {
    it(`of example ${example} are all killed or harmless for a known reason, and mended by advice that gives no more than is missing`, async () => {
      const score = await scoreOf(example);
      deepStrictEqual(score.unexplained, []);
      deepStrictEqual(score.notMended, []);
      deepStrictEqual(score.widened, []);
      const harmless = Object.values(score.harmless).reduce((sum, count) => sum + count, 0);
      strictEqual(score.killed + harmless, score.mutations);
      ok(score.killed > 60, `only ${score.killed} were killed`);
    });
  }

  describe("are not let pass", () => {
    let snapshot: Snapshot;
    before(async () => {
      snapshot = await snapshotOf("plain-objects");
    });
    const unchanged: Mutation = { kind: "none", name: "none", cause: {}, mutate: (whole) => whole };
    const fateOf = (change: Partial<Mutation>) =>
      judge({ ...unchanged, ...change }, snapshot, rehearse(snapshot)).fate;

    it("where the report complains of nothing and no rule says why", () => {
      strictEqual(fateOf({}), "unexplained");
    });
    it("where another cause is named first", () => {
      const [bucket = ""] = Object.keys(snapshot.buckets);
      const mutate = (whole: Snapshot) => withValue(whole, ["buckets", bucket, "requesterPays"], true);
      strictEqual(fateOf({ mutate, cause: { where: "bucket setting" } }), "killed");
      strictEqual(fateOf({ mutate, cause: { where: "role policy" } }), "unexplained");
      strictEqual(
        fateOf({ mutate, cause: { where: "bucket setting", keys: ["versioning"] } }),
        "unexplained",
      );
    });
  });

  it("are not mended by advice that spares too many, or allows what nobody lacks", async () => {
    const snapshot = await snapshotOf("plain-objects");
    const report = rehearse(snapshot);
    const [bucket = ""] = Object.keys(snapshot.buckets);
    const path = `/buckets/${bucket.replaceAll("/", "~1")}/policy`;
    const advised = (change: Partial<Report["advice"][number]>): Report => ({
      ...report,
      advice: [{ where: "source bucket policy", resource: bucket, reason: "", ...change }],
    });
    const lines = (advice: Report, mended = { snapshot, report }) =>
      widenings({ snapshot, report: advice }, mended).length;
    strictEqual(lines(advised({})), 0);
    const allow = { Sid: "Everything", Effect: "Allow", Principal: "*", Action: "*", Resource: "*" } as const;
    strictEqual(lines(advised({ where: "resource control policy", statement: allow })), 1);
    strictEqual(lines(advised({ change: { path, value: { Statement: [] } } })), 1);
    const [role = "", { policies = [] } = {}] = Object.entries(
      Object.values(snapshot.accounts).find(({ roles }) => Object.keys(roles).length > 0)?.roles ?? {},
    ).flat() as [string, { policies?: PolicyDocumentJson[] }];
    policies[0]?.Statement.push({ ...allow, Sid: "More" });
    const mended = { snapshot, report: rehearse(snapshot) };
    ok(mended.report.unusedGrants.some(({ resource }) => resource === role));
    const original = await snapshotOf("plain-objects");
    ok(widenings({ snapshot: original, report: advised({}) }, mended).length > 0);
  });

  it("two at a time are mended by their advice as well", async () => {
    const snapshot = await snapshotOf("kms-cross-region");
    const ofStatements = [...mutationsOf(snapshot)].filter(({ statement }) => statement !== undefined);
    fc.assert(
      fc.property(fc.constantFrom(...ofStatements), fc.constantFrom(...ofStatements), (first, second) => {
        // Of one document, the first may have moved the statement that the second is about.
        fc.pre(first.document !== second.document);
        const twice = second.mutate(first.mutate(snapshot));
        const report = rehearse(twice);
        if (report.verdict === "proven") return;
        strictEqual(rehearse(applyAdvice(twice, report.advice)).verdict, "proven");
      }),
      { numRuns: 40 },
    );
  });
});
