/** 's3-replication permissions' on the command line: its options and its help. */
import { type Command, Option } from "commander";
import { PURPOSES } from "../../callers/purposes";
import { addSetUpOptions } from "../setUpOptions";

/** What 's3-replication permissions' takes and says of itself. */
export function permissions(program: Command): void {
  addSetUpOptions(
    program
      .command("permissions")
      .description(
        "print the IAM policies that whoever deploys a set-up, or runs a command on it, needs: exactly these actions, on exactly these resources",
      )
      .addOption(
        new Option("--for <who...>", "who needs them: who deploys a side, or who runs a command")
          .choices(PURPOSES)
          .makeOptionMandatory(),
      )
      .option("--with-removal", "whoever deploys may take the resources away again, too")
      .option("--json", "print one JSON document instead of text"),
  )
    .addHelpText(
      "after",
      `
Exit codes: 0 printed, 2 bad input or usage

Examples:
  $ s3-replication permissions --for source
  $ s3-replication permissions --example fan-in --for destination
  $ s3-replication permissions --for doctor status \\
      --state archive.json data.json
  $ s3-replication permissions --for verify --json | \\
      jq '.policies[0].policy'`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { permissionsCommand } = await import("../permissions");
      process.exitCode = await permissionsCommand(options);
    });
}
