/** 's3-replication verify' on the command line: its options and its help. */
import type { Command } from "commander";
import { addAccountOptions } from "../accountOptions";
import { sourceBucketCommand, STOPPED_CODES } from "./sourceBucketCommand";

/** What 's3-replication verify' takes and says of itself. */
export function verify(program: Command): void {
  addAccountOptions(
    sourceBucketCommand(
      program,
      "verify",
      "verify the replication of a bucket with real objects: a small canary under each enabled rule, which is followed to its replica, checked and removed",
    ),
  )
    .option("--timeout <time>", "how long a canary, and then its delete marker, may take: 90s, 15m", "15m")
    .option(
      "--canary-prefix <prefix>",
      "what keys of canaries begin with, after the prefix of their rule",
      ".s3-replication-canary/",
    )
    .option(
      "--leave-canaries",
      "put canaries even where they or their replicas cannot be removed: under a default retention, or without access to the destination",
    )
    .option("--json", "print one JSON document instead of text")
    .addHelpText(
      "after",
      `
Exit codes: 0 every rule is verified, 1 a rule failed or made a wrong replica,
            2 bad input or no access, 3 not finished before the deadline, or not
            every rule could be verified,
            ${STOPPED_CODES}

Examples:
  $ s3-replication verify acme-data --source-profile data \\
      --destination-profile archive
  $ s3-replication verify acme-data \\
      --destination-role-arn arn:aws:iam::222222222222:role/auditor
  $ s3-replication verify acme-data --json --timeout 30m   # from a scheduler
  $ s3-replication verify acme-data --leave-canaries       # as the source alone`,
    )
    .action(async (bucketName: string, options: Record<string, unknown>) => {
      const { verifyCommand } = await import("../verify");
      process.exitCode = await verifyCommand(bucketName, options);
    });
}
