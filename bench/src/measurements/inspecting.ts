/** What `fleet` costs beside the rehearsals that it makes, and whether its memory grows with the pairs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, program, selfMeasured } from "../harness/runs";
import { against, type Findings, megabytes, milliseconds, type Row, type Settings } from "../row";

/** Megabytes by which ten times as many pairs may take more. */
const MOST_GROWTH = 150;

export function inspecting({ quick, say }: Settings): Findings {
  const [few, many] = quick ? [10, 100] : [100, 1000];
  const directory = mkdtempSync(join(tmpdir(), "bench-fleet-"));
  try {
    const [small, large] = [few, many].map((size) => {
      say(`fleet, ${size} pairs`);
      const file = join(directory, `${size}.json`);
      selfMeasured(program("makeSnapshot", "pairs", size, file));
      const commands = {
        fleet: program("fleet", "fleet", file),
        rehearsals: program("fleet", "rehearsals", file),
      };
      return alternate(commands, quick ? 1 : 3, selfMeasured);
    });
    const { fleet, rehearsals } = large!;
    const rows: Row[] = [
      {
        id: `fleet/time/${many}`,
        measured: `\`fleet\` over ${many} pairs of a stand-in that answers at once`,
        against: "rehearsing each of them, read before",
        figures: against(milliseconds(fleet.workMs), milliseconds(rehearsals.workMs)),
        value: fleet.workMs / rehearsals.workMs,
        goal: 2,
      },
      {
        id: `fleet/memory/${many}`,
        measured: `the same, peak memory`,
        against: `${few} pairs`,
        figures: against(megabytes(fleet.peakMb), megabytes(small!.fleet.peakMb)),
        value: fleet.peakMb - small!.fleet.peakMb,
        goal: MOST_GROWTH,
        kind: "megabytes",
      },
    ];
    return { rows };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
