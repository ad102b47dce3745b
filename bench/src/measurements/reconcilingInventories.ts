/** What it costs to compare two inventories version by version, beside the plainest join of the same files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate, type Medians, program, runs, selfMeasured } from "../harness/runs";
import { growthExponent } from "../harness/statistics";
import { against, type Findings, megabytes, milliseconds, type Row, type Settings } from "../row";

/** Memory that the command and the join are given, in bytes. */
const MEMORY = 4e9;

interface Measured {
  readonly size: number;
  readonly reconcile: Medians;
  readonly unchecked: Medians;
  readonly join: Medians;
}

/** Versions above which one round is measured: it takes minutes. */
const MEASURED_OFTEN = 10_000_000;

export function reconcilingInventories({ quick, versions = MEASURED_OFTEN, say }: Settings): Findings {
  const smaller = [1_000_000, 3_000_000, 10_000_000].filter((size) => size < versions);
  const sizes = quick ? [100_000] : [...smaller, versions];
  const found = sizes.map((size) => measure(size, quick || size > MEASURED_OFTEN ? 1 : 3, say));
  const growth = found.map(({ size, reconcile }) => ({ size, cost: reconcile.cpuMs }));
  return {
    rows: [
      ...found.slice(-1).flatMap(rowsOf),
      ...(sizes.length === 1
        ? []
        : [
            {
              id: "reconcile/inventory/growth",
              measured: "growth of the processor time of `reconcile` by inventories",
              against: `versions, ${sizes.map((size) => size.toLocaleString("en")).join(", ")}`,
              figures: growth.map(({ cost }) => milliseconds(cost)).join(", "),
              value: growthExponent(growth),
              goal: 1.1,
              kind: "exponent" as const,
            },
          ]),
    ],
  };
}

function measure(size: number, rounds: number, say: Settings["say"]): Measured {
  say(`reconcile --engine inventory, ${size.toLocaleString("en")} versions`);
  const directory = mkdtempSync(join(tmpdir(), "bench-inventories-"));
  try {
    runs(program("makeInventories", size, directory));
    const commands = {
      reconcile: program("inventories", "reconcile", size, directory, MEMORY),
      unchecked: program("inventories", "unchecked", size, directory, MEMORY),
      join: program("inventories", "join", size, directory, MEMORY),
    };
    return { size, ...alternate(commands, rounds, selfMeasured) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function rowsOf({ size, reconcile, unchecked, join: plain }: Measured): Row[] {
  const id = `reconcile/inventory/${size}`;
  const versions = size.toLocaleString("en");
  const compared = (name: string, measured: string, of: Medians): Row => ({
    id: `${id}/${name}`,
    measured,
    against: "the plainest anti-join of the same files in DuckDB",
    figures: against(milliseconds(of.cpuMs), milliseconds(plain.cpuMs)),
    value: of.cpuMs / plain.cpuMs,
    goal: 1.5,
  });
  return [
    compared(
      "time",
      `\`reconcile\` by inventories, ${versions} versions a side, with the checksums of all files, processor time`,
      reconcile,
    ),
    compared("unchecked", "the same, of manifests without checksums", unchecked),
    {
      id: `${id}/memory`,
      measured: "the same, peak memory",
      against: "the limit that was set",
      figures: against(megabytes(reconcile.peakMb), megabytes(MEMORY / 1e6)),
      value: reconcile.peakMb / (MEMORY / 1e6),
      goal: 1,
    },
  ];
}
