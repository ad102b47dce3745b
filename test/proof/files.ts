/** The snapshot files of the cases: where they are, and how they are written from the cases. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "../support/writtenFiles";
import { CASES, REFUSED } from "./cases";

export const FOLDER = join(__dirname, "snapshots");

export async function writeFiles(): Promise<void> {
  for (const name of readdirSync(FOLDER)) rmSync(join(FOLDER, name));
  for (const { file, snapshot } of [...CASES, ...REFUSED]) {
    await writeJson(join(FOLDER, `${file}.json`), snapshot);
  }
}
