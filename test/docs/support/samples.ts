/** Results whose text and JSON the pages of the commands show: those of commands that need AWS. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explanationOf } from "../../../src/backfill/failureCauses";
import { readOptions } from "../../../src/backfill/options";
import { jobRequest } from "../../../src/backfill/request";
import { type BackfillResult, COSTS } from "../../../src/backfill/result";
import type { FleetReport } from "../../../src/fleet/meaning/report";
import type { ReconcileResult } from "../../../src/reconcile/result";
import type { StatusReport } from "../../../src/status/report";
import type { VerificationReport } from "../../../src/verification/report";

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "..", "samples", `${name}.json`), "utf8"));
}

/** A rule that is verified, and one whose replica has another storage class than the rule asks for. */
export const VERIFICATION = read("verification") as VerificationReport;

/** A pair with two failures in the last hour, and the alarm that rings. */
export const STATUS = read("status") as StatusReport;

/** One pair of each kind but unproven, and an account that could not be entered. */
export const FLEET = read("fleet") as FleetReport;

/** What the list engine says of a bucket with failures, objects from before the rule, and some that are gone. */
export const RECONCILIATION = read("reconcile") as ReconcileResult;

const SOURCE = { bucketName: "acme-data", accountId: "111111111111", region: "us-east-1", partition: "aws" };

const failure = (cause: string, count: number, key: string, versionId: string) => ({
  cause,
  count,
  explanation: explanationOf(cause),
  example: { key, versionId, message: "" },
});

/** A job that ended with three failures, of two causes. */
export const BACKFILL: BackfillResult = {
  outcome: "failed",
  source: { bucketName: SOURCE.bucketName, accountId: SOURCE.accountId, region: SOURCE.region },
  rules: ["documents"],
  request: jobRequest(
    SOURCE,
    readOptions({ report: "s3://acme-desk/backfill" }),
    "arn:aws:iam::111111111111:role/s3-replication-batch",
  ),
  made: true,
  job: {
    id: "00000000-0000-4000-8000-000000000001",
    status: "Complete",
    created: "2026-11-21T08:00:00.000Z",
    ended: "2026-11-21T08:41:12.000Z",
    total: 52_340,
    succeeded: 52_337,
    failed: 3,
    failureReasons: [],
  },
  failures: [
    failure("SrcGetObjectNotPermitted", 2, "documents/2024/a.pdf", "9XyZ"),
    failure("SrcObjectNotEligible", 1, "documents/old.zip", "7XyZ"),
  ],
  costs: COSTS,
  notes: [],
};
