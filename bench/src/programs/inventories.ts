/**
 * Two inventories compared by the inventory engine, or joined by the plainest query:
 * `inventories.js reconcile|unchecked|join <versions> <directory> <memory in bytes>`. Unchecked: manifests without checksums.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsAccount } from "../../../bin/aws/account";
import { measured } from "../harness/measured";
import { RULES } from "./rules";

/** Inventories in directories ask no account. */
const NOBODY = { callerArn: "arn:aws:iam::111111111111:user/bench" } as AwsAccount;

async function load(what: string, versions: number, directory: string, memory: number) {
  const places = ["data", "copies"].map((bucket) => join(directory, bucket));
  if (what === "join") {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${Math.floor(memory / 1e6)}MB`,
      temp_directory: tmpdir(),
    });
    const connection = await instance.connect();
    const [source, destination] = places.map((place) => `read_parquet('${place}/data/*.parquet')`);
    return async () => {
      const found = await connection.runAndReadAll(
        `SELECT count(*) FROM ${source} AS source ANTI JOIN ${destination} AS destination ON source.key = destination.key AND source.version_id = destination.version_id`,
      );
      if (Number(found.getRows()[0]?.[0]) !== versions / 1000) throw new Error("the join found others");
    };
  }
  const { inventoryEngine } = await import("../../../bin/reconcile/inventory/inventoryEngine");
  // As for the join: what a process loads is no part of the work.
  await import("@duckdb/node-api");
  setChecksums(places, what === "reconcile");
  const bucket = (name: string) => ({ name, region: "us-east-1", account: NOBODY });
  const engine = inventoryEngine({
    configuration: RULES,
    source: bucket("data"),
    destinations: [bucket("copies")],
    facts: [{ destinationTransitions: false }],
    named: { source: { directory: places[0]! }, destinations: [{ directory: places[1]! }] },
    memory,
  });
  return async () => {
    const { tally } = await engine.run({
      prefix: "",
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const failed = tally.destinations[0]?.counts.find(({ cause }) => cause === "failed");
    if (failed?.versions !== versions / 1000) throw new Error(`found ${failed?.versions}`);
  };
}

/** Checksums are kept under another name where they are not to be checked. */
function setChecksums(places: readonly string[], isChecked: boolean): void {
  for (const place of places) {
    const file = join(place, "manifest.json");
    const text = readFileSync(file, "utf8").replaceAll(
      /"(?:unchecked)?MD5checksum"/g,
      isChecked ? '"MD5checksum"' : '"uncheckedMD5checksum"',
    );
    writeFileSync(file, text);
  }
}

const [, , what = "reconcile", versions, directory = ".", memory] = process.argv;
void measured(() => load(what, Number(versions), directory, Number(memory)));
