/** The `pulumi` of this machine, run in an isolated workspace. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** Version of the `pulumi` on PATH; undefined where there is none. */
export function pulumiVersion(): string | undefined {
  try {
    return execFileSync("pulumi", ["version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    }).trim();
  } catch {
    return undefined;
  }
}

/** What a run of the command came to. */
export interface Outcome {
  readonly command: string;
  readonly code: number | null;
  readonly stdout: string;
  /** All that was printed, in no particular order. */
  readonly text: string;
}

/** A run that can be cut off. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Ends the engine and all that it started, as a machine does that loses its power. */
  readonly kill: () => void;
}

/** Longer than any run here takes on a busy machine, and than one that fetches packages first. */
const LONGEST_RUN_MS = 420_000;
const LONGEST_FETCH_MS = 1_500_000;

export function startPulumi(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Running {
  return start("pulumi", args, cwd, env, LONGEST_RUN_MS);
}

/** A command line as somebody types it, with what it prints. */
export function runShell(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return start("sh", ["-c", line], cwd, env, LONGEST_FETCH_MS).outcome;
}

function start(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  longestMs: number,
): Running {
  // A group of its own: what the engine starts is ended with it.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => killGroup(child);
  return { outcome: watch(child, `${program} ${args.join(" ")}`, kill, longestMs), kill };
}

async function watch(
  child: ChildProcess,
  command: string,
  kill: () => void,
  longestMs: number,
): Promise<Outcome> {
  const chunks: { stream: "stdout" | "stderr"; text: string }[] = [];
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => chunks.push({ stream, text }));
  }
  const timer = setTimeout(kill, longestMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  const join = (isWanted: (stream: string) => boolean) =>
    chunks
      .filter(({ stream }) => isWanted(stream))
      .map(({ text }) => text)
      .join("");
  return { command, code, stdout: join((stream) => stream === "stdout"), text: join(() => true) };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
