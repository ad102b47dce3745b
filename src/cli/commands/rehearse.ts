/** 's3-replication rehearse' on the command line: its options and its help. */
import type { Command } from "commander";
import { collectFindings, evidenceOption } from "../optionValues";
import { addGateOptions } from "../gateOptions";
import { addSetUpOptions } from "../setUpOptions";

/** What 's3-replication rehearse' takes and says of itself. */
export function rehearse(program: Command): void {
  addSetUpOptions(
    addGateOptions(
      program
        .command("rehearse")
        .description(
          "replicate objects on paper: decide every request that S3 will make as the replication role",
        ),
    ),
  )
    .option(
      "--write-snapshot <file>",
      "write the accounts as a snapshot file, for a ticket or a later rehearsal",
    )
    .addOption(evidenceOption())
    .option(
      "--accept <finding>",
      "take a finding about a rule as meant so, by the id in the report or by its kind; once for each",
      collectFindings,
    )
    .option("--html <file>", "write the report as one HTML page with a drawing, too; replaces an earlier one")
    .addHelpText(
      "after",
      `
Exit codes: 0 proven, 1 broken, 2 bad input or usage, 3 unproven,
            4 more granted than needed, with --fail-on unused,
            130 stopped by Ctrl-C, 143 by SIGTERM

Examples:
  $ s3-replication rehearse
  $ s3-replication rehearse --example kms-cross-region
  $ s3-replication rehearse --snapshot accounts.json --json
  $ s3-replication rehearse --state archive.json data.json
  $ s3-replication rehearse \\
      --cloudformation archive.yaml --account 222222222222 --region eu-west-1 \\
      --cloudformation data.yaml --account 111111111111 --region eu-west-1
  $ s3-replication rehearse --program ../storage --stack archive data`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { rehearseCommand } = await import("../rehearse");
      process.exitCode = await rehearseCommand(options);
    });
}
