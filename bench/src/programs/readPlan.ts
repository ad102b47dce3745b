/** Reads a plan and rehearses what it says, reads it alone, or parses its JSON alone: `readPlan.js rehearse|read|parse <file>`. */
import { readFileSync } from "node:fs";
import { measured } from "../harness/measured";

async function main(what: string | undefined, file: string): Promise<void> {
  if (what === "parse") {
    return measured(() => Promise.resolve(() => JSON.parse(readFileSync(file, "utf8")) as unknown));
  }
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
  if (what === "read") return measured(() => Promise.resolve(read));
  // The total is both, and the work the rehearsal: within one process, so that both are of the same speed of the machine.
  return measured(async () => {
    const snapshot = await read();
    return () => proven(rehearse(snapshot).verdict);
  });
}

/** Nothing is measured that went wrong. */
function proven(verdict: string): void {
  if (verdict !== "proven") throw new Error(`the plan is ${verdict}`);
}

const [what, file = ""] = process.argv.slice(2);
void main(what, file);
