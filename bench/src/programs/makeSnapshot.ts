/** Writes a snapshot file: `makeSnapshot.js pairs|rules|nested|stars <count> <file>`. */
import { writeSnapshotFile } from "../../../bin/snapshot/snapshotFile";
import { measured } from "../harness/measured";
import { nestedSnapshot, pairsSnapshot, rulesSnapshot, starsSnapshot } from "./snapshots";

const MAKERS = {
  pairs: pairsSnapshot,
  rules: rulesSnapshot,
  nested: nestedSnapshot,
  stars: starsSnapshot,
};
const [kind, count, file = ""] = process.argv.slice(2);

void measured(() =>
  Promise.resolve(async () =>
    writeSnapshotFile(file, await MAKERS[kind as keyof typeof MAKERS](Number(count))),
  ),
);
