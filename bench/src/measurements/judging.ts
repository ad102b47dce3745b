/** The policy pack, as its SDK runs it for the engine. */
import { alternate, program, selfMeasured } from "../harness/runs";
import { growthExponent } from "../harness/statistics";
import { against, type Findings, milliseconds, type Settings } from "../row";

export function judging({ quick, say }: Settings): Findings {
  const sizes = quick ? [500, 1000] : [500, 1000, 2500, 5000];
  const found = sizes.map((size) => {
    say(`policy pack on ${size} resources`);
    const commands = {
      ours: program("policyPack", "ours", size),
      noOp: program("policyPack", "noOp", size),
      manyNoOps: program("policyPack", "manyNoOps", size),
    };
    return { size, ...alternate(commands, quick ? 1 : 3, selfMeasured) };
  });
  const last = found.at(-1);
  if (last === undefined) return { rows: [] };
  const { size, ours, noOp, manyNoOps } = last;
  const measured = `policy pack on ${size.toLocaleString("en")} resources`;
  return {
    rows: [
      {
        id: "policyPack/noOp",
        measured,
        against: "a pack with one rule that does nothing",
        figures: against(milliseconds(ours.workMs), milliseconds(noOp.workMs)),
        value: ours.workMs / noOp.workMs,
        goal: 1.5,
      },
      {
        id: "policyPack/manyNoOps",
        measured,
        against: "a pack with as many rules that do nothing",
        figures: against(milliseconds(ours.workMs), milliseconds(manyNoOps.workMs)),
        value: ours.workMs / manyNoOps.workMs,
      },
      {
        id: "policyPack/growth",
        measured: "growth of the time of the policy pack",
        against: `resources, ${sizes.join(", ")}`,
        figures: found.map((each) => milliseconds(each.ours.workMs)).join(", "),
        value: growthExponent(found.map((each) => ({ size: each.size, cost: each.ours.workMs }))),
        goal: 1.1,
        kind: "exponent",
      },
    ],
  };
}
