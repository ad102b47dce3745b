import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProgramRun, runProgram } from "../accounts/fromProgram";
import { readStackFiles } from "../accounts/stackFiles";
import { NAMESPACE } from "../config";
import { InvalidInputError, show } from "../problems";
import { describeAccounts } from "../rehearsal/accounts";
import { permissionTable } from "../rehearsal/permissions";
import { rehearse } from "../rehearsal/rehearse";
import { EXIT_CODES } from "../rehearsal/report";
import { renderText } from "../rehearsal/text";
import { Progress } from "./progress";

/** The set-ups that come with the package. */
const EXAMPLES = join(__dirname, "..", "..", "examples");

interface RehearseOptions {
  readonly directory: string;
  readonly example?: string;
  readonly snapshot?: string;
  readonly writeSnapshot?: string;
  readonly json?: boolean;
}

/** @returns The exit code. */
export async function rehearseCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as RehearseOptions;
  const { snapshot, stacks } = await readAccounts(options);
  if (options.writeSnapshot !== undefined) writeSnapshot(options.writeSnapshot, snapshot);
  const report = rehearse(snapshot);
  const result = {
    ...report,
    accounts: describeAccounts(snapshot, stacks),
    permissions: permissionTable(report),
  };
  process.stdout.write(
    options.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : renderText(result),
  );
  return EXIT_CODES[report.verdict];
}

async function readAccounts(options: RehearseOptions): Promise<ProgramRun> {
  const stacks = readStackFiles(
    options.example === undefined ? options.directory : exampleDirectory(options.example),
  );
  const progress = new Progress(stacks.length + 1);
  try {
    const { default: program } = await import("../program");
    progress.step("loading");
    return await runProgram(program, stacks, {
      project: NAMESPACE,
      onStack: (stack) => progress.step(`stack ${stack}`),
    });
  } finally {
    progress.stop();
  }
}

function exampleDirectory(name: string): string {
  const directory = join(EXAMPLES, name);
  const names = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name)))
    .map((entry) => entry.name);
  if (!names.includes(name)) {
    throw new InvalidInputError("--example", [`must be one of ${names.join(", ")}, got ${show(name)}`]);
  }
  return directory;
}

function writeSnapshot(file: string, snapshot: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(snapshot, undefined, 2)}\n`, { flag: "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new InvalidInputError("--write-snapshot", [
      exists
        ? `must be a new file, got ${show(file)}, which exists already and is left as it is`
        : `must be a file that can be written, got ${show(file)}: ${(error as Error).message}`,
    ]);
  }
}
