#!/usr/bin/env node
import "./compileCache";
import { Command, CommanderError, Option } from "commander";
import { printable } from "../printable";

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
  .addOption(source("--snapshot <file>", "accounts from a snapshot file; - reads the standard input"))
  .addOption(
    source(
      "--state <file>",
      "deployed stack, as 'pulumi stack export' prints it; once for each stack",
    ).argParser(collect),
  )
  .addOption(
    source(
      "--preview <file>",
      "stack on its way, as 'pulumi preview --json --show-sames --show-reads' prints it; once for each stack",
    ).argParser(collect),
  )
  .addOption(source("--program <dir>", "any Node.js program that uses @pulumi/aws; it runs in this process"))
  .option(
    "--stack <name>",
    "stack of --program; once for each stack, in the order of their deployment",
    collect,
  )
  .option(
    "--account <name=id>",
    "account of a provider, or of a stack's default provider, that does not say its own; <id> alone is for all others",
    collect,
  )
  .option(
    "--write-snapshot <file>",
    "write the accounts as a snapshot file, for a ticket or a later rehearsal",
  )
  .option("--html <file>", "write the report as one HTML page with a drawing, too; replaces an earlier one")
  .option("--json", "print one JSON document instead of text")
  .addHelpText(
    "after",
    `
Exit codes: 0 proven, 1 broken, 2 bad input or usage, 3 unproven

Examples:
  $ s3-replication rehearse
  $ s3-replication rehearse --example kms-cross-region
  $ s3-replication rehearse --snapshot accounts.json --json
  $ s3-replication rehearse --state archive.json --state data.json
  $ s3-replication rehearse --program ../storage --stack archive --stack data`,
  )
  .action(async (options: Record<string, unknown>) => {
    const { rehearseCommand } = await import("./rehearse");
    process.exitCode = await rehearseCommand(options);
  });

/** Where accounts come from: one kind of source at a time, but states and previews go together. */
function source(flags: string, description: string): Option {
  const option = new Option(flags, description);
  const together = ["state", "preview"];
  const others = ["directory", "example", "snapshot", "state", "preview", "program"].filter(
    (other) =>
      other !== option.attributeName() &&
      !(together.includes(other) && together.includes(option.attributeName())),
  );
  return option.conflicts(others);
}

function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});

/** People get one clear message, and a stack trace only of a defect of ours. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  if (error instanceof Error && isBadInput(error)) {
    process.stderr.write(`${error.message.split("\n").map(printable).join("\n")}\n`);
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
