/** 's3-replication doctor' on the command line: its options and its help. */
import type { Command } from "commander";
import { addGateOptions } from "../gateOptions";
import { addAccountOptions } from "../accountOptions";
import { collectFindings, evidenceOption } from "../optionValues";
import { sourceBucketCommand, STOPPED_CODES } from "./sourceBucketCommand";

/** What 's3-replication doctor' takes and says of itself. */
export function doctor(program: Command): void {
  addGateOptions(
    addAccountOptions(
      sourceBucketCommand(
        program,
        "doctor",
        "find out what is wrong with the replication of a bucket: read both accounts, and change nothing",
      ),
    ),
  )
    .option(
      "--organization-profile <name>",
      "profile of an account that may read the organization's policies: the management account, or one that it delegates this to",
    )
    .option("--organization-role-arn <arn>", "role to assume for that")
    .option(
      "--assume-organization-allows",
      "take it that policies of the organization which could not be read deny nothing",
    )
    .option("--sample <number>", "how many objects to ask for their replication status, 0 to 2000", "200")
    .option("--write-snapshot <file>", "write what was read as a snapshot file, for a ticket or a rehearsal")
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
Exit codes: 0 proven, 1 broken, 2 bad input or no access, 3 unproven,
            4 more granted than needed, with --fail-on unused,
            ${STOPPED_CODES}

Examples:
  $ s3-replication doctor acme-data --source-profile data \\
      --destination-profile archive
  $ s3-replication doctor acme-data --json --sample 1000
  $ s3-replication doctor acme-data --write-snapshot ticket.json \\
      --html ticket.html`,
    )
    .action(async (bucketName: string, options: Record<string, unknown>) => {
      const { doctorCommand } = await import("../doctor");
      process.exitCode = await doctorCommand(bucketName, options);
    });
}
