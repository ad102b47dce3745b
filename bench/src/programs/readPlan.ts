/** Reads a plan, parses its JSON alone, or rehearses what it says: `readPlan.js read|parse|rehearse|all <file>`. */
import { readFileSync } from "node:fs";
import { measured } from "../harness/measured";

async function load(what: string | undefined, file: string): Promise<() => unknown> {
  if (what === "parse") return () => JSON.parse(readFileSync(file, "utf8")) as unknown;
  const { readTerraformFile } = await import("../../../bin/readers/terraform/terraformFile");
  const { readTerraform } = await import("../../../bin/readers/terraform/fromTerraform");
  const { applyReadings } = await import("../../../bin/readers/joinSources");
  const { emptySnapshot } = await import("../../../bin/snapshot/snapshot");
  const { rehearse } = await import("../../../bin/rehearsal/rehearse");
  const read = async () => {
    const snapshot = emptySnapshot();
    applyReadings(snapshot, readTerraform([await readTerraformFile(file)], {}));
    return snapshot;
  };
  if (what === "read") return read;
  if (what === "all") return async () => proven(rehearse(await read()).verdict);
  const snapshot = await read();
  return () => proven(rehearse(snapshot).verdict);
}

/** Nothing is measured that went wrong. */
function proven(verdict: string): void {
  if (verdict !== "proven") throw new Error(`the plan is ${verdict}`);
}

const [what, file = ""] = process.argv.slice(2);
void measured(() => load(what, file));
