/** Options with which a command is told where the set-up is that it reads: files and programs, and live accounts beside them. */
import { type Command, Option } from "commander";
import { collect, once } from "./optionValues";
import { TemplateOptions } from "./templateOptions";

export function addSetUpOptions(command: Command): Command {
  const templates = new TemplateOptions();
  /** What follows another source is not about a template. */
  const other =
    <T>(parse: (value: string, previous: T) => T) =>
    (value: string, previous: T) => {
      templates.end();
      return parse(value, previous);
    };
  return command
    .option("--directory <dir>", "directory of the stack configurations, Pulumi.<stack>.yaml", ".")
    .addOption(
      source(
        "--example <name>",
        "one of the set-ups that come with the package instead of a directory",
      ).argParser(once),
    )
    .addOption(
      source("--snapshot <file>", "accounts from a snapshot file; - reads the standard input").argParser(
        other(collect),
      ),
    )
    .addOption(
      source(
        "--state <file...>",
        "deployed stacks, as 'pulumi stack export' prints them: a file each",
      ).argParser(other(collect)),
    )
    .addOption(
      source(
        "--preview <file...>",
        "stacks on their way, as 'pulumi preview --json --show-sames --show-reads' prints them: a file each",
      ).argParser(other(collect)),
    )
    .addOption(
      source(
        "--terraform <file...>",
        "Terraform or OpenTofu: a plan or a state as 'terraform show -json' prints it, or a state as 'terraform state pull' does",
      ).argParser(other(collect)),
    )
    .addOption(
      source(
        "--terraform-directory <dir>",
        "complete the plan of --plan by Terraform's own evaluation in a copy of this initialised directory, without AWS and without network; once for each root",
      ).argParser(other(collect)),
    )
    .option(
      "--plan <file>",
      "plan of the --terraform-directory, as 'terraform show -json' prints it; once for each",
      other(collect),
    )
    .option(
      "--variable <name=output>",
      "a variable of a later --terraform-directory is an output of an earlier one: <name>=output:<directory>.<output>; once for each",
      other(collect),
    )
    .addOption(
      source(
        "--program <dir>",
        "any Node.js program that uses @pulumi/aws; it runs in this process",
      ).argParser(once),
    )
    .option("--stack <name...>", "stacks of --program, in the order of their deployment", collect)
    .addOption(
      source(
        "--cloudformation <file>",
        "template of a stack, YAML or JSON; what is said of the stack comes after it; once for each stack",
      ).argParser((file) => templates.begin(file)),
    )
    .addOption(
      new Option("--stack-name <name>", "name of the template's stack (default: the file's name)").argParser(
        (name) => templates.setStackName(name),
      ),
    )
    .addOption(
      new Option(
        "--region <region>",
        "Region of the template's stack, or of the assembly's stacks that are for any; before the first one: of all",
      ).argParser((region) => templates.setRegion(region)),
    )
    .addOption(
      new Option(
        "--parameter <name=value>",
        "value of a parameter of the template, or of the assembly's stacks: <stack>:<name>=<value> of one",
      ).argParser((pair) => templates.addParameter(pair)),
    )
    .addOption(
      new Option(
        "--parameters <file>",
        "values of the template's parameters, as the AWS CLI takes them",
      ).argParser((file) => templates.addParameters(file)),
    )
    .addOption(
      source("--cdk <dir>", "cloud assembly that 'cdk synth' wrote: cdk.out; once for each app").argParser(
        (directory) => templates.beginAssembly(directory),
      ),
    )
    .option(
      "--account <name=id...>",
      "accounts of providers, or of stacks, that do not say their own; <id> alone is for all others, or for the template before it",
      (value: string, previous: readonly string[] | undefined) =>
        templates.takeAccount(value) ? previous : collect(value, previous),
    )
    .option(
      "--live <account=profile>",
      "read the other half on AWS, as it is: an account, and the profile that leads into it; once for each account",
      collect,
    );
}

/** Where accounts come from. A program is run alone; everything else goes together. */
function source(flags: string, description: string): Option {
  const option = new Option(flags, description);
  const together = [
    "snapshot",
    "state",
    "preview",
    "terraform",
    "terraformDirectory",
    "cloudformation",
    "cdk",
  ];
  const others = ["directory", "example", "program", ...together].filter(
    (other) =>
      other !== option.attributeName() &&
      !(together.includes(other) && together.includes(option.attributeName())),
  );
  return option.conflicts(others);
}
