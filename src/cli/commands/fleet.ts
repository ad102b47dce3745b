/** 's3-replication fleet' on the command line: its options and its help. */
import type { Command } from "commander";
import { FLEET_FAIL_ON } from "../../rehearsal/gate/gate";
import { addFleetOptions } from "../accountOptions";
import { addGateOptions } from "../gateOptions";
import { collect, collectFindings, evidenceOption } from "../optionValues";
import { STOPPED_CODES } from "./sourceBucketCommand";

/** What 's3-replication fleet' takes and says of itself. */
export function fleet(program: Command): void {
  addGateOptions(
    addFleetOptions(program.command("fleet")).description(
      "find every replicated bucket of one or many accounts, prove it and see how it does: reads, and changes nothing",
    ),
    FLEET_FAIL_ON,
  )
    .option("--region <region>", "only source buckets in this Region; once for each", collect)
    .option(
      "--reports <file...>",
      "what 'reconcile --json' and 'verify --json' printed earlier, which says when a pair was last reconciled and verified",
      collect,
    )
    .option(
      "--assume-organization-allows",
      "take it that policies of the organization which could not be read deny nothing",
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
Exit codes: 0 every pair is proven and does well, 1 one is broken or fails,
            2 bad input or no access, 3 something is unproven, was not
            read, or no bucket replicates, 4 one is unwatched, with
            --fail-on unwatched,
            ${STOPPED_CODES}

Examples:
  $ s3-replication fleet
  $ s3-replication fleet --account 111111111111=data \\
      --account 222222222222=arn:aws:iam::222222222222:role/reader
  $ s3-replication fleet --organization --role-name audit/reader \\
      --html fleet.html
  $ s3-replication fleet --reports reconcile.json verify.json --json`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { fleetCommand } = await import("../fleet");
      process.exitCode = await fleetCommand(options);
    });
}
