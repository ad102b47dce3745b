/** 's3-replication status' on the command line: its options and its help. */
import type { Command } from "commander";
import { addAccountOptions } from "../accountOptions";
import { sourceBucketCommand, STOPPED_CODES } from "./sourceBucketCommand";

/** What 's3-replication status' takes and says of itself. */
export function status(program: Command): void {
  addAccountOptions(
    sourceBucketCommand(
      program,
      "status",
      "how the replication of a bucket does: rules, metrics, alarms, failure events, last canary",
    ),
  )
    .option(
      "--last-verify <file>",
      "what 'verify --json' printed last, which says how the last canary did; - reads the standard input",
    )
    .option("--json", "print one JSON document instead of text")
    .addHelpText(
      "after",
      `
Exit codes: 0 fine, 1 something is wrong, 2 bad input or no access,
            3 fine as far as it could be read,
            ${STOPPED_CODES}

Examples:
  $ s3-replication status acme-data
  $ s3-replication status acme-data --source-profile data --json
  $ s3-replication status acme-data --last-verify verify.json`,
    )
    .action(async (bucketName: string, options: Record<string, unknown>) => {
      const { statusCommand } = await import("../status");
      process.exitCode = await statusCommand(bucketName, options);
    });
}
