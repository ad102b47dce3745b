/** Runs processes one after the other, side by side with what they are compared with. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Measurement } from "./measurement";
import { median } from "./statistics";

/** A process to run: arguments of Node.js. */
export type Command = readonly string[];

export type Medians = Measurement;

/** The command line as it is shipped. */
export const CLI = join(__dirname, "..", "..", "..", "bin", "cli", "main.js");

/** Compiled programs that measure themselves. */
export function program(name: string, ...args: readonly (string | number)[]): Command {
  return [join(__dirname, "..", "programs", `${name}.js`), ...args.map(String)];
}

/** Measures every command as often, in turns (A B A B ...), so that what slows the machine down slows all of them. */
export function alternate<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  rounds: number,
  run: (command: Command) => Measurement,
): Record<Name, Medians> {
  const names = Object.keys(commands) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, [] as Measurement[]])) as Record<
    Name,
    Measurement[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) found[name].push(run(commands[name]));
  }
  return Object.fromEntries(names.map((name) => [name, mediansOf(found[name])])) as Record<Name, Medians>;
}

/** A program that tells what it measured. */
export function selfMeasured(command: Command): Measurement {
  const lines = output(command).trimEnd().split("\n");
  return JSON.parse(lines.at(-1) ?? "") as Measurement;
}

/** A program that only prepares something. */
export function runs(command: Command): void {
  output(command);
}

/** A whole process, from the outside. */
export function wholeProcess(command: Command): Measurement {
  const began = performance.now();
  output(command);
  const tookMs = performance.now() - began;
  return { totalMs: tookMs, workMs: tookMs, cpuMs: NaN, peakMb: NaN };
}

function output(command: Command): string {
  const { status, error, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    env: plainEnvironment(),
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`'node ${command.join(" ")}' ended with ${status}:\n${stderr.slice(-2000)}`);
  return stdout;
}

/** Nothing of the environment changes what is measured. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|PULUMI_|CDK_|NODE_OPTIONS|npm_)/.test(name)),
  );
}

function mediansOf(measurements: readonly Measurement[]): Medians {
  const of = (choose: (measurement: Measurement) => number) => median(measurements.map(choose));
  return {
    totalMs: of(({ totalMs }) => totalMs),
    workMs: of(({ workMs }) => workMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    peakMb: of(({ peakMb }) => peakMb),
  };
}
