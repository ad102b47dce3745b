/** Writes a snapshot file: `makeSnapshot.js pairs|rules <count> <file>`. */
import { writeSnapshotFile } from "../../../bin/accounts/readers/snapshotFile";
import { pairsSnapshot, rulesSnapshot } from "./snapshots";

const MAKERS = { pairs: pairsSnapshot, rules: rulesSnapshot };

async function main([kind, count, file]: readonly string[]): Promise<void> {
  writeSnapshotFile(file ?? "", await MAKERS[kind as keyof typeof MAKERS](Number(count)));
}

void main(process.argv.slice(2));
