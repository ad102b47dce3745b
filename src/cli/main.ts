#!/usr/bin/env node
/** The command line: its commands, and how it ends. */
import "./compileCache";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { printable } from "../output/printable";
import { COMMAND_DEFINITIONS } from "./commands";
import { watchEnding } from "./ending";

/** Exit code of bad input, bad usage, and of an end without a verdict. */
const BAD_INPUT = 2;

/** Columns that help takes at most; what commands add at its end keeps to it as well. */
const WIDEST_HELP = 80;

const program = new Command("s3-replication")
  .description("Cross-account S3 replication: proven before the deployment, verified after it")
  .version(version(), "--version", "print the version of the package")
  .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? WIDEST_HELP, WIDEST_HELP) })
  .showHelpAfterError("(--help lists the options)")
  .exitOverride();

for (const define of COMMAND_DEFINITIONS) define(program);
for (const command of program.commands) command.allowExcessArguments().hook("preAction", refuseSurplus);

const done = watchEnding(BAD_INPUT);
program
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = exitCodeOf(error);
  })
  .finally(done);

/** Commander would say how many there are, and not which. */
function refuseSurplus(command: Command): void {
  const allowed = command.registeredArguments.map((argument) => `<${argument.name()}>`);
  const surplus = command.args.slice(allowed.length);
  if (surplus.length === 0) return;
  const takes = allowed.length === 0 ? "options only" : `${allowed.join(" ")} and options`;
  command.error(
    `error: '${command.name()}' takes ${takes}, got '${surplus.map(printable).join("', '")}' besides; write the option that it is the value of in front of it`,
    { exitCode: BAD_INPUT },
  );
}

function version(): string {
  const file = join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** People get one clear message, and a stack trace only of a defect of ours: not where the system refuses what the work takes. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  if (error instanceof Error && isBadInput(error)) {
    process.stderr.write(`${error.message.split("\n").map(printable).join("\n")}\n`);
    return BAD_INPUT;
  }
  if (error instanceof Error && "syscall" in error) {
    process.stderr.write(`cannot go on: ${printable(error.message)}\n`);
    return BAD_INPUT;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.stderr.write(
    "This is a defect of s3-replication; please report it with the command that you ran.\n",
  );
  return BAD_INPUT;
}

/** Whether an error is about what was given. Its name decides, so that no module of a command has to be loaded. */
function isBadInput(error: Error): boolean {
  const names = ["InvalidInputError", "PolicySyntaxError", "AwsRefusal", "AwsCallFailed"];
  return names.includes(error.name) || "__pulumiRunError" in error;
}
