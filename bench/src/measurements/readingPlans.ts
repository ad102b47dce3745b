/** A plan of Terraform, read and rehearsed, against parsing its JSON three times and the rehearsal alone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, program, selfMeasured } from "../harness/runs";
import { against, type Findings, milliseconds, type Settings } from "../row";

export function readingPlans({ quick, say }: Settings): Findings {
  const [resources, pairs] = quick ? [1000, 60] : [5000, 300];
  say(`reading a plan of ${resources} resources`);
  const directory = mkdtempSync(join(tmpdir(), "bench-plans-"));
  try {
    const file = join(directory, "plan.json");
    selfMeasured(program("makePlan", pairs, resources, file));
    const commands = {
      read: program("readPlan", "read", file),
      parse: program("readPlan", "parse", file),
      both: program("readPlan", "rehearse", file),
    };
    const { read, parse, both } = alternate(commands, quick ? 1 : 5, selfMeasured);
    const most = 3 * parse.workMs + both.workMs;
    const many = resources.toLocaleString("en");
    return {
      rows: [
        {
          id: "plan/rehearsed",
          measured: `a Terraform plan of ${many} resources (${pairs} pairs), read and rehearsed`,
          against: "three times JSON.parse of the file, and the rehearsal",
          figures: against(milliseconds(both.totalMs), milliseconds(most)),
          value: both.totalMs / most,
          goal: 1,
        },
        {
          id: "plan/read",
          measured: `a Terraform plan of ${many} resources (${pairs} pairs), read alone`,
          against: "JSON.parse of the file",
          figures: against(milliseconds(read.workMs), milliseconds(parse.workMs)),
          value: read.workMs / parse.workMs,
        },
      ],
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
