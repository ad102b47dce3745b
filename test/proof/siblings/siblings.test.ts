/** Set-ups next to those of public reports: other names, forms and combinations of the same kinds. */
import { match, strictEqual, throws } from "node:assert";
import { rehearse } from "../../../src/rehearsal/rehearse";
import type { Report } from "../../../src/rehearsal/report/report";
import { parseSnapshot } from "../../../src/snapshot/snapshotFile";
import type { Snapshot } from "../../../src/snapshot/snapshot";
import { BATCH_JOBS } from "./batchJobs";
import { CONDITION_KEYS } from "./conditionKeys";
import { CONFIGURATIONS } from "./configurations";
import { DOCUMENTS } from "./documents";
import { KEYS } from "./keys";
import { ORGANIZATIONS } from "./organizations";
import { PRINTED_FORMS } from "./printedForms";
import { ROLES } from "./roles";
import type { Sibling } from "./sibling";

const read = (snapshot: Snapshot) => parseSnapshot(JSON.parse(JSON.stringify(snapshot)), "the file");

function wordsOf({ refusals, findings, objects }: Report): string {
  return [
    ...refusals.map(({ message }) => message),
    ...findings.map(({ id }) => id),
    ...objects.map(({ failureReason = "", reason }) => `${failureReason} ${reason}`),
  ].join("\n");
}

const SUBJECTS: Readonly<Record<string, readonly Sibling[]>> = {
  "a replication configuration": CONFIGURATIONS,
  "a policy document": DOCUMENTS,
  "a condition key": CONDITION_KEYS,
  "a KMS key": KEYS,
  "an organization": ORGANIZATIONS,
  "a role and a bucket policy": ROLES,
  "a Batch Replication job": BATCH_JOBS,
  "a form that the AWS CLI prints": PRINTED_FORMS,
};

for (const [subject, siblings] of Object.entries(SUBJECTS)) {
  describe(`set-ups that hang on ${subject}`, () => {
    for (const { about, snapshot, verdict, says } of siblings) {
      it(`are ${verdict}: ${about}`, () => {
        if (verdict === "refused") {
          throws(() => read(snapshot), says ?? Error);
          return;
        }
        const report = rehearse(read(snapshot));
        strictEqual(report.verdict, verdict, wordsOf(report));
        if (says !== undefined) match(wordsOf(report), says);
      });
    }
  });
}
