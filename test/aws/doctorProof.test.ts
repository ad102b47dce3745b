/** Every set-up of the proof that is broken, made true on the emulator: the doctor finds it, and its advice mends it. */
import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { diagnose, type Diagnosis } from "../../src/doctor/diagnose";
import { rehearse } from "../../src/rehearsal/rehearse";
import type { Report } from "../../src/rehearsal/report/report";
import { applyAdvice } from "../proof/applyAdvice";
import { CASES } from "../proof/cases";
import { type Emulator, startEmulator } from "./support/emulator";
import { LiveAccounts } from "./support/liveAccounts";
import { mend } from "./support/mend";

/** What the emulator or S3 itself does not let be made. */
const NOT_PLANTED: Readonly<Record<string, string>> = {
  "source-unversioned": "S3 does not take a replication configuration for such a bucket",
  "key-managed-by-aws": "the emulator makes no key that AWS manages for a user of its own",
  "requester-pays": "the emulator refuses to set the payer outside us-east-1",
  "objects-unencrypted-into-kms": "since 2023 no object is written unencrypted",
  "annotations-not-read": "the emulator keeps no annotations",
  "customer-keys-blocked-there-only": "the emulator keeps no blocked encryption types",
  "batch-report-in-one-folder": "AWS does not say which jobs a role is for",
  "batch-own-manifest-under-kms": "AWS does not say which jobs a role is for",
  "objects-under-customer-keys":
    "its objects are in the snapshot, and the emulator keeps no blocked encryption types",
};

const BROKEN = CASES.filter(({ verdict, mended }) => verdict === "broken" && mended !== false);

describe("the doctor on every broken set-up of the proof, over HTTP", function () {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator?.stop());

  for (const { file, about, snapshot: given } of BROKEN) {
    if (Object.hasOwn(NOT_PLANTED, file)) {
      it.skip(`${file}: ${NOT_PLANTED[file]}`);
      continue;
    }
    it(`${file}: ${about}`, async () => {
      const live = await LiveAccounts.start(emulator, given);
      try {
        const verdicts = [];
        for (const bucketName of live.sourceBuckets) verdicts.push(...(await findAndMend(live, bucketName)));
        ok(verdicts.includes("broken"), `found: ${verdicts.join(", ")}`);
      } finally {
        await live.stop();
      }
    });
  }

  async function findAndMend(live: LiveAccounts, bucketName: string): Promise<string[]> {
    const accounts = await live.open(bucketName);
    try {
      const { snapshot, diagnosis } = await diagnose(accounts, bucketName, { sampleSize: 10 });
      deepStrictEqual(diagnosis.live.unanswered, []);
      if (live.sourceBuckets.length === 1) {
        // The doctor decides on every object, and not on those that a snapshot names.
        const onPaper = rehearse({ ...live.snapshot, objects: undefined }, { stored: true });
        deepStrictEqual(causesOf(diagnosis), causesOf(onPaper));
      }
      await mend(live.proxy.endpoint, snapshot, applyAdvice(snapshot, diagnosis.advice));
      const { diagnosis: again } = await diagnose(accounts, bucketName, { sampleSize: 10 });
      deepStrictEqual(problemsOf(again), []);
      strictEqual(again.verdict, "proven");
      return [diagnosis.verdict];
    } finally {
      accounts.close();
    }
  }
});

/** What is found wrong, and where, in any order. */
function causesOf({ objects, refusals }: Report): string[] {
  const found = objects.flatMap(({ outcome, failureReason, missing }) =>
    missing.map(({ where, action, why }) => [outcome, failureReason, where, action, why].join(" ")),
  );
  return [...new Set([...refusals.map(({ message }) => message), ...found])].sort();
}

function problemsOf({ objects, refusals }: Diagnosis): string[] {
  return [
    ...refusals.map(({ message }) => message),
    ...objects.filter(({ outcome }) => ["FAILED", "UNPROVEN"].includes(outcome)).map(({ reason }) => reason),
  ];
}
