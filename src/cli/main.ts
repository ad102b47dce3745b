#!/usr/bin/env node
import { Command, CommanderError } from "commander";

/** Exit code of bad input and bad usage. */
const BAD_INPUT = 2;

const program = new Command("s3-replication")
  .description("Cross-account S3 replication: proven before the deployment, verified after it")
  .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 80, 100) })
  .showHelpAfterError("(--help lists the options)")
  .exitOverride();

program
  .command("rehearse")
  .description("replicate objects on paper: decide every request that S3 will make as the replication role")
  .option("--directory <dir>", "directory of the stack configurations, Pulumi.<stack>.yaml", ".")
  .option("--example <name>", "one of the set-ups that come with the package instead of a directory")
  .option("--snapshot <file>", "accounts from a snapshot file instead of stack configurations")
  .option(
    "--write-snapshot <file>",
    "write the accounts as a snapshot file, for a ticket or a later rehearsal",
  )
  .option("--json", "print one JSON document instead of text")
  .addHelpText(
    "after",
    `
Exit codes: 0 proven, 1 broken, 2 bad input or usage, 3 unproven

Examples:
  $ s3-replication rehearse
  $ s3-replication rehearse --example kms-cross-region
  $ s3-replication rehearse --snapshot accounts.json --json`,
  )
  .action(async (options: Record<string, unknown>) => {
    const { rehearseCommand } = await import("./rehearse");
    process.exitCode = await rehearseCommand(options);
  });

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});

/** People get one clear message, and a stack trace only of a defect of ours. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  if (error instanceof Error && isBadInput(error)) {
    process.stderr.write(`${error.message}\n`);
    return BAD_INPUT;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.stderr.write(
    "This is a defect of s3-replication; please report it with the command that you ran.\n",
  );
  return BAD_INPUT;
}

/** Errors that are about what was given: told by name, so that no command's modules are loaded to tell. */
function isBadInput(error: Error): boolean {
  const names = ["InvalidInputError", "PolicySyntaxError", "AwsRefusal"];
  return names.includes(error.name) || "__pulumiRunError" in error;
}
