/** 's3-replication reconcile' on the command line: its options and its help. */
import { type Command, Option } from "commander";
import { addAccountOptions } from "../accountOptions";
import { collect, once } from "../optionValues";
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
      new Option("--engine <name>", "how the versions are read")
        .choices(["auto", "list", "inventory", "athena"])
        .default("auto"),
    )
    .option("--prefix <prefix>", "only keys that begin with this")
    .option(
      "--head-limit <number>",
      "missing versions that are asked for their status at most, a request each (default: 10000)",
      once,
    )
    .option(
      "--sample <number>",
      "versions in place whose encryption and tags are compared, two requests each (default: 100)",
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
    .option(
      "--source-inventory <place>",
      "inventory of the source: s3://<bucket>/<key>/manifest.json, or a directory with a manifest.json; without it the newest delivery that fits",
      once,
    )
    .option(
      "--destination-inventory <place>",
      "inventory of a destination; can be given several times",
      collect,
    )
    .option(
      "--memory-limit <size>",
      "memory that --engine inventory takes at most, as in 8GB; half of all by default",
      once,
    )
    .option(
      "--spill-directory <directory>",
      "where inventories and what does not fit into memory go while it runs",
      once,
    )
    .option("--workgroup <name>", "workgroup of Athena in the source's account, for --engine athena", once)
    .option(
      "--database <name>",
      "database in which --engine athena makes its tables; 'default' without it",
      once,
    )
    .option(
      "--source-table <table>",
      "table of Athena that lists the source, such as a live inventory table",
      once,
    )
    .option(
      "--destination-table <table>",
      "the same for a destination; once for each, in the order of the rules",
      collect,
    )
    .option("--yes", "let Athena scan without asking")
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
  $ s3-replication reconcile acme-data --resume reconcile.state
  $ s3-replication reconcile acme-data --engine inventory --memory-limit 8GB
  $ s3-replication reconcile acme-data --engine athena --workgroup audits`,
    )
    .action(async (bucketName: string, options: Record<string, unknown>) => {
      const { reconcileCommand } = await import("../reconcile");
      process.exitCode = await reconcileCommand(bucketName, options);
    });
}
