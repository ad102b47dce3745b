/** Chooses the reader that was asked for. */
import { InvalidInputError } from "../input/problems";
import type { AssemblySource, TemplateSource } from "./cloudformation/templateSources";
import type { ProgramOptions } from "./program/fromProgram";
import { type AccountNames, parseAccountNames } from "./providerAccounts";
import type { ReadAccounts } from "./joinSources";
import type { SourceReading } from "./sourceReading";
import { subjectOf } from "../files/textFile";
import { emptySnapshot, type Snapshot } from "../snapshot/snapshot";
import type { ProgramRun } from "./programRun";

/** Where accounts are read from, besides the stack configurations of the ready-made program. */
export interface AccountSources {
  readonly snapshot?: readonly string[];
  readonly cloudformation?: readonly TemplateSource[];
  readonly cdk?: readonly AssemblySource[];
  readonly state?: readonly string[];
  readonly preview?: readonly string[];
  readonly terraform?: readonly string[];
  readonly terraformDirectory?: readonly string[];
  readonly plan?: readonly string[];
  readonly variable?: readonly string[];
  readonly program?: string;
  readonly stack?: readonly string[];
  readonly account?: readonly string[];
  readonly live?: readonly string[];
}

/**
 * @returns undefined where none of these sources was asked for.
 * @throws InvalidInputError where options do not go together, or for what is wrong in a file.
 */
export async function readSources(
  sources: AccountSources,
  onStack?: ProgramOptions["onStack"],
): Promise<ProgramRun | undefined> {
  const {
    snapshot = [],
    cloudformation = [],
    cdk = [],
    state = [],
    preview = [],
    terraform = [],
    terraformDirectory = [],
    plan = [],
    variable = [],
    program,
    stack = [],
  } = sources;
  const accounts = parseAccountNames(sources.account ?? []);
  const files = [
    ...snapshot,
    ...state,
    ...preview,
    ...terraform,
    ...plan,
    ...cloudformation.map(({ file }) => file),
  ];
  const count = files.length + cdk.length;
  if (stack.length > 0 && program === undefined) {
    throw new InvalidInputError("--stack", [
      "must come with --program, the directory of the stacks' program",
    ]);
  }
  if (sources.account !== undefined && program === undefined && count === snapshot.length) {
    throw new InvalidInputError("--account", [
      "must come with --program, --state, --preview, --terraform, --cloudformation or --cdk",
    ]);
  }
  if (variable.length > 0 && terraformDirectory.length === 0) {
    throw new InvalidInputError("--variable", [
      "must come with --terraform-directory, whose outputs it names",
    ]);
  }
  if (terraformDirectory.length !== plan.length) {
    throw new InvalidInputError("--terraform-directory", [
      "must come with --plan, what 'terraform show -json' prints of the directory's plan, one for each",
    ]);
  }
  if (files.filter((file) => file === "-").length > 1) {
    throw new InvalidInputError("-", ["must stand for the standard input once at most"]);
  }
  if (program !== undefined) {
    const { readOtherProgram } = await import("./program/otherProgram");
    return readOtherProgram(program, stack, accounts, onStack);
  }
  if (count === 0) {
    if (sources.live === undefined) return undefined;
    throw new InvalidInputError("--live", [
      "must come with what is planned: --terraform, --cloudformation, --cdk, --state, --preview or --snapshot; 'doctor' looks at accounts alone",
    ]);
  }
  const ofTerraform = { terraform, terraformDirectory, plan, variable };
  const { live = [] } = sources;
  const together = { snapshot, cloudformation, cdk, state, preview, live, ...ofTerraform };
  return readTogether(together, accounts);
}

type Together = Required<
  Pick<
    AccountSources,
    | "snapshot"
    | "cloudformation"
    | "cdk"
    | "state"
    | "preview"
    | "terraform"
    | "terraformDirectory"
    | "plan"
    | "variable"
    | "live"
  >
>;

/** Sources of any number and kind, joined. */
async function readTogether(sources: Together, accounts: AccountNames): Promise<ProgramRun> {
  const read: ReadAccounts[] = [];
  if (sources.snapshot.length > 0) {
    const { readSnapshotFile } = await import("../snapshot/snapshotFile");
    for (const file of sources.snapshot) {
      read.push({ subject: subjectOf("--snapshot", file), snapshot: await readSnapshotFile(file) });
    }
  }
  const run = await readEngineFiles(sources, accounts);
  const readings = [
    ...(await readTerraformReadings(sources, accounts)),
    ...(await readTemplateReadings(sources, accounts)),
  ];
  const [only] = read;
  // Accounts that are read alone are taken as they are.
  const isAlone = run === undefined && readings.length === 0 && sources.live.length === 0;
  if (only !== undefined && read.length === 1 && isAlone) {
    return { snapshot: only.snapshot, stacks: [] };
  }
  const { applyReadings, joinAccounts } = await import("./joinSources");
  const { resolvedAliasesOf } = await import("../resources/resources");
  const { snapshot, stacks } = run ?? { snapshot: emptySnapshot(), stacks: [] };
  applyReadings(snapshot, readings);
  joinAccounts(snapshot, read);
  const live = await joinLive(sources.live, snapshot);
  const ofReadings = readings.flatMap(({ stacks: own }) =>
    own.map(({ name, resources }) => ({
      name,
      resources: resources.map((resource) => ({ ...resource, inputs: {} })),
      outputs: {},
    })),
  );
  const ofSources = readings.flatMap(({ assumptions: own = [] }) => own);
  const assumptions = [...new Set([...ofSources, ...resolvedAliasesOf(snapshot)])];
  return {
    snapshot,
    stacks: [...stacks, ...ofReadings],
    assumptions: [...assumptions, ...live.assumptions],
    warnings: live.warnings,
  };
}

/** Adds what is there on AWS to what the other sources say. */
async function joinLive(
  given: readonly string[],
  snapshot: Snapshot,
): Promise<{ readonly warnings: readonly string[]; readonly assumptions: readonly string[] }> {
  if (given.length === 0) return { warnings: [], assumptions: [] };
  const { parseLive, readLive } = await import("./aws/live");
  const { joinAccounts } = await import("./joinSources");
  const accesses = parseLive(given);
  const { snapshot: there, warnings, assumptions } = await readLive(accesses, snapshot);
  joinAccounts(snapshot, [{ subject: `--live ${given.join(" ")}`, snapshot: there }]);
  return { warnings, assumptions };
}

async function readEngineFiles(
  { state, preview }: Together,
  accounts: AccountNames,
): Promise<ProgramRun | undefined> {
  if (state.length + preview.length === 0) return undefined;
  const { readStateFile } = await import("./engine/fromState");
  const { readPreviewFile } = await import("./engine/fromPreview");
  const { snapshotOfStacks } = await import("./engine/fromStacks");
  const files = [];
  for (const file of state) files.push(await readStateFile(file));
  for (const file of preview) files.push(await readPreviewFile(file));
  return snapshotOfStacks(files, accounts);
}

async function readTerraformReadings(
  { terraform, terraformDirectory, plan, variable }: Together,
  accounts: AccountNames,
): Promise<SourceReading[]> {
  if (terraform.length + plan.length === 0) return [];
  const { readTerraformFile } = await import("./terraform/terraformFile");
  const { readTerraform } = await import("./terraform/fromTerraform");
  const files = [];
  for (const file of terraform) files.push(await readTerraformFile(file));
  if (terraformDirectory.length > 0) {
    const { completeRoots } = await import("./terraform/linkedRoots");
    const roots = [];
    for (const [index, directory] of terraformDirectory.entries()) {
      roots.push({ directory, plan: await readTerraformFile(plan[index] ?? "", "--plan") });
    }
    files.push(...(await completeRoots(roots, variable, accounts)));
  }
  return readTerraform(files, accounts);
}

async function readTemplateReadings(
  { cloudformation, cdk }: Together,
  accounts: AccountNames,
): Promise<SourceReading[]> {
  if (cloudformation.length + cdk.length === 0) return [];
  const { readTemplates } = await import("./cloudformation/fromTemplates");
  const { readTemplateSources } = await import("./cloudformation/templateSources");
  const { readAssembly } = await import("./cloudformation/cdkAssembly");
  const stacks = await readTemplateSources(cloudformation);
  for (const assembly of cdk) stacks.push(...(await readAssembly(assembly, accounts)));
  return readTemplates(stacks);
}
