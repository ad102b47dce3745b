/** Mutates every example in every way and prints the score: `npm run mutations [-- --json] [example...]`. */
import { Command } from "commander";
import { Progress } from "../../src/cli/progress";
import { rehearse } from "../../src/rehearsal/rehearse";
import { columns } from "../../src/output/textLayout";
import { EXAMPLES, snapshotOf } from "../support/examples";
import { judge, type Judgement } from "./judge";
import { mutationsOf } from "./mutationsOf";

export interface Score {
  readonly example: string;
  readonly mutations: number;
  readonly killed: number;
  readonly harmless: Readonly<Record<string, number>>;
  /** What no rule explains. */
  readonly unexplained: readonly string[];
  /** Mutations that were broken, with nothing unread, and how many of them their advice mends. */
  readonly mendable: number;
  readonly mended: number;
  readonly notMended: readonly string[];
  /** Advice that gives more than is missing. */
  readonly widened: readonly string[];
}

/** @param step Called before each mutation. */
export async function scoreOf(example: string, step: () => void = () => undefined): Promise<Score> {
  const snapshot = await snapshotOf(example);
  const before = rehearse(snapshot);
  if (before.verdict !== "proven") throw new Error(`example '${example}' is ${before.verdict}`);
  const judged: Judgement[] = [];
  for (const mutation of mutationsOf(snapshot)) {
    step();
    judged.push(judge(mutation, snapshot, before));
  }
  const harmless: Record<string, number> = {};
  for (const { fate, reason } of judged) {
    if (fate === "harmless" && reason !== undefined) harmless[reason] = (harmless[reason] ?? 0) + 1;
  }
  const mendable = judged.filter(({ mended }) => mended !== undefined);
  return {
    example,
    mutations: judged.length,
    killed: judged.filter(({ fate }) => fate === "killed").length,
    harmless,
    unexplained: judged
      .filter(({ fate }) => fate === "unexplained")
      .map(({ mutation, reason }) => `${mutation.kind}: ${mutation.name}: ${reason}`),
    mendable: mendable.length,
    mended: mendable.filter(({ mended }) => mended === true).length,
    notMended: mendable
      .filter(({ mended }) => mended === false)
      .map(({ mutation }) => `${mutation.kind}: ${mutation.name}`),
    widened: judged.flatMap(({ mutation, widened = [] }) =>
      widened.map((line) => `${mutation.kind}: ${mutation.name}: ${line}`),
    ),
  };
}

export async function countMutations(example: string): Promise<number> {
  return [...mutationsOf(await snapshotOf(example))].length;
}

function render(scores: readonly Score[]): string {
  const total = (count: (score: Score) => number) => scores.reduce((sum, score) => sum + count(score), 0);
  const harmlessOf = ({ harmless }: Score) => Object.values(harmless).reduce((sum, count) => sum + count, 0);
  const row = (name: string, of: (count: (score: Score) => number) => number) => [
    name,
    String(of((score) => score.mutations)),
    String(of((score) => score.killed)),
    String(of(harmlessOf)),
    String(of((score) => score.unexplained.length)),
    `${of((score) => score.mended)}/${of((score) => score.mendable)}`,
  ];
  const table = [
    ["example", "mutations", "killed", "harmless", "unexplained", "mended"],
    ...scores.map((score) => row(score.example, (count) => count(score))),
    row("all", total),
  ];
  const reasons = new Map<string, number>();
  for (const [reason, count] of scores.flatMap(({ harmless }) => Object.entries(harmless))) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  const harmless = [...reasons].sort((left, right) => right[1] - left[1]);
  return [
    columns(table, [30, 11, 8, 10, 13, 11]),
    "Harmless, because",
    ...harmless.map(([reason, count]) => `${String(count).padStart(5)}  ${reason}`),
    ...listed("Unexplained", (score) => score.unexplained, scores),
    ...listed("Not mended by their advice", (score) => score.notMended, scores),
    ...listed("Given more than is missing by their advice", (score) => score.widened, scores),
    "",
  ].join("\n");
}

function listed(title: string, of: (score: Score) => readonly string[], scores: readonly Score[]): string[] {
  const lines = scores.flatMap((score) => of(score).map((line) => `  ${score.example}: ${line}`));
  return lines.length === 0 ? [] : [title, ...lines];
}

async function main(examples: readonly string[], json: boolean): Promise<void> {
  let mutations = 0;
  // One after the other: the engine's runtime is one for the whole process.
  for (const example of examples) mutations += await countMutations(example);
  const progress = new Progress(mutations);
  const scores: Score[] = [];
  try {
    for (const example of examples) scores.push(await scoreOf(example, () => progress.step(example)));
  } finally {
    progress.stop();
  }
  process.stdout.write(json ? `${JSON.stringify(scores, undefined, 2)}\n` : render(scores));
  const isClean = scores.every(
    ({ unexplained, notMended, widened }) => unexplained.length + notMended.length + widened.length === 0,
  );
  if (!isClean) process.exitCode = 1;
}

if (require.main === module) {
  const command = new Command()
    .argument("[examples...]", "names of examples", EXAMPLES)
    .option("--json", "the scores as JSON")
    .action((examples: string[], { json }: { json?: boolean }) => main(examples, json === true));
  void command.parseAsync();
}
