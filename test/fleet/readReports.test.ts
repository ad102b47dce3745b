/** Earlier reports of 'reconcile' and 'verify', as files. */
import { deepStrictEqual, rejects } from "node:assert";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { readReports } from "../../src/fleet/questions/readReports";
import { inDirectory } from "../support/cli";
import { RECONCILIATION, VERIFICATION } from "../docs/support/samples";

describe("the files of --reports", () => {
  it("are told apart, and one has its own time, the other that of its file", () =>
    inDirectory(
      { "r.json": JSON.stringify(RECONCILIATION), "v.json": JSON.stringify(VERIFICATION) },
      async (directory) => {
        const written = new Date("2026-11-20T04:00:00.000Z");
        utimesSync(join(directory, "v.json"), written, written);
        const reports = await readReports([join(directory, "r.json"), join(directory, "v.json")]);
        const [destination] = RECONCILIATION.destinations;
        const found = reports.reconciled(RECONCILIATION.source.bucketName, destination!.bucketName);
        deepStrictEqual([found?.at, found?.verdict], [destination!.listedAt, RECONCILIATION.verdict]);
        const [rule] = VERIFICATION.rules;
        const verified = reports.verified(
          VERIFICATION.bucket,
          rule!.destination.replace("arn:aws:s3:::", ""),
        );
        deepStrictEqual(verified, { at: written.toISOString(), verdict: "verified" });
      },
    ));

  for (const [text, says] of [
    ["{}", /must be what 'reconcile --json' or 'verify --json' prints, and is neither/],
    ["[1]", /is neither/],
    ["", /it must be JSON, and is empty/],
    ['{"source":{},"destinations":[]}', /'source.bucketName' must be a text, got nothing/],
    ['{"bucket":"a","rules":[{"rule":"x"}]}', /'rules\[0\].destination' must be a text/],
  ] as const) {
    it(`are refused where one is none: ${text || "empty"}`, () =>
      inDirectory({ "x.json": text }, async (directory) => {
        await rejects(readReports([join(directory, "x.json")]), { name: "InvalidInputError", message: says });
      }));
  }
});
