/** Writes the snapshot files of the cases: `npx ts-node --transpile-only test/proof/files.ts`. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";

export const FOLDER = join(__dirname, "snapshots");

async function writeFiles(): Promise<void> {
  const { CASES, REFUSED } = await import("./cases");
  for (const name of readdirSync(FOLDER)) rmSync(join(FOLDER, name));
  for (const { file, snapshot } of [...CASES, ...REFUSED]) {
    const json = await format(JSON.stringify(snapshot, undefined, 2), { parser: "json", printWidth: 110 });
    writeFileSync(join(FOLDER, `${file}.json`), json, { flag: "wx" });
  }
}

if (require.main === module) void writeFiles();
