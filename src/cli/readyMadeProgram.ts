/** Runs the ready-made program in this process, for the stack configurations of a directory or of an example. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProgram } from "../readers/program/fromProgram";
import { hasStackFiles, readStackFiles } from "../readers/program/stackConfigurations";
import { InvalidInputError, show } from "../input/problems";
import { Progress } from "./progress";
import type { ProgramRun } from "../readers/programRun";
import { NAMESPACE } from "../naming/namespace";

/** The set-ups that come with the package. */
const EXAMPLES = join(__dirname, "..", "..", "examples");

export interface ReadyMadeOptions {
  readonly directory: string;
  readonly example?: string;
}

export async function runReadyMadeProgram({ directory, example }: ReadyMadeOptions): Promise<ProgramRun> {
  const warnings: string[] = [];
  const where = example === undefined ? directory : exampleDirectory(example);
  const stacks = readStackFiles(where, (file) =>
    warnings.push(`${file} is passed over: it has no key of '${NAMESPACE}' in its 'config'`),
  );
  const sending = [`${NAMESPACE}:source`, `${NAMESPACE}:watch`];
  if (!stacks.some(({ config }) => sending.some((key) => key in config))) {
    warnings.push(
      `nothing is replicated by the stacks of ${resolve(where)} (${stacks.map(({ name }) => name).join(", ")}): no Pulumi.<stack>.yaml there has '${sending[0]}' in its 'config'; add the file of the source's stack`,
    );
  }
  const progress = new Progress(stacks.length + 1);
  try {
    const { default: program } = await import("../program/program");
    progress.step("loading");
    const run = await runProgram(program, stacks, {
      project: NAMESPACE,
      onStack: (stack) => progress.step(`stack ${stack}`),
    });
    return { ...run, warnings };
  } finally {
    progress.stop();
  }
}

function exampleDirectory(name: string): string {
  const directory = join(EXAMPLES, name);
  const names = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasStackFiles(join(EXAMPLES, entry.name)))
    .map((entry) => entry.name);
  if (!names.includes(name)) {
    throw new InvalidInputError("--example", [`must be one of ${names.join(", ")}, got ${show(name)}`]);
  }
  return directory;
}
