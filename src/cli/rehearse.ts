import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type ProgramRun, runProgram } from "../accounts/readers/fromProgram";
import { type AccountSources, readSources } from "../accounts/readers/readAccounts";
import { writeSnapshotFile } from "../accounts/readers/snapshotFile";
import { hasStackFiles, readStackFiles } from "../accounts/readers/stackFiles";
import { NAMESPACE } from "../config";
import { printable } from "../printable";
import { InvalidInputError, show } from "../problems";
import { describeAccounts } from "../rehearsal/accounts";
import { permissionTable } from "../rehearsal/permissions";
import { renderHtml } from "../rehearsal/html/page";
import { rehearse } from "../rehearsal/rehearse";
import { EXIT_CODES } from "../rehearsal/report";
import { renderText } from "../rehearsal/text";
import { Progress } from "./progress";
import { writeHtml } from "./writeHtml";

/** The set-ups that come with the package. */
const EXAMPLES = join(__dirname, "..", "..", "examples");

interface RehearseOptions extends AccountSources {
  readonly directory: string;
  readonly example?: string;
  readonly writeSnapshot?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** @returns The exit code. */
export async function rehearseCommand(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as RehearseOptions;
  const { snapshot, stacks } = await readAccounts(options);
  for (const warning of stacks.flatMap(({ warnings = [] }) => warnings)) {
    process.stderr.write(`warning: ${printable(warning)}\n`);
  }
  if (options.writeSnapshot !== undefined) writeSnapshotFile(options.writeSnapshot, snapshot);
  const report = rehearse(snapshot);
  const result = {
    ...report,
    accounts: describeAccounts(snapshot, stacks),
    permissions: permissionTable(report),
  };
  if (options.html !== undefined) writeHtml(options.html, renderHtml(result));
  process.stdout.write(
    options.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : renderText(result),
  );
  return EXIT_CODES[report.verdict];
}

async function readAccounts(options: RehearseOptions): Promise<ProgramRun> {
  const sources = new Progress((options.stack?.length ?? 1) + 1);
  try {
    const read = await readSources(options, (stack) => sources.step(`stack ${stack}`));
    if (read !== undefined) return read;
  } finally {
    sources.stop();
  }
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
    .filter((entry) => entry.isDirectory() && hasStackFiles(join(EXAMPLES, entry.name)))
    .map((entry) => entry.name);
  if (!names.includes(name)) {
    throw new InvalidInputError("--example", [`must be one of ${names.join(", ")}, got ${show(name)}`]);
  }
  return directory;
}
