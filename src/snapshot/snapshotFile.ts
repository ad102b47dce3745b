/** Snapshot files: read with every mistake told, and written. */
import { writeFileSync } from "node:fs";
import { assertWritable, stands } from "../files/writable";
import { InvalidInputError, show } from "../input/problems";
import { type JsonLimits, readJsonFile, subjectOf } from "../files/jsonFile";
import { checked } from "../input/schemaProblems";
import type { Snapshot } from "./snapshot";
import { SNAPSHOT } from "./snapshotSchema";
import { withoutWrappers } from "./awsCliForms";

const LIMITS: JsonLimits = { megabytes: 16, values: 300_000, handWritten: true };

/**
 * @param file Path, or `-` for the standard input.
 * @throws InvalidInputError with the mistakes in the file.
 */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  const value = await readJsonFile("--snapshot", file, LIMITS);
  return parseSnapshot(value, subjectOf("--snapshot", file));
}

/**
 * @param value What JSON says.
 * @param subject What is read, for errors.
 * @throws InvalidInputError with the mistakes in it.
 */
export function parseSnapshot(value: unknown, subject: string): Snapshot {
  return checked(SNAPSHOT, withoutWrappers(value), subject);
}

/** Before the work is done whose result the file is to hold. @throws InvalidInputError */
export function assertNewSnapshotFile(file: string): void {
  if (stands(file)) throw existing(file);
  assertWritable("--write-snapshot", file);
}

/** A new file; one that is there is left as it is. */
export function writeSnapshotFile(file: string, snapshot: Snapshot): void {
  try {
    writeFileSync(file, `${JSON.stringify(snapshot, undefined, 2)}\n`, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw existing(file);
    throw new InvalidInputError("--write-snapshot", [
      `must be a file that can be written, got ${show(file)}: ${(error as Error).message}`,
    ]);
  }
}

const existing = (file: string) =>
  new InvalidInputError("--write-snapshot", [
    `must be a new file, got ${show(file)}, which exists already and is left as it is`,
  ]);
