/** Building N pairs in one program: the components, the same resources by hand, and AWS CDK. */
import { alternate, type Medians, program, selfMeasured } from "../harness/runs";
import { growthExponent } from "../harness/statistics";
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
      exponent("components/growth/time", "time", built, ({ workMs }) => workMs),
      exponent("components/growth/memory", "memory", built, ({ peakMb }) => peakMb),
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

function exponent(id: string, what: string, built: readonly Built[], of: (medians: Medians) => number): Row {
  const sizes = built.map(({ size }) => size);
  return {
    id,
    measured: `growth of the ${what} of building`,
    against: `pairs, ${sizes.join(", ")}`,
    figures: built.map(({ components }) => of(components).toFixed(0)).join(", "),
    value: growthExponent(built.map(({ size, components }) => ({ size, cost: of(components) }))),
    goal: 1.05,
    kind: "exponent",
  };
}
