/** 's3-replication doctor': what the command does. */
import { assertNewSnapshotFile, writeSnapshotFile } from "../snapshot/snapshotFile";
import { openAccounts, type PairAccess } from "../aws/pair";
import { diagnose, STEPS } from "../doctor/diagnose";
import { renderDiagnosis } from "../doctor/text";
import { InvalidInputError, show } from "../input/problems";
import { endGate, type GateOptions, readRehearsalBaseline, rehearsalPage } from "./gateOptions";
import type { EvidenceLevel } from "../replication/evidence";
import { accessOf, type AccountOptions } from "./accountOptions";
import { interruptible } from "./interrupt";
import { Progress } from "./progress";
import { htmlWriter } from "./writeHtml";

interface DoctorOptions extends AccountOptions, GateOptions {
  readonly organizationProfile?: string;
  readonly organizationRoleArn?: string;
  readonly assumeOrganizationAllows?: boolean;
  readonly sample: string;
  readonly writeSnapshot?: string;
  readonly evidence?: EvidenceLevel;
  readonly accept?: readonly string[];
  readonly html?: string;
}

/** A rehearsal decides on so many given objects at most. */
const MOST_SAMPLED = 2000;

/** @returns The exit code. */
export async function doctorCommand(bucketName: string, given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as DoctorOptions;
  const sampleSize = sampleSizeOf(options.sample);
  const access = accessWithOrganization(options);
  const baseline = await readRehearsalBaseline(options.baseline);
  if (options.writeSnapshot !== undefined) assertNewSnapshotFile(options.writeSnapshot);
  const writeHtml = await htmlWriter(options.html, rehearsalPage);
  return interruptible(async (signal) => {
    const progress = new Progress(STEPS);
    try {
      const accounts = await openAccounts(access);
      try {
        const { snapshot, diagnosis } = await diagnose(accounts, bucketName, {
          sampleSize,
          assumeOrganizationAllows: options.assumeOrganizationAllows,
          rehearsal: { accept: options.accept, evidence: options.evidence },
          signal,
          onStep: (step) => progress.step(step),
        });
        progress.stop();
        // First of all: a file that cannot be written is no reason to lose what took minutes to read.
        const text = () => renderDiagnosis(diagnosis);
        const gate = { result: diagnosis, text, baseline, file: `s3://${bucketName}` };
        const exitCode = await endGate(gate, options);
        if (options.writeSnapshot !== undefined) writeSnapshotFile(options.writeSnapshot, snapshot);
        writeHtml(diagnosis);
        return exitCode;
      } finally {
        accounts.close();
      }
    } finally {
      progress.stop();
    }
  });
}

function sampleSizeOf(text: string): number {
  const size = Number(text);
  if (/^\d+$/.test(text) && size <= MOST_SAMPLED) return size;
  throw new InvalidInputError("--sample", [
    `must be a whole number from 0 to ${MOST_SAMPLED}, got ${show(text)}`,
  ]);
}

function accessWithOrganization(options: DoctorOptions): PairAccess {
  const { organizationProfile: profile, organizationRoleArn: roleArn } = options;
  if (profile === undefined && roleArn === undefined) return accessOf(options);
  const organization = {
    ...(profile === undefined ? {} : { profile }),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
  return { ...accessOf(options), organization };
}
