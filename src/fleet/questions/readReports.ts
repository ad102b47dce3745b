/** Reads earlier reports of 'reconcile' and 'verify' from their files. */
import { stat } from "node:fs/promises";
import { readJsonFile, STDIN, subjectOf } from "../../files/jsonFile";
import { asObject } from "../../input/anyValue";
import { InvalidInputError } from "../../input/problems";
import { checked } from "../../input/schemaProblems";
import { EarlierReports, RECONCILIATION, VERIFICATION } from "../meaning/earlierReports";

const LIMITS = { megabytes: 100, values: 5_000_000 };

const OPTION = "--reports";

/** @throws InvalidInputError where a file is neither's report. */
export async function readReports(files: readonly string[]): Promise<EarlierReports> {
  const reports = new EarlierReports();
  for (const file of files) {
    const subject = subjectOf(OPTION, file);
    const value = await readJsonFile(OPTION, file, LIMITS);
    const has = (name: string) => Object.hasOwn(asObject(value), name);
    if (has("source") && has("destinations")) {
      reports.addReconciliation(checked(RECONCILIATION, value, subject));
    } else if (has("bucket") && has("rules")) {
      const written = file === STDIN ? new Date() : (await stat(file)).mtime;
      reports.addVerification(checked(VERIFICATION, value, subject), written.toISOString());
    } else {
      throw new InvalidInputError(subject, [
        "must be what 'reconcile --json' or 'verify --json' prints, and is neither",
      ]);
    }
  }
  return reports;
}
