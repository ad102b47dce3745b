/** 's3-replication backfill' on the command line: its options and its help. */
import type { Command } from "commander";
import { collect } from "../optionValues";
import { addSourceOptions } from "../accountOptions";
import { sourceBucketCommand, STOPPED_CODES } from "./sourceBucketCommand";

/** What 's3-replication backfill' takes and says of itself. */
export function backfill(program: Command): void {
  addSourceOptions(
    sourceBucketCommand(
      program,
      "backfill",
      "replicate the objects that were there before the rules, or failed: a Batch Replication job",
    ),
  )
    .option("--created-after <time>", "objects created after a day or time, such as 2026-11-21")
    .option("--created-before <time>", "objects created before a day or time")
    .option(
      "--status <status>",
      "replication status of the objects: NONE, FAILED, COMPLETED or REPLICA; once for each (default: NONE and FAILED)",
      collect,
    )
    .option("--prefix <prefix>", "objects whose keys begin with this")
    .option(
      "--manifest <uri>",
      "objects of a list, such as one that reconcile wrote, instead: s3://<bucket>/<key>, #<ETag> behind it pins its content",
    )
    .option("--report <uri>", "where S3 writes which objects failed and why, s3://<bucket>/<prefix>")
    .option("--priority <number>", "priority among the account's jobs; higher goes first (default: 10)")
    .option(
      "--role-arn <arn>",
      "role of the job (default: the replication role's name with '-batch' behind it)",
    )
    .option(
      "--token <text>",
      "stands for one job: the same command with the same token never makes a second one (for schedulers, a date)",
    )
    .option("--job <id>", "follow this job instead of making one")
    .option("--no-wait", "do not follow the job")
    .option("--dry-run", "show the job, and make nothing")
    .option("--yes", "make the job without asking")
    .option("--json", "print one JSON document instead of text")
    .addHelpText(
      "after",
      `
A job of the same request that is under way is followed and never doubled. Once
it ended, the same command says when and how, and makes another one. Ctrl-C
stops following; the job goes on.

Exit codes: 0 all replicated, 1 failures, 2 bad input, usage or no access,
            3 not ended or not known, ${STOPPED_CODES}

Examples:
  $ s3-replication backfill acme-data --report s3://acme-desk/backfill --dry-run
  $ s3-replication backfill acme-data --report s3://acme-desk/backfill --yes
  $ s3-replication backfill acme-data --status FAILED --token 2026-11-21
  $ s3-replication backfill acme-data --prefix documents/ \\
      --created-before 2026-01-01
  $ s3-replication backfill acme-data \\
      --manifest s3://acme-desk/list.csv#60e460c9d1046e73f7dde5043ac3ae85
  $ s3-replication backfill acme-data --job 3f2b1a00-1f3b-4d1c-9a52-3f2b1a001f3b`,
    )
    .action(async (bucketName: string, options: Record<string, unknown>) => {
      const { backfillCommand } = await import("../backfill");
      process.exitCode = await backfillCommand(bucketName, options);
    });
}
