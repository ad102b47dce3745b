/** The command line as people run it: a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as ts from "typescript";

const ROOT = resolve(__dirname, "..", "..");

/** The command compiled once for all tests: a process then starts in a third of the time. */
let compiled: string | undefined;

function compile(): string {
  const directory = mkdtempSync(join(tmpdir(), "s3-replication-bin-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  for (const shared of ["node_modules", "examples", "package.json"]) {
    symlinkSync(join(ROOT, shared), join(directory, shared));
  }
  const readFile = (file: string) => readFileSync(file, "utf8");
  const { compilerOptions } = ts.readConfigFile(join(ROOT, "tsconfig.json"), readFile).config as {
    compilerOptions: Record<string, unknown>;
  };
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, ROOT);
  for (const file of readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })) {
    const target = join(directory, "bin", file);
    mkdirSync(dirname(target), { recursive: true });
    if (!file.endsWith(".ts")) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(ROOT, "src", file), "utf8"), {
      compilerOptions: { ...options, sourceMap: false },
    });
    writeFileSync(target.replace(/ts$/, "js"), outputText);
  }
  return join(directory, "bin", "cli", "main.js");
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  /** Without what the program warns of: that nobody hears the alarms, and that a stack only receives at first. */
  readonly stderr: string;
}

const WARNINGS = /^warning: .*(the alarms of \w+ '[\w-]+' reach nobody|so this stack only receives): .*\n/gm;

/**
 * Runs `s3-replication` with its output into pipes.
 * @param onStart Gets the process, to send it signals.
 * @param stdout Where its output goes instead of a pipe.
 */
export function cli(
  args: readonly string[],
  env: Record<string, string> = {},
  onStart?: (child: ChildProcess) => void,
  stdout?: number,
): Promise<Result> {
  return run([command(), ...args], env, onStart, stdout);
}

/** File of the compiled command. */
export function command(): string {
  return (compiled ??= compile());
}

/** Runs it from its sources. */
export function cliFromSources(args: readonly string[]): Promise<Result> {
  return run([
    "-r",
    require.resolve("ts-node/register/transpile-only"),
    join(ROOT, "src/cli/main.ts"),
    ...args,
  ]);
}

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
  onStart: (child: ChildProcess) => void = () => undefined,
  stdout: number | "pipe" = "pipe",
): Promise<Result> {
  const child = spawn(process.execPath, args, {
    // Only what a process needs: CI, NO_COLOR and the like change what is printed.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", stdout, "pipe"],
    cwd: ROOT,
  });
  onStart(child);
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { ...output, stderr: output.stderr.replaceAll(WARNINGS, ""), code: code ?? -1 };
}

/** A directory with these files, gone when the test is done with it. */
export async function inDirectory<T>(
  files: Readonly<Record<string, string | Buffer>>,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "s3-replication-"));
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The two stack files of a pair that is proven, as YAML (which JSON is), after a change. */
export function stackFiles(destination: object = {}, source: object = {}): Record<string, string> {
  const stack = (side: string, settings: object) =>
    JSON.stringify({ config: { [`s3-replication:${side}`]: settings } });
  return {
    "Pulumi.destination.yaml": stack("destination", {
      accountId: "222222222222",
      region: "eu-central-1",
      bucketName: "cli-replicas",
      sources: [{ accountId: "111111111111" }],
      ...destination,
    }),
    "Pulumi.source.yaml": stack("source", {
      accountId: "111111111111",
      region: "eu-west-1",
      bucketName: "cli-objects",
      destinations: { replicas: { stack: "organization/s3-replication/destination" } },
      rules: [{ id: "everything" }],
      ...source,
    }),
  };
}

/** Characters that a terminal acts on, line ends aside. */
export const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

/** The longest line, in characters. */
export const width = (text: string): number => Math.max(...text.split("\n").map((line) => [...line].length));
