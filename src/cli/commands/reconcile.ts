/** 's3-replication reconcile' on the command line: its options and its help. */
import { type Command, Option } from "commander";
import { addAccountOptions } from "../accountOptions";
import { once } from "../optionValues";
import { sourceBucketCommand, STOPPED_CODES } from "./sourceBucketCommand";

/** What 's3-replication reconcile' takes and says of itself. */
export function reconcile(program: Command): void {
  addAccountOptions(
    sourceBucketCommand(
      program,
      "reconcile",
      "which versions are at their destinations as the rules want them, which are not, and why",
    ),
  )
    .addOption(
      new Option("--engine <name>", "how the versions are read").choices(["auto", "list"]).default("auto"),
    )
    .option("--prefix <prefix>", "only keys that begin with this")
    .option(
      "--head-limit <number>",
      "missing versions that are asked for their status at most, a request each",
      once,
    )
    .option(
      "--sample <number>",
      "versions in place whose encryption and tags are compared, two requests each",
      once,
    )
    .option(
      "--manifest <place>",
      "write the missing versions as lists for S3 Batch Operations, one for each cause: to files beginning so, or s3://<bucket>/<key>",
      once,
    )
    .option(
      "--resume <file>",
      "keep the state of the run in this file, and go on from it where it is there",
      once,
    )
    .option("--no-explain", "do not ask the settings of both accounts why versions are missing")
    .option("--html <file>", "write the result as a page", once)
    .option("--json", "print one JSON document instead of text")
    .addHelpText(
      "after",
      `
Every version and delete marker of the source is looked for at each
destination. Nothing is changed; --manifest and --resume write what they name.

Exit codes: 0 complete, 1 incomplete, 2 bad input or no access,
            3 undecided: nothing is known to be missing, not all could be told,
            ${STOPPED_CODES}

Examples:
  $ s3-replication reconcile acme-data
  $ s3-replication reconcile acme-data --source-profile data \\
      --destination-profile archive --html reconciled.html
  $ s3-replication reconcile acme-data --manifest s3://acme-desk/missing.csv
  $ s3-replication reconcile acme-data --resume reconcile.state`,
    )
    .action(async (bucketName: string, options: Record<string, unknown>) => {
      const { reconcileCommand } = await import("../reconcile");
      process.exitCode = await reconcileCommand(bucketName, options);
    });
}
