/** IAM decisions, warm, on our policies and on large ones of others. */
import { alternate, program, selfMeasured } from "../harness/runs";
import { against, type Findings, type Settings } from "../row";

/** Questions asked in one run of the program. */
const QUESTIONS = 12_000;

export function deciding({ quick, say }: Settings): Findings {
  say("IAM decisions");
  const commands = { decide: program("iam", "decide"), parse: program("iam", "parse") };
  const { decide, parse } = alternate(commands, quick ? 1 : 5, selfMeasured);
  const each = (ms: number) => `${((ms * 1000) / QUESTIONS).toFixed(1)} µs`;
  const perSecond = Math.round(QUESTIONS / (decide.workMs / 1000)).toLocaleString("en");
  return {
    rows: [
      {
        id: "iam/decide",
        measured: `an IAM decision, warm (${perSecond} a second)`,
        against: "JSON.parse of its policies",
        figures: against(each(decide.workMs), each(parse.workMs)),
        value: decide.workMs / parse.workMs,
        goal: 1,
      },
    ],
  };
}
