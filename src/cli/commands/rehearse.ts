import { type Command, Option } from "commander";
import { collect, collectFindings, once } from "../optionValues";

/** What 's3-replication rehearse' takes and says of itself. */
export function rehearse(program: Command): void {
  program
    .command("rehearse")
    .description("replicate objects on paper: decide every request that S3 will make as the replication role")
    .option("--directory <dir>", "directory of the stack configurations, Pulumi.<stack>.yaml", ".")
    .addOption(
      source(
        "--example <name>",
        "one of the set-ups that come with the package instead of a directory",
      ).argParser(once),
    )
    .addOption(
      source("--snapshot <file>", "accounts from a snapshot file; - reads the standard input").argParser(
        once,
      ),
    )
    .addOption(
      source(
        "--state <file...>",
        "deployed stacks, as 'pulumi stack export' prints them: a file each",
      ).argParser(collect),
    )
    .addOption(
      source(
        "--preview <file...>",
        "stacks on their way, as 'pulumi preview --json --show-sames --show-reads' prints them: a file each",
      ).argParser(collect),
    )
    .addOption(
      source(
        "--program <dir>",
        "any Node.js program that uses @pulumi/aws; it runs in this process",
      ).argParser(once),
    )
    .option("--stack <name...>", "stacks of --program, in the order of their deployment", collect)
    .option(
      "--account <name=id...>",
      "accounts of providers, or of stacks' default providers, that do not say their own; <id> alone is for all others",
      collect,
    )
    .option(
      "--write-snapshot <file>",
      "write the accounts as a snapshot file, for a ticket or a later rehearsal",
    )
    .option(
      "--accept <finding>",
      "take a finding about a rule as meant so, by the id in the report or by its kind; once for each",
      collectFindings,
    )
    .option("--html <file>", "write the report as one HTML page with a drawing, too; replaces an earlier one")
    .option("--json", "print one JSON document instead of text")
    .addHelpText(
      "after",
      `
Exit codes: 0 proven, 1 broken, 2 bad input or usage, 3 unproven,
            130 stopped by Ctrl-C, 143 by SIGTERM

Examples:
  $ s3-replication rehearse
  $ s3-replication rehearse --example kms-cross-region
  $ s3-replication rehearse --snapshot accounts.json --json
  $ s3-replication rehearse --state archive.json data.json
  $ s3-replication rehearse --program ../storage --stack archive data`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { rehearseCommand } = await import("../rehearse");
      process.exitCode = await rehearseCommand(options);
    });
}

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
