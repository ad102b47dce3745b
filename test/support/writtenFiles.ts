/** JSON files that are written from the code. */
import { deepStrictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";

/** Whether such files are written anew, instead of being compared. */
export const UPDATES = process.env.UPDATE_SCHEMAS === "1";

/** Writes a value as JSON in the repository's format. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value, undefined, 2);
  writeFileSync(file, await format(json, { ...(await resolveConfig(file)), parser: "json" }));
}

/** Asserts that a file holds the value. */
export async function assertWritten(file: string, value: object): Promise<void> {
  if (UPDATES) await writeJson(file, value);
  deepStrictEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(value)));
}
