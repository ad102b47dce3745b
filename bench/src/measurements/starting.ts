/** How long commands and programs take before they do anything. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, CLI, program, selfMeasured, wholeProcess } from "../harness/runs";
import { against, type Findings, milliseconds, type Settings } from "../row";
import { rehearse } from "./rehearsing";

export function starting({ quick, say }: Settings): Findings {
  say("starts");
  const directory = mkdtempSync(join(tmpdir(), "bench-start-"));
  try {
    const file = join(directory, "pair.json");
    selfMeasured(program("makeSnapshot", "pairs", 1, file));
    const { nothing, help, small, readyMade, empty } = alternate(
      {
        nothing: ["-e", "0"],
        help: [CLI, "--help"],
        small: rehearse(file),
        readyMade: program("start", "readyMade"),
        empty: program("start", "empty"),
      },
      quick ? 3 : 15,
      wholeProcess,
    );
    const row = (
      id: string,
      measured: string,
      other: string,
      ours: number,
      theirs: number,
      goal: number,
    ) => ({
      id: `start/${id}`,
      measured,
      against: other,
      figures: against(milliseconds(ours), milliseconds(theirs)),
      value: ours / theirs,
      goal,
    });
    return {
      rows: [
        row(
          "program",
          "start of the ready-made program",
          "an empty one with @pulumi/pulumi and @pulumi/aws/s3",
          readyMade.totalMs,
          empty.totalMs,
          1.2,
        ),
        row("help", "s3-replication --help", "node -e 0", help.totalMs, nothing.totalMs, 2),
        row(
          "snapshot",
          "rehearse --snapshot of a small file",
          "node -e 0",
          small.totalMs,
          nothing.totalMs,
          3,
        ),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
