/** Options with which a command is told where the set-up is that it reads: files and programs, and live accounts beside them. */
import { type Command, Option } from "commander";
import { flagOf, type SourceName, SOURCE_NAMES, SOURCES } from "../readers/sources";
import { collect, once } from "./optionValues";
import type { SetUpOptions } from "./readSetUp";
import { TemplateOptions } from "./templateOptions";

/** Options that say more of the template or the assembly before them. */
type OfTemplates = "stackName" | "region" | "parameter" | "parameters";

export function addSetUpOptions(command: Command): Command {
  for (const option of Object.values(setUpOptions())) command.addOption(option);
  return command;
}

/** In the order in which the help lists them. */
function setUpOptions(): Readonly<Record<keyof SetUpOptions | OfTemplates, Option>> {
  const templates = new TemplateOptions();
  /** What follows another source is not about a template. */
  const other = (value: string, previous: readonly string[] | undefined) => {
    templates.end();
    return collect(value, previous);
  };
  const option = (flags: string, description: string) => new Option(flags, description);
  return {
    directory: option(
      "--directory <dir>",
      "directory of the stack configurations, Pulumi.<stack>.yaml",
    ).default("."),
    example: source(
      "example",
      "<name>",
      "one of the set-ups that come with the package instead of a directory",
    ).argParser(once),
    snapshot: source(
      "snapshot",
      "<file>",
      "accounts from a snapshot file; - reads the standard input",
    ).argParser(other),
    state: source(
      "state",
      "<file...>",
      "deployed stacks, as 'pulumi stack export' prints them: a file each",
    ).argParser(other),
    preview: source(
      "preview",
      "<file...>",
      "stacks on their way, as 'pulumi preview --json --show-sames --show-reads' prints them: a file each",
    ).argParser(other),
    terraform: source(
      "terraform",
      "<file...>",
      "Terraform or OpenTofu: a plan or a state as 'terraform show -json' prints it, or a state as 'terraform state pull' does",
    ).argParser(other),
    terraformDirectory: source(
      "terraformDirectory",
      "<dir>",
      "complete the plan of --plan by Terraform's or OpenTofu's own evaluation in a copy of this initialised directory, without AWS and without network; once for each root",
    ).argParser(other),
    plan: option(
      "--plan <file>",
      "plan of the --terraform-directory, as 'terraform show -json' prints it; once for each",
    ).argParser(other),
    variable: option(
      "--variable <name=output>",
      "a variable of a later --terraform-directory is an output of an earlier one: <name>=output:<directory>.<output>; once for each",
    ).argParser(other),
    program: source(
      "program",
      "<dir>",
      "any Node.js program that uses @pulumi/aws; it runs in this process",
    ).argParser(once),
    stack: option("--stack <name...>", "stacks of --program, in the order of their deployment").argParser(
      collect,
    ),
    cloudformation: source(
      "cloudformation",
      "<file>",
      "template of a stack, YAML or JSON; what is said of the stack comes after it; once for each stack",
    ).argParser((file) => templates.begin(file)),
    stackName: option(
      "--stack-name <name>",
      "name of the template's stack (default: the file's name)",
    ).argParser((name) => templates.setStackName(name)),
    region: option(
      "--region <region>",
      "Region of the template's stack, or of the assembly's stacks that are for any; before the first one: of all",
    ).argParser((region) => templates.setRegion(region)),
    parameter: option(
      "--parameter <name=value>",
      "value of a parameter of the template, or of the assembly's stacks: <stack>:<name>=<value> of one",
    ).argParser((pair) => templates.addParameter(pair)),
    parameters: option(
      "--parameters <file>",
      "values of the template's parameters, as the AWS CLI takes them",
    ).argParser((file) => templates.addParameters(file)),
    cdk: source(
      "cdk",
      "<dir>",
      "cloud assembly that 'cdk synth' wrote: cdk.out; once for each app",
    ).argParser((directory) => templates.beginAssembly(directory)),
    account: option(
      "--account <name=id...>",
      "accounts of providers, or of stacks, that do not say their own; <id> alone is for all others, or for the template before it",
    ).argParser((value: string, previous: readonly string[] | undefined) =>
      templates.takeAccount(value) ? previous : collect(value, previous),
    ),
    live: option(
      "--live <account=profile>",
      "read the other half on AWS, as it is: an account, and the profile that leads into it; once for each account",
    ).argParser(collect),
  };
}

/** An option of the list of sources, or the one of examples. What is alone excludes all others. */
function source(name: SourceName | "example", value: string, description: string): Option {
  const joined: readonly string[] = SOURCE_NAMES.filter((each) => !SOURCES[each].isAlone);
  const others = ["directory", "example", ...SOURCE_NAMES].filter(
    (other) => other !== name && !(joined.includes(other) && joined.includes(name)),
  );
  return new Option(`${flagOf(name)} ${value}`, description).conflicts(others);
}
