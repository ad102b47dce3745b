/** Building N pairs in one program: the components, the same resources by hand, and AWS CDK. */
import { alternate, type Medians, program, selfMeasured } from "../harness/runs";
import { growthExponent, type Point } from "../harness/statistics";
import { against, type Findings, megabytes, milliseconds, type Row, type Settings } from "../row";

export interface Built {
  readonly size: number;
  readonly components: Medians;
  readonly byHand: Medians;
  readonly cdk: Medians;
}

export function build({ quick, say }: Settings): Built[] {
  selfChecked();
  return (quick ? [1, 10, 100] : [1, 10, 100, 300]).map((size) => {
    say(`building ${size} pairs`);
    const rounds = quick ? 1 : { 1: 7, 10: 5, 100: 3, 300: 3 }[size];
    const commands = {
      components: program("build", "components", size),
      byHand: program("build", "byHand", size),
      cdk: program("build", "cdk", size),
    };
    return { size, ...alternate(commands, rounds ?? 3, selfMeasured) };
  });
}

/** What is compared registers the same resources with the same properties. */
function selfChecked(): void {
  selfMeasured(program("sameResources"));
}

/** Loading counts: it is what people wait for. Growth is that of the work after it. */
export function building(built: readonly Built[]): Findings {
  return {
    rows: [
      ...built.flatMap(({ size, components, byHand }) => compared(size, components, "byHand", byHand, 1.15)),
      ...growth(built),
      ...built.flatMap(({ size, components, cdk }) =>
        compared(size, components, "cdk", cdk, size <= 10 ? 0.5 : undefined),
      ),
    ],
    curves: (["components", "byHand", "cdk"] as const).map((name) => ({
      name: NAMES[name],
      points: built.map((each) => ({ size: each.size, ms: each[name].totalMs, mb: each[name].peakMb })),
    })),
  };
}

const NAMES = { components: "components", byHand: "by hand", cdk: "AWS CDK" } as const;

function compared(
  size: number,
  ours: Medians,
  name: "byHand" | "cdk",
  theirs: Medians,
  goal: number | undefined,
): Row[] {
  const row = { measured: `building ${size} ${size === 1 ? "pair" : "pairs"}`, against: NAMES[name], goal };
  return [
    {
      ...row,
      id: `components/${name}/${size}/time`,
      figures: against(milliseconds(ours.totalMs), milliseconds(theirs.totalMs)),
      value: ours.totalMs / theirs.totalMs,
    },
    {
      ...row,
      id: `components/${name}/${size}/memory`,
      figures: against(megabytes(ours.peakMb), megabytes(theirs.peakMb)),
      value: ours.peakMb / theirs.peakMb,
    },
  ];
}

/** Of the work: without the time of loading, and without the memory that one pair takes with everything loaded. */
function growth(built: readonly Built[]): Row[] {
  const [one, ...others] = built;
  const row = (what: string, unit: string, points: readonly Point[]): Row => ({
    id: `components/growth/${what}`,
    measured: `growth of the ${what} of building`,
    against: `pairs, ${points.map(({ size }) => size).join(", ")}`,
    figures: `${points.map(({ cost }) => cost.toFixed(0)).join(", ")} ${unit}`,
    value: growthExponent(points),
    goal: 1.05,
    kind: "exponent",
  });
  return [
    row(
      "time",
      "ms",
      built.map(({ size, components }) => ({ size, cost: components.workMs })),
    ),
    row(
      "memory",
      "MB more",
      others.map(({ size, components }) => ({
        size: size - 1,
        cost: components.peakMb - (one?.components.peakMb ?? 0),
      })),
    ),
  ];
}
