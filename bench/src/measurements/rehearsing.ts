/** `rehearse --snapshot`, by the number of pairs, by the number of rules of one bucket, and of set-ups that are hard on it. */
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
    const rehearsed = (kind: string, size: number): number => {
      say(`rehearsing ${size} ${kind}`);
      const file = join(directory, `${kind}-${size}.json`);
      selfMeasured(program("makeSnapshot", kind, size, file));
      return alternate({ rehearsal: rehearse(file) }, quick ? 1 : 3, wholeProcess).rehearsal.totalMs;
    };
    const found = (["pairs", "rules"] as const).map((kind) => {
      const sizes = quick ? [10, 30, 100] : kind === "pairs" ? [30, 100, 300, 1000] : [100, 300, 1000];
      const points = sizes.map((size) => ({ size, ms: rehearsed(kind, size), mb: NaN }));
      return { kind, points };
    });
    return {
      rows: [
        ...found.flatMap(({ kind, points }) => rowsOf(kind, points, byHand, largest.size)),
        ...HARD.map((each) => hardRow(each, rehearsed(each.kind, each.size))),
      ],
      curves: found.map(({ kind, points }) => ({ name: `rehearse, ${kind}`, points })),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Set-ups that somebody could write to keep a pipeline busy. */
const HARD = [
  { kind: "nested", size: 1000, what: "1000 rules, each prefix within the one before" },
  { kind: "stars", size: 600, what: "600 statements with stars inside" },
] as const;
const LONGEST_MS = 2000;

function hardRow({ kind, size, what }: (typeof HARD)[number], ms: number): Row {
  return {
    id: `rehearse/${kind}/${size}`,
    measured: `rehearse --snapshot of ${what}`,
    against: "two seconds",
    figures: against(milliseconds(ms), milliseconds(LONGEST_MS)),
    value: ms / LONGEST_MS,
    goal: 1,
  };
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
