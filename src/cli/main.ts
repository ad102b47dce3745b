#!/usr/bin/env node
import "./compileCache";
import { Command, CommanderError, Option } from "commander";
import { printable } from "../printable";
import { addAccountOptions, addSourceOptions } from "./accountOptions";

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

addAccountOptions(
  program
    .command("status")
    .description("how the replication of a bucket does: rules, metrics, alarms, failure events, last canary")
    .argument("<source-bucket>", "name of the bucket whose objects are replicated"),
)
  .option(
    "--last-verify <file>",
    "what 'verify --json' printed last, which says how the last canary did; - reads the standard input",
  )
  .option("--json", "print one JSON document instead of text")
  .addHelpText(
    "after",
    `
Exit codes: 0 fine, 1 something is wrong, 2 bad input or no access, 3 fine as far as it could be read

Examples:
  $ s3-replication status acme-data
  $ s3-replication status acme-data --source-profile data --json
  $ s3-replication status acme-data --last-verify verify.json`,
  )
  .action(async (bucketName: string, options: Record<string, unknown>) => {
    const { statusCommand } = await import("./status");
    process.exitCode = await statusCommand(bucketName, options);
  });

addAccountOptions(
  program
    .command("doctor")
    .description(
      "find out what is wrong with the replication of a bucket: read both accounts, and change nothing",
    )
    .argument("<source-bucket>", "name of the bucket whose objects are replicated"),
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
  .option("--html <file>", "write the report as one HTML page with a drawing, too; replaces an earlier one")
  .option("--json", "print one JSON document instead of text")
  .addHelpText(
    "after",
    `
Exit codes: 0 proven, 1 broken, 2 bad input or no access, 3 unproven

Examples:
  $ s3-replication doctor acme-data --source-profile data --destination-profile archive
  $ s3-replication doctor acme-data --json --sample 1000
  $ s3-replication doctor acme-data --write-snapshot ticket.json --html ticket.html`,
  )
  .action(async (bucketName: string, options: Record<string, unknown>) => {
    const { doctorCommand } = await import("./doctor");
    process.exitCode = await doctorCommand(bucketName, options);
  });

addAccountOptions(
  program
    .command("verify")
    .description(
      "verify the replication of a bucket with real objects: a small canary under each enabled rule, which is followed to its replica, checked and removed",
    )
    .argument("<source-bucket>", "name of the bucket whose objects are replicated"),
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
Exit codes: 0 every rule is verified, 1 a rule failed or made a wrong replica, 2 bad input or no
access, 3 not finished before the deadline, or not every rule could be verified

Examples:
  $ s3-replication verify acme-data --source-profile data --destination-profile archive
  $ s3-replication verify acme-data --destination-role-arn arn:aws:iam::222222222222:role/auditor
  $ s3-replication verify acme-data --json --timeout 30m      # hourly, from a scheduler
  $ s3-replication verify acme-data --leave-canaries          # as the source account alone`,
  )
  .action(async (bucketName: string, options: Record<string, unknown>) => {
    const { verifyCommand } = await import("./verify");
    process.exitCode = await verifyCommand(bucketName, options);
  });

addSourceOptions(
  program
    .command("backfill")
    .description("replicate the objects that were there before the rules, or failed: a Batch Replication job")
    .argument("<source-bucket>", "name of the bucket whose objects are replicated"),
)
  .option("--created-after <time>", "objects created after a day or time, such as 2026-11-21")
  .option("--created-before <time>", "objects created before a day or time")
  .option(
    "--status <status>",
    "replication status of the objects: NONE, FAILED, COMPLETED or REPLICA; once for each (default: NONE and FAILED)",
    collect,
  )
  .option("--prefix <prefix>", "objects whose keys begin with this")
  .option("--manifest <uri>", "objects of a list of your own, s3://<bucket>/<key>#<ETag>, instead")
  .option("--report <uri>", "where S3 writes which objects failed and why, s3://<bucket>/<prefix>")
  .option("--priority <number>", "priority among the account's jobs; higher goes first (default: 10)")
  .option(
    "--role-arn <arn>",
    "role of the job (default: the replication role's name with '-batch' behind it)",
  )
  .option(
    "--token <text>",
    "tells jobs apart that are otherwise the same: without it, a job that was made before is found again",
  )
  .option("--job <id>", "follow this job instead of making one")
  .option("--no-wait", "do not follow the job")
  .option("--dry-run", "show the job, and make nothing")
  .option("--yes", "make the job without asking")
  .option("--json", "print one JSON document instead of text")
  .addHelpText(
    "after",
    `
The same command finds the job that it made, and never makes a second one.
Ctrl-C stops following; the job goes on.

Exit codes: 0 all replicated, 1 failures, 2 bad input, usage or no access,
            3 not ended or not known

Examples:
  $ s3-replication backfill acme-data --report s3://acme-desk/backfill --dry-run
  $ s3-replication backfill acme-data --report s3://acme-desk/backfill --yes
  $ s3-replication backfill acme-data --status FAILED --token 2026-11-21
  $ s3-replication backfill acme-data --prefix documents/ --created-before 2026-01-01
  $ s3-replication backfill acme-data --manifest s3://acme-desk/list.csv#60e460c9d1046e73f7dde5043ac3ae85
  $ s3-replication backfill acme-data --job 3f2b1a00-1f3b-4d1c-9a52-3f2b1a001f3b`,
  )
  .action(async (bucketName: string, options: Record<string, unknown>) => {
    const { backfillCommand } = await import("./backfill");
    process.exitCode = await backfillCommand(bucketName, options);
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
  const names = ["InvalidInputError", "PolicySyntaxError", "AwsRefusal", "AwsCallFailed"];
  return names.includes(error.name) || "__pulumiRunError" in error;
}
