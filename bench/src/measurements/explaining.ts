/** Versions that are explained, warm: the cause of each, by the rules. */
import { alternate, program, selfMeasured } from "../harness/runs";
import { against, type Findings, type Settings } from "../row";

/** Versions explained in one run of the program. */
const VERSIONS = 200_000;

export function explaining({ quick, say }: Settings): Findings {
  say("versions that are explained");
  const commands = {
    explain: program("explainRows", "explain", VERSIONS),
    parse: program("explainRows", "parse", VERSIONS),
  };
  const { explain, parse } = alternate(commands, quick ? 1 : 5, selfMeasured);
  const each = (ms: number) => `${((ms * 1000) / VERSIONS).toPrecision(2)} µs`;
  const perSecond = Math.round(VERSIONS / (explain.workMs / 1000)).toLocaleString("en");
  return {
    rows: [
      {
        id: "reconcile/explained",
        measured: `a version explained, its cause by 11 rules, warm (${perSecond} a second)`,
        against: "JSON.parse of it",
        figures: against(each(explain.workMs), each(parse.workMs)),
        value: explain.workMs / parse.workMs,
      },
    ],
  };
}
