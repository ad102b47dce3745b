/** `rehearse --snapshot`, by the number of pairs and by the number of rules of one bucket. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, CLI, type Command, program, selfMeasured, wholeProcess } from "../harness/runs";
import { growthExponent } from "../harness/statistics";
import { against, type Curve, type Findings, milliseconds, type Row, type Settings } from "../row";
import type { Built } from "./building";

export function rehearsing(built: readonly Built[], { quick, say }: Settings): Findings {
  const largest = built.at(-1);
  if (largest === undefined) return { rows: [] };
  const byHand = largest.byHand.totalMs / largest.size;
  const directory = mkdtempSync(join(tmpdir(), "bench-snapshots-"));
  try {
    const found = (["pairs", "rules"] as const).map((kind) => {
      const sizes = quick ? [10, 30, 100] : kind === "pairs" ? [30, 100, 300, 1000] : [100, 300, 1000];
      const points = sizes.map((size) => {
        say(`rehearsing ${size} ${kind}`);
        const file = join(directory, `${kind}-${size}.json`);
        selfMeasured(program("makeSnapshot", kind, size, file));
        const { rehearsal } = alternate({ rehearsal: rehearse(file) }, quick ? 1 : 3, wholeProcess);
        return { size, ms: rehearsal.totalMs, mb: NaN };
      });
      return { kind, points };
    });
    return {
      rows: found.flatMap(({ kind, points }) => rowsOf(kind, points, byHand, largest.size)),
      curves: found.map(({ kind, points }) => ({ name: `rehearse, ${kind}`, points })),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function rehearse(file: string): Command {
  return [CLI, "rehearse", "--snapshot", file];
}

function rowsOf(kind: "pairs" | "rules", points: Curve["points"], byHand: number, builtSize: number): Row[] {
  return [
    ...points
      .filter(({ size }) => size >= 100)
      .map(({ size, ms }) => ({
        id: `rehearse/${kind}/${size}`,
        measured: `rehearse --snapshot of ${kind === "pairs" ? `${size} pairs` : `${size} rules of a bucket`}`,
        against: `building by hand (${builtSize} pairs), each`,
        figures: against(milliseconds(ms / size), milliseconds(byHand)),
        value: ms / size / byHand,
        goal: 0.1,
      })),
    {
      id: `rehearse/${kind}/growth`,
      measured: `growth of the time of rehearse --snapshot`,
      against: `${kind}, ${points.map(({ size }) => size).join(", ")}`,
      figures: points.map(({ ms }) => milliseconds(ms)).join(", "),
      value: growthExponent(points.map(({ size, ms }) => ({ size, cost: ms }))),
      goal: 1.1,
      kind: "exponent",
    },
  ];
}
