/** What '--evidence documented' changes: nothing but what a contradiction of AWS's pages decides. */
import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Report } from "../../src/rehearsal/report/report";
import { CONTRADICTIONS, type Contradicted, SESSION_NAME } from "../../src/replication/evidence";
import { CASES } from "./cases";

const outcomesOf = ({ objects }: Report) =>
  objects.map(({ key, rule, destination, outcome }) => JSON.stringify([key, rule, destination, outcome]));

describe("evidence", () => {
  const rehearsed = CASES.map(({ file, snapshot }) => ({
    file,
    observed: rehearse(snapshot),
    documented: rehearse(snapshot, { evidence: "documented" }),
  }));

  it("differs only where a contradicted fact decides, and every such fact is listed with its link", () => {
    for (const { file, observed, documented } of rehearsed) {
      if (observed.observations.length > 0) continue;
      deepStrictEqual(outcomesOf(documented), outcomesOf(observed), file);
      strictEqual(documented.verdict, observed.verdict, file);
    }
    const links = new Set([
      SESSION_NAME.observation.link,
      ...Object.values(CONTRADICTIONS).flatMap(({ observation }: Contradicted) => observation?.link ?? []),
    ]);
    for (const { observed } of rehearsed) ok(observed.observations.every(({ link }) => links.has(link)));
  });

  it("is stricter with pages alone: nothing is proven by them that observations leave open", () => {
    for (const { file, observed, documented } of rehearsed) {
      if (documented.verdict === "proven") strictEqual(observed.verdict, "proven", file);
    }
  });

  it("decides these set-ups by observations, and pages alone leave them open", () => {
    const differing = rehearsed.filter(({ observed, documented }) => observed.verdict !== documented.verdict);
    deepStrictEqual(
      differing.map(({ file, observed, documented }) => [file, observed.verdict, documented.verdict]),
      [
        "article-generated-role",
        "bucket-policy-names-the-session",
        "deny-not-principal-role-session-account",
        "override-missing-without-acls",
        "key-encrypt-only-no-bucket-keys",
        "encrypt-alone",
      ].map((file) => [file, "proven", "unproven"]),
    );
  });

  it("is said in the report, and pages alone list no observation", () => {
    for (const { observed, documented } of rehearsed) {
      deepStrictEqual([observed.evidence, documented.evidence], ["observed", "documented"]);
      deepStrictEqual(documented.observations, []);
    }
  });
});
