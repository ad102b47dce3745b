/** The list of sources: what the option of each is given, how it goes with others, and what reads it. */
import type { AssemblySource, TemplateSource } from "./cloudformation/templateSources";
import type { ReadAccounts } from "./joinSources";
import type { ProgramOptions } from "./program/fromProgram";
import type { ProgramRun } from "./programRun";
import type { AccountNames } from "./providerAccounts";
import type { SourceReading } from "./sourceReading";
import { subjectOf } from "../files/textFile";

/** Options that name a source, with what they are given. */
interface SourceOptions {
  readonly terraform: readonly string[];
  readonly terraformDirectory: readonly string[];
  readonly cloudformation: readonly TemplateSource[];
  readonly cdk: readonly AssemblySource[];
  readonly state: readonly string[];
  readonly preview: readonly string[];
  readonly snapshot: readonly string[];
  readonly program: string;
}

/** Options that say more of a source, or of all of them. */
interface FurtherOptions {
  /** One for each `--terraform-directory`. */
  readonly plan: readonly string[];
  readonly variable: readonly string[];
  readonly stack: readonly string[];
  readonly account: readonly string[];
  readonly live: readonly string[];
}

export type SourceName = keyof SourceOptions;

/** Where accounts are read from, besides the stack configurations of the ready-made program. */
export type AccountSources = Partial<SourceOptions & FurtherOptions>;

/** What a reader makes of its sources: some of these. */
export interface ReadResult {
  readonly readings?: readonly SourceReading[];
  /** What stacks of Pulumi register. */
  readonly run?: ProgramRun;
  /** Accounts that are described already. */
  readonly accounts?: readonly ReadAccounts[];
}

/** Reads what is given of all the sources that name it, together. */
type Reader = (
  given: AccountSources,
  accounts: AccountNames,
  onStack?: ProgramOptions["onStack"],
) => Promise<ReadResult>;

type One<Values> = Values extends readonly (infer Value)[] ? Value : Values;

interface Source<Value> {
  readonly read: Reader;
  /** Whether no other source can stand beside it. All others are joined. */
  readonly isAlone: boolean;
  /** Whether `--account` says of it what it leaves open. */
  readonly takesAccount: boolean;
  /** Whether what it holds is there on AWS, and not only planned. */
  readonly isDeployed: boolean;
  /** The file or directory that a value names. */
  readonly pathOf: (value: Value) => string;
}

type Sources = { readonly [Name in SourceName]: Source<One<SourceOptions[Name]>> };

const PLANNED = { isAlone: false, takesAccount: true, isDeployed: false };
const itself = (path: string) => path;

/** In the order in which they are read. Where two plan the same, the later one counts. */
export const SOURCES: Sources = {
  terraform: { ...PLANNED, read: readTerraformFiles, pathOf: itself },
  terraformDirectory: { ...PLANNED, read: readTerraformFiles, pathOf: itself },
  cloudformation: { ...PLANNED, read: readCloudFormation, pathOf: ({ file }) => file },
  cdk: { ...PLANNED, read: readCloudFormation, pathOf: ({ directory }) => directory },
  state: { ...PLANNED, read: readEngineFiles, isDeployed: true, pathOf: itself },
  preview: { ...PLANNED, read: readEngineFiles, pathOf: itself },
  snapshot: { ...PLANNED, read: readSnapshots, takesAccount: false, isDeployed: true, pathOf: itself },
  program: { ...PLANNED, read: readProgram, isAlone: true, pathOf: itself },
};

export const SOURCE_NAMES = Object.keys(SOURCES) as readonly SourceName[];

/** An option as it stands on the command line: `--terraform-directory`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The sources that options name, in the table's order. */
export function namedIn(options: AccountSources): SourceName[] {
  return SOURCE_NAMES.filter((name) => options[name] !== undefined);
}

/** The files and directories that options name, in the table's order. */
export function pathsIn(options: AccountSources): string[] {
  const paths = <Name extends SourceName>(name: Name) => {
    const { pathOf } = SOURCES[name] as Source<unknown>;
    return [options[name] ?? []].flat().map(pathOf);
  };
  return SOURCE_NAMES.flatMap(paths);
}

async function readTerraformFiles(
  { terraform = [], terraformDirectory = [], plan = [], variable = [] }: AccountSources,
  accounts: AccountNames,
): Promise<ReadResult> {
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
  return { readings: readTerraform(files, accounts) };
}

async function readCloudFormation(
  { cloudformation = [], cdk = [] }: AccountSources,
  accounts: AccountNames,
): Promise<ReadResult> {
  const { readTemplates } = await import("./cloudformation/fromTemplates");
  const { readTemplateSources } = await import("./cloudformation/templateSources");
  const { readAssembly } = await import("./cloudformation/cdkAssembly");
  const stacks = await readTemplateSources(cloudformation);
  for (const assembly of cdk) stacks.push(...(await readAssembly(assembly, accounts)));
  return { readings: readTemplates(stacks) };
}

async function readEngineFiles(
  { state = [], preview = [] }: AccountSources,
  accounts: AccountNames,
): Promise<ReadResult> {
  const { readStateFile } = await import("./engine/fromState");
  const { readPreviewFile } = await import("./engine/fromPreview");
  const { snapshotOfStacks } = await import("./engine/fromStacks");
  const files = [];
  for (const file of state) files.push(await readStateFile(file));
  for (const file of preview) files.push(await readPreviewFile(file));
  return { run: snapshotOfStacks(files, accounts) };
}

async function readSnapshots({ snapshot = [] }: AccountSources): Promise<ReadResult> {
  const { readSnapshotFile } = await import("../snapshot/snapshotFile");
  const accounts: ReadAccounts[] = [];
  for (const file of snapshot) {
    accounts.push({ subject: subjectOf("--snapshot", file), snapshot: await readSnapshotFile(file) });
  }
  return { accounts };
}

async function readProgram(
  { program = "", stack = [] }: AccountSources,
  accounts: AccountNames,
  onStack?: ProgramOptions["onStack"],
): Promise<ReadResult> {
  const { readOtherProgram } = await import("./program/otherProgram");
  return { run: await readOtherProgram(program, stack, accounts, onStack) };
}
