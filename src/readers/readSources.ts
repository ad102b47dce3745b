/** Reads the sources that options name, and joins them to one set of accounts. */
import { InvalidInputError } from "../input/problems";
import { STDIN } from "../files/textFile";
import { emptySnapshot, type Snapshot } from "../snapshot/snapshot";
import type { ProgramOptions } from "./program/fromProgram";
import type { ProgramRun } from "./programRun";
import { parseAccountNames } from "./providerAccounts";
import {
  type AccountSources,
  flagOf,
  namedIn,
  pathsIn,
  type ReadResult,
  SOURCE_NAMES,
  type SourceName,
  SOURCES,
} from "./sources";

/**
 * @returns undefined where none of these sources was asked for.
 * @throws InvalidInputError where options do not go together, or for what is wrong in a file.
 */
export async function readSources(
  options: AccountSources,
  onStack?: ProgramOptions["onStack"],
): Promise<ProgramRun | undefined> {
  const accounts = parseAccountNames(options.account ?? []);
  checkTogether(options);
  const sources = namedIn(options).map((name) => SOURCES[name]);
  if (sources.length === 0) return undefined;
  const read: ReadResult[] = [];
  for (const reader of new Set(sources.map((source) => source.read))) {
    read.push(await reader(options, accounts, onStack));
  }
  return sources.some(({ isAlone }) => isAlone) ? read[0]?.run : join(read, options.live ?? []);
}

/** @throws InvalidInputError */
function checkTogether(options: AccountSources): void {
  const { plan = [], terraformDirectory = [], variable = [] } = options;
  const named = namedIn(options);
  const refuse = (option: string, problem: string) => {
    throw new InvalidInputError(option, [problem]);
  };
  if (options.stack !== undefined && options.program === undefined) {
    refuse("--stack", "must come with --program, the directory of the stacks' program");
  }
  if (terraformDirectory.length !== plan.length) {
    refuse(
      "--terraform-directory",
      "must come with --plan, what 'terraform show -json' prints of the directory's plan, one for each",
    );
  }
  if (options.account !== undefined && !named.some((name) => SOURCES[name].takesAccount)) {
    refuse("--account", `must come with ${oneOf((name) => SOURCES[name].takesAccount)}`);
  }
  if (variable.length > 0 && terraformDirectory.length === 0) {
    refuse("--variable", "must come with --terraform-directory, whose outputs it names");
  }
  if ([...pathsIn(options), ...plan].filter((path) => path === STDIN).length > 1) {
    refuse("-", "must stand for the standard input once at most");
  }
  if (options.live !== undefined && named.length === 0) {
    const planned = oneOf((name) => !SOURCES[name].isAlone);
    refuse("--live", `must come with what is planned: ${planned}; 'doctor' looks at accounts alone`);
  }
}

/** Options of the table that something holds for: `--state, --preview or --snapshot`. */
function oneOf(holds: (name: SourceName) => boolean): string {
  const flags = SOURCE_NAMES.filter(holds).map(flagOf);
  return `${flags.slice(0, -1).join(", ")} or ${flags.at(-1)}`;
}

/** Sources of any number and kind, joined. */
async function join(results: readonly ReadResult[], given: readonly string[]): Promise<ProgramRun> {
  const read = results.flatMap(({ accounts = [] }) => accounts);
  const readings = results.flatMap(({ readings: own = [] }) => own);
  const run = results.find((result) => result.run !== undefined)?.run;
  const [only] = read;
  // Accounts that are read alone are taken as they are.
  const isAlone = run === undefined && readings.length === 0 && given.length === 0;
  if (only !== undefined && read.length === 1 && isAlone) {
    return { snapshot: only.snapshot, stacks: [] };
  }
  const { applyReadings, joinAccounts } = await import("./joinSources");
  const { resolvedAliasesOf } = await import("../resources/resources");
  const { snapshot, stacks } = run ?? { snapshot: emptySnapshot(), stacks: [] };
  applyReadings(snapshot, readings);
  joinAccounts(snapshot, read);
  const live = await joinLive(given, snapshot);
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
  const { parseLive, readLive } = await import("./liveAccount/live");
  const { joinAccounts } = await import("./joinSources");
  const accesses = parseLive(given);
  const { snapshot: there, warnings, assumptions } = await readLive(accesses, snapshot);
  joinAccounts(snapshot, [{ subject: `--live ${given.join(" ")}`, snapshot: there }]);
  return { warnings, assumptions };
}
