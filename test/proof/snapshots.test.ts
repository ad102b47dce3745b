/** Snapshot files of set-ups as people write them, each with its verdict and its cause. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../../src/snapshot/snapshot";
import { parseSnapshot } from "../../src/snapshot/snapshotFile";
import type { ObjectReport, Report, UnusedGrant } from "../../src/rehearsal/report/report";
import { rehearse } from "../../src/rehearsal/rehearse";
import { UPDATES } from "../support/writtenFiles";
import { applyAdvice } from "./applyAdvice";
import { CASES, REFUSED } from "./cases";
import type { ProofCase } from "./expected";
import { FOLDER, writeFiles } from "./files";

const text = (file: string) => readFileSync(join(FOLDER, `${file}.json`), "utf8");
const read = (file: string): Snapshot => parseSnapshot(JSON.parse(text(file)), "the snapshot");

describe("snapshots of set-ups (write their files anew with UPDATE_SCHEMAS=1)", () => {
  if (UPDATES) before(writeFiles);

  for (const proofCase of CASES) {
    const { file, about, verdict } = proofCase;
    describe(`${file}: ${about}`, () => {
      let report: Report;
      before(() => {
        report = rehearse(read(file));
      });

      it("is in its file as it is told here", () => {
        deepStrictEqual(JSON.parse(text(file)), JSON.parse(JSON.stringify(proofCase.snapshot)));
      });
      it(`is ${verdict}`, () => {
        deepStrictEqual(
          { verdict: report.verdict, outcomes: outcomesOf(report) },
          expected(proofCase, report),
        );
      });
      if (verdict !== "proven") {
        it("names the cause first", () => assertCause(proofCase, report));
      }
      if (verdict !== "proven" && proofCase.mended !== false) {
        it("is proven after all advice", () => {
          const mended = rehearse(applyAdvice(read(file), report.advice));
          deepStrictEqual(problemsOf(mended), []);
          strictEqual(mended.verdict, "proven");
        });
      }
      if (proofCase.mended === false) {
        it("is not said to be mended by statements", () => {
          const mended = rehearse(applyAdvice(read(file), report.advice));
          ok(mended.verdict !== "proven", "the advice mends it: the case should say so");
        });
      }
      const { observations } = proofCase;
      if (observations !== undefined) {
        it("lists what was observed and decides, each with its link", () => {
          strictEqual(report.observations.length, observations.length);
          observations.forEach((pattern, index) =>
            match(report.observations[index]?.statement ?? "", pattern),
          );
          ok(report.observations.every(({ link }) => link.startsWith("https://")));
        });
      }
      if (proofCase.unused !== "any") {
        it("lists the grants that nothing needs", () => {
          const grants = [...report.unusedGrants, ...report.otherGrants].map(sayGrant);
          deepStrictEqual(grants.sort(), [...(proofCase.unused ?? [])].sort());
        });
      }
    });
  }

  for (const { file, about, error } of REFUSED) {
    it(`${file}: ${about}: is refused, with the place`, () => {
      throws(() => read(file), error);
    });
  }

  it("has as many files as cases", () => {
    const files = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ""));
    deepStrictEqual(files.sort(), [...CASES, ...REFUSED].map(({ file }) => file).sort());
  });
  it("are at least 45, and at least half of them broken", () => {
    const broken = CASES.filter(({ verdict }) => verdict === "broken").length + REFUSED.length;
    const all = CASES.length + REFUSED.length;
    ok(all >= 45 && broken * 2 >= all, `${all} cases, ${broken} broken`);
  });
});

function outcomesOf({ objects }: Report): Record<string, string> {
  return Object.fromEntries(objects.map(({ key, outcome }) => [key, outcome]));
}

function expected({ verdict, outcomes }: ProofCase, report: Report) {
  const all = Object.fromEntries(report.objects.map(({ key }) => [key, "COMPLETED"]));
  return { verdict, outcomes: outcomes ?? all };
}

function assertCause({ cause, says, findings = [], refusals = [] }: ProofCase, report: Report): void {
  deepStrictEqual(
    report.findings.map(({ id }) => id),
    findings,
  );
  const messages = report.refusals.map(({ message }) => message);
  strictEqual(messages.length, refusals.length, messages.join("\n"));
  refusals.forEach((pattern, index) => match(messages[index] ?? "", pattern));
  const first = firstProblem(report);
  if (says !== undefined) match(first?.reason ?? "", says);
  if (cause === undefined) return;
  const [missing] = first?.missing ?? [];
  const found = {
    ...(first?.failureReason === undefined ? {} : { failureReason: first.failureReason }),
    ...(missing?.action === undefined ? {} : { action: missing.action }),
    resource: missing?.resource,
    where: missing?.where,
    keys: missing?.keys,
  };
  deepStrictEqual(found, { keys: [], ...cause });
}

/** The first object that fails; where none does, the first that loses something or is open. */
function firstProblem({ objects }: Report): ObjectReport | undefined {
  return (
    objects.find(({ outcome }) => outcome === "FAILED") ??
    objects.find(({ outcome, missing }) => outcome === "COMPLETED" && missing.length > 0) ??
    objects.find(({ outcome }) => outcome === "UNPROVEN")
  );
}

function problemsOf({ objects, refusals, findings }: Report): string[] {
  return [
    ...findings.filter(({ acceptedBy }) => acceptedBy === undefined).map(({ reason }) => reason),
    ...refusals.map(({ message }) => message),
    ...objects
      .filter(
        ({ outcome, missing }) =>
          outcome !== "NOT_REPLICATED" && (outcome !== "COMPLETED" || missing.length > 0),
      )
      .map(({ key, reason }) => `${key}: ${reason}`),
  ];
}

function sayGrant({ grant, principal }: UnusedGrant): string {
  return principal === undefined ? grant : `${grant} to ${principal}`;
}
