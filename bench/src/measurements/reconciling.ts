/** What it costs to compare two buckets version by version, beside listing them. */
import { alternate, program, selfMeasured } from "../harness/runs";
import { against, type Findings, megabytes, milliseconds, type Row, type Settings } from "../row";

/** Megabytes that the comparison may take, whatever the number of versions. */
const MOST_MEMORY = 200;

export function reconciling({ quick, say }: Settings): Findings {
  const sizes = quick ? [100_000] : [100_000, 1_000_000];
  return { rows: sizes.flatMap((size) => rowsOf(size, quick ? 1 : 3, say)) };
}

function rowsOf(size: number, rounds: number, say: Settings["say"]): Row[] {
  const versions = size.toLocaleString("en");
  say(`reconcile, ${versions} versions`);
  const commands = {
    reconcile: program("listing", "reconcile", size),
    count: program("listing", "count", size),
  };
  const { reconcile, count } = alternate(commands, rounds, selfMeasured);
  const id = `reconcile/list/${size}`;
  return [
    {
      id: `${id}/time`,
      measured: `\`reconcile\` by lists, ${versions} versions in each of two buckets on a server that answers at once, processor time`,
      against: "listing both side by side and counting",
      figures: against(milliseconds(reconcile.cpuMs), milliseconds(count.cpuMs)),
      value: reconcile.cpuMs / count.cpuMs,
      goal: 1.3,
    },
    {
      id: `${id}/memory`,
      measured: `the same, peak memory`,
      against: "the same",
      figures: against(megabytes(reconcile.peakMb), megabytes(count.peakMb)),
      value: reconcile.peakMb,
      goal: MOST_MEMORY,
      kind: "megabytes",
    },
  ];
}
